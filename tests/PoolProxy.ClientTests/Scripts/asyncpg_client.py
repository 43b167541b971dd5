"""asyncpg against the target: named statements for everything, binary values, cursors, COPY, cancel by a cancelled task, its pool's reset."""
import asyncio
import datetime
import decimal
import io
import ssl
import uuid

import asyncpg

from steps import AUTHORITY, DATABASE, HOST, LARGE, LARGE_ROWS, NAP, NAPS, PASSWORD, PORT, ROUNDS, TITLES, USER, check, done, ok

TLS = ssl.create_default_context(cafile=AUTHORITY) if AUTHORITY else False
WHERE = {"host": HOST, "port": PORT, "user": USER, "password": PASSWORD, "database": DATABASE, "ssl": TLS}


async def crud(conn):
    await conn.execute("drop table if exists item; create table item (id int primary key, name text, raw bytea)")
    await conn.executemany("insert into item values ($1, $2, $3)", [(i, f"näme {i}", bytes(range(256))) for i in range(100)])
    check(await conn.execute("update item set name = $1 where id < $2", "new", 10), "UPDATE 10", "updated")
    check(await conn.execute("delete from item where id >= 90"), "DELETE 10", "deleted")
    check(tuple(await conn.fetchrow("select name, raw from item where id = $1", 3)), ("new", bytes(range(256))), "read")
    ok("crud")


async def transactions(conn):
    transaction = conn.transaction()
    await transaction.start()
    await conn.execute("delete from item")
    await transaction.rollback()
    check(await conn.fetchval("select count(*) from item"), 90, "after rollback")
    ok("rollback")

    async with conn.transaction():
        await conn.execute("insert into item (id) values (1000)")
        try:
            async with conn.transaction():
                await conn.execute("insert into item (id) values ($1)", 1000)
        except asyncpg.UniqueViolationError:
            pass
        await conn.execute("insert into item (id) values (1002)")
    check([row[0] for row in await conn.fetch("select id from item where id >= 1000 order by 1")], [1000, 1002], "after savepoint")
    ok("savepoint")

    transaction = conn.transaction()
    await transaction.start()
    for query, expected in [("select 1/0", asyncpg.DivisionByZeroError), ("select 1", asyncpg.InFailedSQLTransactionError)]:
        try:
            await conn.fetchval(query)
            check("no error", "an error", query)
        except expected:
            pass
    await transaction.rollback()
    check(await conn.fetchval("select 7"), 7, "after an error")
    ok("error_in_transaction")


async def prepared(conn, other):
    statement = await conn.prepare("select name, $1::int + 1 from item where id = $2")
    check([parameter.name for parameter in statement.get_parameters()], ["int4", "int4"], "parameter types")
    for i in range(8):
        if i % 2:
            await other.execute("begin; select 1")
        check(tuple(await statement.fetchrow(i, 1)), ("new", i + 1), "prepared")
        async with conn.transaction(readonly=True):
            check(tuple(await statement.fetchrow(i, 2)), ("new", i + 1), "prepared, in a transaction")
        if i % 2:
            await other.execute("commit")
    ok("prepared_across_transactions")

    # More statements than its cache holds: it closes the oldest ones.
    small = await asyncpg.connect(**WHERE, statement_cache_size=3)
    for round_number in range(3):
        for i in range(8):
            check(await small.fetchval(f"select $1::int + {i}", round_number), round_number + i, "evicted")
    await small.close()
    ok("statements_evicted")


async def binary(conn):
    values = [2**40, 0.1, b"\x00\xff", "üñ", uuid.UUID(int=5), decimal.Decimal("12345678901234567890.000001"),
              datetime.datetime(2024, 2, 29, 12, 34, 56, 789012), [1, None, 3], True]
    row = await conn.fetchrow("select $1::int8, $2::float8, $3::bytea, $4::text, $5::uuid, $6::numeric, $7::timestamp, $8::int[], $9::bool", *values)
    check(list(row), values, "binary")
    ok("binary")


async def composite(conn):
    # An unknown type makes the driver ask the catalogue, with statements of its own.
    await conn.execute("drop type if exists pair; create type pair as (a int, b text)")
    check(tuple(await conn.fetchval("select row(1, 'x')::pair")), (1, "x"), "composite")
    ok("type_lookup")


