"""psycopg 3 against the target: prepared statements with its own DEALLOCATE, pipelines, COPY in text and binary, cancel."""
import threading

import psycopg
from psycopg import errors

from steps import LARGE, LARGE_ROWS, NAP, NAPS, ROUNDS, TITLES, check, conninfo, done, ok, wait_until


def connect(**more):
    return psycopg.connect(**conninfo(), **more)


def crud(conn):
    conn.execute("drop table if exists item")
    conn.execute("create table item (id int primary key, name text, weight numeric, tags text[], raw bytea)")
    with conn.cursor() as cur:
        cur.executemany("insert into item values (%s, %s, %s, %s, %s)",
                        [(i, f"näme {i}", i / 4, ["a", None, "c'd"], bytes(range(256))) for i in range(100)])
    check(conn.execute("update item set name = %s where id < %s", ["new", 10]).rowcount, 10, "updated")
    check(conn.execute("delete from item where id >= 90 returning id").fetchall(), [(i,) for i in range(90, 100)], "deleted")
    check(conn.execute("select count(*), min(name), max(tags[3]) from item").fetchone(), (90, "new", "c'd"), "left")
    check(conn.execute("select raw from item where id = 5").fetchone(), (bytes(range(256)),), "bytes")
    ok("crud")


def transactions(conn):
    class Undo(Exception):
        pass

    try:
        with conn.transaction():
            conn.execute("delete from item")
            raise Undo
    except Undo:
        pass
    check(conn.execute("select count(*) from item").fetchone(), (90,), "after rollback")
    ok("rollback")

    with conn.transaction():
        conn.execute("insert into item (id) values (1000)")
        try:
            with conn.transaction():
                conn.execute("insert into item (id) values (1001)")
                conn.execute("insert into item (id) values (1000)")
        except errors.UniqueViolation:
            pass
        conn.execute("insert into item (id) values (1002)")
    check(conn.execute("select id from item where id >= 1000 order by 1").fetchall(), [(1000,), (1002,)], "after savepoint")
    ok("savepoint")

    conn.execute("begin")
    try:
        conn.execute("select 1/0")
        check("no error", "an error", "division")
    except errors.DivisionByZero:
        pass
    try:
        conn.execute("select 1")
        check("no error", "an error", "a failed transaction")
    except errors.InFailedSqlTransaction:
        pass
    check(conn.info.transaction_status.name, "INERROR", "status")
    conn.execute("rollback")
    check(conn.info.transaction_status.name, "IDLE", "status")
    check(conn.execute("select 7").fetchone(), (7,), "after an error")
    ok("error_in_transaction")


def prepared(conn, other):
    query = "select name, %s::int + 1 from item where id = %s"
    for i in range(6):
        # Somebody else holds a server on every second turn, so that the statement meets both servers of the pool.
        if i % 2:
            other.execute("begin")
            other.execute("select 1")
        with conn.transaction():
            check(conn.execute(query, [i, 1], prepare=True).fetchone(), ("new", i + 1), "prepared")
        if i % 2:
            other.execute("commit")
    ok("prepared_across_transactions")

    # Two statements at most: each further one has the driver send DEALLOCATE for the oldest.
    conn.prepared_max = 2
    for round_number in range(3):
        for i in range(5):
            check(conn.execute(f"select %s::int + {i}", [round_number], prepare=True).fetchone(), (round_number + i,), "evicted")
    ok("deallocate_by_eviction")

    # After a rollback the driver forgets its statements and sends DEALLOCATE ALL.
    conn.prepared_max = 100
    for i in range(3):
        conn.execute("begin")
        check(conn.execute("select %s::int * 2", [i], prepare=True).fetchone(), (i * 2,), "in a transaction")
        conn.execute("rollback")
        check(conn.execute("select %s::int * 3", [i], prepare=True).fetchone(), (i * 3,), "after DEALLOCATE ALL")
    ok("deallocate_all_after_rollback")


def binary(conn):
    with conn.cursor(binary=True) as cur:
        cur.execute("select %b::int8, %b::float8, %b::bytea, %b::text, '{1,2,3}'::int4[], '2024-02-29 12:34:56.789012'::timestamp",
                    [2**40, 0.1, b"\x00\xff\x00", "üñ"])
        row = cur.fetchone()
    check(row[:5], (2**40, 0.1, b"\x00\xff\x00", "üñ", [1, 2, 3]), "binary")
    check(row[5].isoformat(), "2024-02-29T12:34:56.789012", "binary timestamp")
    ok("binary")


def large(conn):
    rows = conn.execute(LARGE).fetchall()
    check((len(rows), sum(len(text) for _, text in rows)), (LARGE_ROWS, LARGE_ROWS * 1000), "large")
    with conn.transaction(), conn.cursor(name="portal") as cur:
        cur.itersize = 777
        cur.execute(LARGE)
        check(sum(1 for _ in cur), LARGE_ROWS, "through a cursor")
    ok("large_result")


