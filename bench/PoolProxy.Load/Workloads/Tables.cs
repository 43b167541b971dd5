namespace PoolProxy.Load.Workloads;

/// <summary>The tables and roles of all workloads. The tables are pgbench's, with more branches, so that its transactions do not queue for one row.</summary>
internal static class Tables
{
    /// <summary>Accounts are numbered from 1 to this.</summary>
    public const int Accounts = 100_000;

    /// <summary>Branches, from 1.</summary>
    public const int Branches = 100;

    /// <summary>Tellers, from 1.</summary>
    public const int Tellers = 1000;

    /// <summary>Rows of the table that is read whole.</summary>
    public const int SmallRows = 10_000;

    /// <summary>For a superuser in an empty database.</summary>
    public static string Sql { get; } = $"""
        create role bench login;
        create role bench_reader nologin;
        create role bench_reader_login login noinherit;
        create role bench_authenticator login noinherit;
        do $$
        begin
            if current_setting('server_version_num')::int >= 160000 then
                execute 'grant bench_reader to bench_reader_login, bench_authenticator with inherit false, set true';
            else
                grant bench_reader to bench_reader_login, bench_authenticator;
            end if;
        end
        $$;
        revoke execute on function pg_terminate_backend(integer, bigint) from public;
        revoke execute on function pg_cancel_backend(integer) from public;
        revoke all on schema public from public;
        grant usage on schema public to bench, bench_reader;

        create table pgbench_accounts (aid int primary key, bid int, abalance int not null default 0, filler char(84)) with (fillfactor = 50);
        create table pgbench_branches (bid int primary key, bbalance int not null default 0, filler char(88)) with (fillfactor = 10);
        create table pgbench_tellers (tid int primary key, bid int, tbalance int not null default 0, filler char(84)) with (fillfactor = 10);
        create table pgbench_history (tid int, bid int, aid int, delta int, mtime timestamp, filler char(22));
        create table small_rows (id int primary key, label text not null);
        create table copied (id int, label text);
        insert into pgbench_accounts select id, id % {Branches} + 1, id % 1000, '' from generate_series(1, {Accounts}) id;
        insert into pgbench_branches select id, 0, '' from generate_series(1, {Branches}) id;
        insert into pgbench_tellers select id, id % {Branches} + 1, 0, '' from generate_series(1, {Tellers}) id;
        insert into small_rows select id, 'row number ' || id from generate_series(1, {SmallRows}) id;
        grant select, insert, update, delete on all tables in schema public to bench;
        grant select on all tables in schema public to bench_reader;
        """;
}
