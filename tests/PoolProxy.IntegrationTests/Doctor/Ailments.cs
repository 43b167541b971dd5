using PoolProxy.Core.Doctor;

namespace PoolProxy.IntegrationTests.Doctor;

/// <summary>Every way to break the demo's database that the doctor has to name and to repair by SQL.</summary>
internal static class Ailments
{
    private const FindingLevel Fault = FindingLevel.Fault;
    private const FindingLevel Warning = FindingLevel.Warning;

    public static readonly Ailment[] All =
    [
        // The login's attributes.
        new("superuser", ["alter role pp_app_read superuser"], Fault, "is a superuser"),
        new("createrole", ["alter role pp_app_read createrole"], Fault, "has CREATEROLE"),
        new("createdb", ["alter role pp_app_read createdb"], Warning, "has CREATEDB"),
        new("replication", ["alter role pp_app_read replication"], Fault, "has REPLICATION"),
        new("bypassrls", ["alter role pp_app_read bypassrls"], Fault, "has BYPASSRLS"),
        new("inherit", ["alter role pp_app_read inherit"], Fault, "is INHERIT") { Majors = (15, 15) },
        new("inherit for memberships to come", ["alter role pp_app_read inherit"], Warning, "is INHERIT") { Majors = (16, int.MaxValue) },
        new("expired", ["alter role pp_app_read valid until '2020-01-01'"], Fault, "has expired: VALID UNTIL 2020"),

        // Who can come in.
        new("nologin", ["alter role pp_app_read nologin"], Fault, "login \"pp_app_read\" is NOLOGIN"),
        new("no login", ["alter role pp_app_read rename to gone"], Fault, "login \"pp_app_read\" does not exist") { CleanUp = ["drop owned by gone", "drop role gone"] },
        new("no connect", ["revoke connect on database app from pp_app_read"], Fault, "may not connect to database \"app\""),
        new("no role", ["alter role app_read rename to gone"], Fault, "role \"app_read\" does not exist")
        {
            CleanUp = ["drop role app_read", "alter role gone rename to app_read", "grant app_read to pp_app_read{options}"],
        },
        new("a role that can log in", ["alter role app_read login"], Warning, "role \"app_read\" can log in"),

        // Memberships.
        new("no membership", ["revoke app_read from pp_app_read"], Fault, "is not a member of role \"app_read\""),
        new("a membership too many", ["create role \"Other \"\"one\"", "grant \"Other \"\"one\" to pp_app_read"], Fault, "which it does not serve") { CleanUp = ["drop role \"Other \"\"one\""] },
        new("server files", ["grant pg_write_server_files to pp_app_read"], Fault, "is a member of \"pg_write_server_files\""),
        new("admin option", ["grant app_read to pp_app_read with admin option"], Fault, "WITH ADMIN OPTION"),
        new("membership that inherits", ["grant app_read to pp_app_read with inherit true"], Fault, "WITH INHERIT TRUE") { Majors = (16, int.MaxValue) },
        new("membership that cannot set", ["grant app_read to pp_app_read with set false"], Fault, "WITH SET FALSE") { Majors = (16, int.MaxValue) },
        new("a second grant by another",
            ["create role boss", "grant app_read to boss with admin option", "grant app_read to pp_app_read with inherit true granted by boss"], Fault, "WITH INHERIT TRUE")
        {
            Majors = (16, int.MaxValue),
            CleanUp = ["revoke app_read from boss cascade", "drop role boss"],
        },
        new("a foreign grant by another",
            ["create role boss", "create role other", "grant other to boss with admin option", "grant other to pp_app_read granted by boss"], Fault, "which it does not serve")
        {
            Majors = (16, int.MaxValue),
            CleanUp = ["drop role other", "drop role boss"],
        },

        // What the role can do that nobody should.
        new("a role that is superuser", ["alter role app_read superuser"], Fault, "role \"app_read\" is SUPERUSER"),
        new("a role with createrole", ["alter role app_read createrole"], Fault, "role \"app_read\" is CREATEROLE"),
        new("a role that runs programs", ["grant pg_execute_server_program to app_read"], Fault, "role \"app_read\" is member of pg_execute_server_program"),
        new("a role above the policies", ["alter role app_read bypassrls"], Warning, "role \"app_read\" has BYPASSRLS"),
        new("a role that owns its table", ["alter table documents owner to app_read"], Warning, "whose policies do not hold for their owner")
        {
            CleanUp = ["alter table documents no force row level security", "alter table documents owner to postgres", "grant select on documents to app_read"],
        },

        // What the login has of its own.
        new("owned objects",
            ["create schema \"Own\" authorization pp_app_read", "create table \"Own\".t (id int)", "alter table \"Own\".t owner to pp_app_read"], Fault, "owns 2 object(s)")
        {
            CleanUp = ["drop schema \"Own\" cascade"],
        },
        new("an owned database", ["alter database app owner to pp_app_read"], Fault, "owns 1 object(s)") { CleanUp = ["grant connect on database app to pp_app_read"] },
        new("a table", ["grant select on documents to pp_app_read"], Fault, "table public.documents"),
        new("a column", ["grant select (title) on documents to pp_app_read with grant option"], Fault, "table public.documents"),
        new("a sequence", ["grant usage on sequence documents_id_seq to pp_app_read"], Fault, "sequence public.documents_id_seq"),
        new("a schema", ["grant usage, create on schema public to pp_app_read"], Fault, "schema public"),
        new("a function", ["create function f(int, text) returns int language sql return 1", "grant execute on function f(int, text) to pp_app_read"], Fault, "function public.f(integer,pg_catalog.text)")
        {
            CleanUp = ["drop function f(int, text)"],
        },
        new("a type, a language, a large object",
            ["create domain d as int", "grant usage on domain d to pp_app_read", "grant usage on language sql to pp_app_read", "select lo_create(4711)", "grant select on large object 4711 to pp_app_read"],
            Fault, "large object 4711")
        {
            CleanUp = ["drop domain d", "select lo_unlink(4711)"],
        },
        new("a parameter", ["grant set on parameter log_statement to pp_app_read"], Fault, "parameter"),
        new("the database", ["grant create, temporary on database app to pp_app_read"], Fault, "CREATE on database app"),
        new("connect to give away", ["grant connect on database app to pp_app_read with grant option"], Fault, "GRANT OPTION FOR CONNECT on database app"),
        new("default privileges", ["alter default privileges in schema public grant select on tables to pp_app_read", "alter default privileges grant execute on routines to pp_app_read"], Fault, "default privileges of postgres"),

        // Settings.
        new("a setting of the login", ["alter role pp_app_read set statement_timeout = 1"], Fault, "setting statement_timeout was given to login"),
        new("settings of the login", ["alter role pp_app_read set search_path = 'evil'", "alter role pp_app_read in database app set app.tenant = 'x'"], Fault, "setting app.tenant was given to login"),
        new("a setting of the role", ["alter role app_read set work_mem = '8MB'"], Warning, "setting work_mem was given to role \"app_read\""),

        // What the database gives away.
        new("terminate", ["grant execute on function pg_terminate_backend(int, bigint) to public"], Fault, "everybody may call pg_terminate_backend(integer,bigint)"),
        new("cancel", ["grant execute on function pg_cancel_backend(int) to public"], Fault, "everybody may call pg_cancel_backend(integer)"),
        new("dblink", ["create extension dblink schema public"], Fault, "dblink is installed") { CleanUp = ["drop extension dblink"] },
        new("dblink for the role", ["create schema \"X\"", "create extension dblink schema \"X\"", "grant execute on all functions in schema \"X\" to app_read"], Fault, "dblink is installed")
        {
            CleanUp = ["drop schema \"X\" cascade"],
        },
        new("a language with variables", ["create trusted language plmem handler plpgsql_call_handler"], Warning, "in the language plmem") { CleanUp = ["drop language plmem"] },
        new("a schema for everybody", ["grant create on schema public to public"], Warning, "everybody may create objects in schema public"),

        // The server.
        new("prepared transactions", ["alter system set max_prepared_transactions = 3"], Fault, "max_prepared_transactions is not 0") { Takes = "restart" },
        new("statement statistics", ["alter system set shared_preload_libraries = 'pg_stat_statements'"], Warning, "pg_stat_statements.track_utility is on")
        {
            Majors = (15, 17),
            Takes = "restart",
            CleanUp = ["alter system reset shared_preload_libraries"],
        },
        new("every statement logged", ["alter system set log_statement = 'all'"], Warning, "log_statement is all") { Takes = "reload" },
        new("every duration logged", ["alter system set log_min_duration_statement = 0"], Warning, "log_min_duration_statement is 0") { Takes = "reload" },
    ];
}
