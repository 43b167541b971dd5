-- The other half of identity_key: functions that tell SQL who is behind a transaction, by the proxy's signature and not by a setting that
-- any client can overwrite. Run it as a superuser in each database that has an identity_key, then give it the key, once:
--     set log_statement = 'none'; select poolproxy.add_key('what identity_key says');
-- Running it again changes nothing and keeps the keys.

-- Owns all of it and nothing else. pg_stat_activity shows when a session began only to the session's login and to who may read all statistics;
-- the functions run as this role, for whatever role a client has.
do $$
begin
    if not exists (select from pg_roles where rolname = 'poolproxy_identity') then
        create role poolproxy_identity nologin;
    end if;
exception when duplicate_object or unique_violation then
    null; -- another database of the cluster is being prepared at this moment
end
$$;
do $$
begin
    if not pg_has_role('poolproxy_identity', 'pg_read_all_stats', 'usage') then
        grant pg_read_all_stats to poolproxy_identity;
    end if;
exception when unique_violation or internal_error then
    null; -- as above
end
$$;

create schema if not exists poolproxy authorization poolproxy_identity;
grant usage on schema poolproxy to public;

-- The keys, as what HMAC makes of them (RFC 2104): both pads, 64 bytes each. No role but the owner may read them; row security without a policy
-- keeps them from members of pg_read_all_data too.
create table if not exists poolproxy.keys (
    id        text primary key,
    inner_pad bytea not null,
    outer_pad bytea not null,
    added_at  timestamptz not null default now()
);
alter table poolproxy.keys owner to poolproxy_identity;
alter table poolproxy.keys enable row level security;
revoke all on poolproxy.keys from public;

-- Adds a key and answers its id. To change keys: add the new one, put it into pool.toml, RELOAD, and a minute later
-- delete from poolproxy.keys where id = 'the old one'.
create or replace function poolproxy.add_key(secret text) returns text
    language plpgsql set search_path = pg_catalog, pg_temp
    as $$
declare
    key       bytea := sha256(convert_to(secret, 'UTF8'));
    key_id    text := encode(substr(sha256(key), 1, 8), 'hex');
    inner_pad bytea := decode(repeat('36', 64), 'hex');
    outer_pad bytea := decode(repeat('5c', 64), 'hex');
begin
    if length(secret) < 32 then
        raise exception 'the key is too short: 32 characters at least' using hint = 'openssl rand -hex 32 makes one.';
    end if;
    for i in 0 .. 31 loop
        inner_pad := set_byte(inner_pad, i, get_byte(inner_pad, i) # get_byte(key, i));
        outer_pad := set_byte(outer_pad, i, get_byte(outer_pad, i) # get_byte(key, i));
    end loop;
    insert into poolproxy.keys values (key_id, inner_pad, outer_pad) on conflict do nothing;
    return key_id;
end
$$;
revoke all on function poolproxy.add_key(text) from public;

-- What the proxy has signed for this session: {"claims": {...}, "iss": "...", "sub": "..."}. NULL for anything else: nothing set, not of
-- that form, another key, another session, database or login, or too old when the transaction began.
-- The form: v1 KEYID EXPIRES MAC PAYLOAD. It says nothing of the session itself: what the signature must cover is asked here.
-- The pads are never a variable: what a client may make the server print of plans (debug_print_plan) does not hold them.
create or replace function poolproxy.identity() returns jsonb
    language plpgsql stable security definer parallel restricted set search_path = pg_catalog, pg_temp
    as $$
declare
    value   text := current_setting('poolproxy.identity', true);
    brace   int := coalesce(strpos(value, '{'), 0);
    header  text := left(value, brace - 1);
    signed  bytea;
begin
    if brace not between 88 and 128 or header !~ '^v1 [0-9a-f]{16} [0-9]{1,18} [0-9a-f]{64} $' then
        return null;
    end if;
    -- By the transaction's start, so that who is let in stays who he is to the end of a long transaction.
    if split_part(header, ' ', 3)::int8 < extract(epoch from transaction_timestamp()) * 1000000 then
        return null;
    end if;
    select convert_to(
            'v1 ' || split_part(header, ' ', 2) || ' ' || split_part(header, ' ', 3) || ' '
            || a.pid::text || ' ' || (extract(epoch from a.backend_start) * 1000000)::int8::text || ' '
            || octet_length(convert_to(current_database(), 'UTF8'))::text || ':' || current_database() || ' '
            || octet_length(convert_to(session_user, 'UTF8'))::text || ':' || session_user || ' '
            || substr(value, brace), 'UTF8')
        into signed
        from pg_stat_get_activity(pg_backend_pid()) a;
    -- Both sides are hashed once more: how long a comparison takes then tells nothing about how much was right.
    if exists (
        select from poolproxy.keys k
        where k.id = split_part(header, ' ', 2)
            and sha256(k.outer_pad || decode(split_part(header, ' ', 4), 'hex'))
                = sha256(k.outer_pad || sha256(k.outer_pad || sha256(k.inner_pad || signed)))
    ) then
        return substr(value, brace)::jsonb;
    end if;
    return null;
end
$$;
alter function poolproxy.identity() owner to poolproxy_identity;

-- The exposed claims, or one of them as text; who it is, and whose token said so. In policies write (select poolproxy.subject()): a sub-select
-- is evaluated once for a statement, a bare call once for a row, and a call takes some 50 microseconds.
create or replace function poolproxy.claims() returns jsonb language sql stable parallel restricted
    return poolproxy.identity() operator(pg_catalog.->) 'claims'::pg_catalog.text;
create or replace function poolproxy.claim(name text) returns text language sql stable parallel restricted
    return poolproxy.identity() operator(pg_catalog.->) 'claims'::pg_catalog.text operator(pg_catalog.->>) name;
create or replace function poolproxy.subject() returns text language sql stable parallel restricted
    return poolproxy.identity() operator(pg_catalog.->>) 'sub'::pg_catalog.text;
create or replace function poolproxy.issuer() returns text language sql stable parallel restricted
    return poolproxy.identity() operator(pg_catalog.->>) 'iss'::pg_catalog.text;