async def large(conn):
    rows = await conn.fetch(LARGE)
    check((len(rows), sum(len(row[1]) for row in rows)), (LARGE_ROWS, LARGE_ROWS * 1000), "large")
    async with conn.transaction():
        count = 0
        async for _ in conn.cursor(LARGE, prefetch=500):
            count += 1
        check(count, LARGE_ROWS, "through a portal")
    ok("large_result")


async def copy(conn):
    await conn.execute("drop table if exists copied; create table copied (id int, name text)")
    check(await conn.copy_records_to_table("copied", records=[(i, f"line\t{i}") for i in range(30000)]), "COPY 30000", "copied in")
    check(await conn.fetchval("select sum(id) from copied"), sum(range(30000)), "sum")
    ok("copy_in")
    out = io.BytesIO()
    check(await conn.copy_from_query("select * from copied where id < $1", 20000, output=out), "COPY 20000", "copied out")
    check(out.getvalue().count(b"\n"), 20000, "lines")
    ok("copy_out")
    try:
        await conn.copy_to_table("copied", source=io.BytesIO(b"1\tgood\nno number\tbad\n"))
        check("no error", "an error", "bad COPY")
    except asyncpg.InvalidTextRepresentationError:
        pass
    check(await conn.fetchval("select count(*) from copied"), 30000, "after a failed COPY")
    ok("copy_failed")


async def cancel(conn, other):
    nap = asyncio.ensure_future(conn.execute(NAP))
    while await other.fetchval(NAPS) != 1:
        await asyncio.sleep(0.01)
    nap.cancel()
    try:
        await nap
        check("woke", "cancelled", "nap")
    except asyncio.CancelledError:
        pass
    check(await conn.fetchval("select 5"), 5, "after a cancel")
    check(await other.fetchval(NAPS), 0, "naps left")
    ok("cancel")


async def pool():
    # Between borrowers the pool resets: pg_advisory_unlock_all, CLOSE ALL, UNLISTEN *, RESET ALL.
    async with asyncpg.create_pool(**WHERE, min_size=2, max_size=2) as people:
        async def borrow(i):
            async with people.acquire() as conn:
                async with conn.transaction():
                    await conn.execute("set local work_mem = '8MB'")
                    return await conn.fetchval("select $1::int", i)

        check(await asyncio.gather(*(borrow(i) for i in range(60))), list(range(60)), "borrowed")
    ok("pool_reset")


async def person():
    # Each return to the pool resets the session; RESET ALL must not take the person away.
    query = "select string_agg(title, '|' order by id) from documents where id > $1"
    async with asyncpg.create_pool(**WHERE, min_size=1, max_size=2) as people:
        for _ in range(ROUNDS):
            async with people.acquire() as conn:
                check(await conn.fetchval(query, 0), TITLES, "titles")
                async with conn.transaction():
                    check(await conn.fetchval(query, 0), TITLES, "titles in a transaction")
                # The same reset in the midst of a loan.
                await conn.reset()
                check(await conn.fetchval(query, 0), TITLES, "titles after a reset")
    ok("person")


async def listen(one, two):
    heard = asyncio.Queue()

    def hear(conn, pid, channel, payload):
        heard.put_nowait((channel, payload))

    await two.add_listener("news", hear)
    async with one.transaction():
        await one.execute("select pg_notify('news', $1)", "näh")
    check(await heard.get(), ("news", "näh"), "notified")
    await two.execute("notify news, 'own'")
    check(await heard.get(), ("news", "own"), "its own")
    await two.remove_listener("news", hear)
    ok("listen")


async def main():
    if TITLES:
        await person()
        done()
        return
    one, two = await asyncpg.connect(**WHERE), await asyncpg.connect(**WHERE)
    await crud(one)
    await transactions(one)
    await prepared(one, two)
    await binary(one)
    await composite(one)
    await large(one)
    await copy(one)
    await listen(one, two)
    await cancel(one, two)
    await one.close()
    await two.close()
    await pool()
    done()


asyncio.run(main())