def copy(conn):
    conn.execute("drop table if exists copied")
    conn.execute("create table copied (id int, name text)")
    with conn.cursor() as cur:
        with cur.copy("copy copied from stdin") as writer:
            for i in range(20000):
                writer.write_row((i, f"line\t{i}\n"))
        with cur.copy("copy copied from stdin (format binary)") as writer:
            writer.set_types(["int4", "text"])
            for i in range(20000, 30000):
                writer.write_row((i, f"line\t{i}\n"))
        check(cur.execute("select count(*), sum(id) from copied").fetchone(), (30000, sum(range(30000))), "copied in")
        ok("copy_in")
        with cur.copy("copy (select * from copied order by id) to stdout") as reader:
            check([row for row in reader.rows()][12345], ("12345", "line\t12345\n"), "copied out")
        with cur.copy("copy copied to stdout (format binary)") as reader:
            check(sum(len(block) for block in reader) > 300000, True, "copied out as binary")
        ok("copy_out")
        try:
            with cur.copy("copy copied from stdin") as writer:
                writer.write(b"1\tgood\nnot a number\tbad\n")
            check("no error", "an error", "bad COPY")
        except errors.InvalidTextRepresentation:
            pass
        try:
            with cur.copy("copy copied from stdin") as writer:
                writer.write(b"2\tgood\n")
                raise RuntimeError("given up by the client")
        except errors.QueryCanceled as error:
            check("given up by the client" in str(error), True, "reason of CopyFail")
        check(cur.execute("select count(*) from copied").fetchone(), (30000,), "after failed COPYs")
        ok("copy_failed")


def pipelines(conn):
    if not psycopg.Pipeline.is_supported():
        check("not supported", "supported", "pipeline mode")
    with conn.pipeline():
        cursors = [conn.execute("select %s::int, pg_backend_pid()", [i]) for i in range(200)]
        rows = [cur.fetchone() for cur in cursors]
    check([row[0] for row in rows], list(range(200)), "pipeline")
    ok("pipeline")

    # One Sync at the end: what stands ahead of the error is undone, what stands behind it is never run.
    try:
        with conn.pipeline():
            for i, divisor in enumerate([1, 1, 0, 1]):
                conn.execute("insert into item (id, name) values (%s + 1 / %s, 'doubtful')", [3000 + i, divisor])
        check("no error", "an error", "pipeline")
    except errors.DivisionByZero:
        pass
    check(conn.execute("select count(*) from item where name = 'doubtful'").fetchone(), (0,), "left by a failed pipeline")
    ok("pipeline_error")

    with conn.pipeline():
        with conn.transaction():
            for i in range(50):
                conn.execute("insert into item (id, name) values (%s, %s)", [2000 + i, "piped"], prepare=True)
    check(conn.execute("select count(*) from item where name = 'piped'").fetchone(), (50,), "pipelined inserts")
    ok("pipeline_transaction")


def cancel(conn, other):
    def stop():
        wait_until(lambda: other.execute(NAPS).fetchone()[0] == 1, "the nap")
        conn.cancel()

    thread = threading.Thread(target=stop)
    thread.start()
    try:
        conn.execute(NAP)
        check("woke", "cancelled", "nap")
    except errors.QueryCanceled:
        pass
    thread.join()
    check(conn.execute("select 5").fetchone(), (5,), "after a cancel")
    check(other.execute("select 6").fetchone(), (6,), "the other after a cancel")
    ok("cancel")


def person(conn):
    query = "select string_agg(title, '|' order by id) from documents where id > %s"
    for _ in range(ROUNDS):
        check(conn.execute(query, [0], prepare=True).fetchone(), (TITLES,), "titles")
        with conn.transaction():
            check(conn.execute(query, [0], prepare=True).fetchone(), (TITLES,), "titles in a transaction")
    ok("person")


def notified(conn):
    notes = conn.notifies()
    note = next(notes)
    notes.close()
    return note.channel, note.payload


def listen(one, two):
    two.execute("listen news")
    one.execute("select pg_notify('news', %s)", ["näh"])
    check(notified(two), ("news", "näh"), "notified")
    with two.transaction():
        two.execute("unlisten news")
        two.execute("listen other")
    one.execute("notify news, 'nobody hears'")
    with one.transaction():
        one.execute("notify other, 'committed'")
    check(notified(two), ("other", "committed"), "notified by a transaction")
    two.execute("unlisten *")
    ok("listen")


with connect(autocommit=True) as one, connect(autocommit=True) as two:
    if TITLES:
        person(one)
    else:
        crud(one)
        transactions(one)
        prepared(one, two)
        binary(one)
        large(one)
        copy(one)
        pipelines(one)
        listen(one, two)
        cancel(one, two)
done()
