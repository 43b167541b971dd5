-- What PoolProxy needs in a database, as an example to adapt: one role, the login that serves it, and a table whose rows belong to
-- people. Run it as a superuser in the database in question (here: app). `poolproxy doctor pool.toml` checks that
-- an installation is as safe as this one, and prints the SQL for what is not.

-- The role that transactions run as. The rules of pool.toml map tokens to it: role = "app_read".
create role app_read nologin;

-- The login that serves this role, and no other: [databases.app.logins.app_read] user = "pp_app_read". Many people share it.
-- NOINHERIT: a client that goes back to the login by SET ROLE NONE has no rights on tables.
-- It has no password: pg_hba.conf admits it by certificate, and from the proxy's address only, because a login can change its own password:
--     hostssl app pp_app_read 192.0.2.10/32 cert
create role pp_app_read login noinherit;

-- From 16 on inheritance belongs to the membership, and a login that is NOINHERIT would inherit all the same.
do $$
begin
    if current_setting('server_version_num')::int >= 160000 then
        execute 'grant app_read to pp_app_read with inherit false, set true';
    else
        grant app_read to pp_app_read;
    end if;
end
$$;

-- Everyone on a shared login has the login's right to end its other sessions; nobody needs it here.
revoke execute on function pg_terminate_backend(integer, bigint) from public;
revoke execute on function pg_cancel_backend(integer) from public;

-- The database and its schema.
do $$
begin
    execute format('revoke all on database %I from public', current_database());
    execute format('grant connect on database %I to pp_app_read', current_database());
end
$$;
revoke all on schema public from public;
grant usage on schema public to app_read;

-- A table whose rows belong to people.
create table documents (
    id    bigint generated always as identity primary key,
    owner text not null,
    title text not null
);
grant select on documents to app_read;
alter table documents enable row level security;

-- The person comes in request.jwt.claims. After a reset the setting is '' and not null, so nullif: no claims, no rows.
-- In a sub-select it is evaluated once for a statement and not once for a row.
create policy documents_of_their_owner on documents for select to app_read
    using (owner = (select nullif(current_setting('request.jwt.claims', true), '')::json ->> 'sub'));
