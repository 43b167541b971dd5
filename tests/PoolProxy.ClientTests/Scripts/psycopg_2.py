"""psycopg2 against the target: the simple protocol throughout, SQL's own PREPARE inside a transaction, COPY, notices, cancel."""
import io
import threading

import psycopg2
from psycopg2 import errors, extras

from steps import LARGE, LARGE_ROWS, NAP, NAPS, ROUNDS, TITLES, check, conninfo, done, ok, wait_until


def connect():
    conn = psycopg2.connect(**conninfo())
    conn.autocommit = True
    return conn


def one_row(conn, query, values=None):
    with conn.cursor() as cur:
        cur.execute(query, values)
        return cur.fetchone()


def crud(conn):
    with conn.cursor() as cur:
        cur.execute("drop table if exists item; create table item (id int primary key, name text, raw bytea)")
        extras.execute_values(cur, "insert into item values %s",
                              [(i, f"näme '{i}\\", psycopg2.Binary(bytes(range(256)))) for i in range(100)])
        cur.execute("update item set name = %s where id < %s", ("new", 10))
        check(cur.rowcount, 10, "updated")
        cur.execute("delete from item where id >= 90")
        check(cur.rowcount, 10, "deleted")
        cur.execute("select name, raw from item where id in (3, 33) order by id")
        rows = cur.fetchall()
    check([(name, bytes(raw)) for name, raw in rows], [("new", bytes(range(256))), ("näme '33\\", bytes(range(256)))], "read")
    ok("crud")


def transactions(conn):
    conn.autocommit = False
    one_row(conn, "delete from item returning id")
    conn.rollback()
    check(one_row(conn, "select count(*) from item"), (90,), "after rollback")
    conn.commit()
    ok("rollback")

    with conn.cursor() as cur:
        cur.execute("insert into item (id) values (1000)")
        cur.execute("savepoint s")
        try:
            cur.execute("insert into item (id) values (1000)")
            check("no error", "an error", "duplicate")
        except errors.UniqueViolation:
            cur.execute("rollback to savepoint s")
        cur.execute("insert into item (id) values (1002)")
    conn.commit()
    check(one_row(conn, "select array_agg(id order by id) from item where id >= 1000"), ([1000, 1002],), "after savepoint")
    conn.commit()
    ok("savepoint")

    with conn.cursor() as cur:
        try:
            cur.execute("select 1/0")
            check("no error", "an error", "division")
        except errors.DivisionByZero:
            pass
        try:
            cur.execute("select 1")
            check("no error", "an error", "a failed transaction")
        except errors.InFailedSqlTransaction:
            pass
    conn.rollback()
    check(one_row(conn, "select 7"), (7,), "after an error")
    conn.commit()
    ok("error_in_transaction")

    # In one transaction SQL's own PREPARE needs nobody's help, whatever stands between.
    with conn.cursor() as cur:
        cur.execute("prepare mine (int) as select $1 + 1")
        for i in range(5):
            cur.execute("execute mine (%s)", (i,))
            check(cur.fetchone(), (i + 1,), "SQL PREPARE")
        cur.execute("deallocate mine")
    conn.commit()
    conn.autocommit = True
    ok("sql_prepare_in_a_transaction")


def prepared(conn, other):
    # The driver prepares nothing by itself: many statements of many transactions, with a second client in between.
    for i in range(20):
        if i % 2:
            with other.cursor() as cur:
                cur.execute("begin; select 1")
        check(one_row(conn, "select name, %s + 1 from item where id = %s", (i, 1)), ("new", i + 1), "repeated")
        if i % 2:
            with other.cursor() as cur:
                cur.execute("commit")
    ok("repeated_across_transactions")


def batches(conn):
    # Several statements in one Query are one transaction; an error undoes them all.
    with conn.cursor() as cur:
        try:
            cur.execute("insert into item (id) values (3000); select 1/0; insert into item (id) values (3001)")
            check("no error", "an error", "batch")
        except errors.DivisionByZero:
            pass
        cur.execute("begin; insert into item (id) values (3002); commit; insert into item (id) values (3003)")
        cur.execute("select array_agg(id order by id) from item where id >= 3000")
        check(cur.fetchone(), ([3002, 3003],), "batches")
    del conn.notices[:]
    one_row(conn, "do $$ begin raise notice 'hear me'; end $$; select 1")
    check([notice.strip() for notice in conn.notices], ["NOTICE:  hear me"], "notices")
    ok("several_statements")


def large(conn):
    with conn.cursor() as cur:
        cur.execute(LARGE)
        rows = cur.fetchall()
    check((len(rows), sum(len(text) for _, text in rows)), (LARGE_ROWS, LARGE_ROWS * 1000), "large")
    conn.autocommit = False
    with conn.cursor("named") as cur:
        cur.itersize = 1000
        cur.execute(LARGE)
        check(sum(1 for _ in cur), LARGE_ROWS, "through a cursor")
    conn.commit()
    conn.autocommit = True
    ok("large_result")


def copy(conn):
    with conn.cursor() as cur:
        cur.execute("drop table if exists copied; create table copied (id int, name text)")
        cur.copy_expert("copy copied from stdin", io.StringIO("".join(f"{i}\tline {i}\n" for i in range(30000))))
        check(one_row(conn, "select count(*), sum(id) from copied"), (30000, sum(range(30000))), "copied in")
        ok("copy_in")
        out = io.StringIO()
        cur.copy_expert("copy (select * from copied order by id) to stdout (format csv)", out)
        check(out.getvalue().splitlines()[12345], "12345,line 12345", "copied out")
        ok("copy_out")
        try:
            cur.copy_expert("copy copied from stdin", io.StringIO("1\tgood\nno number\tbad\n"))
            check("no error", "an error", "bad COPY")
        except errors.InvalidTextRepresentation:
            pass
    check(one_row(conn, "select count(*) from copied"), (30000,), "after a failed COPY")
    ok("copy_failed")


def cancel(conn, other):
    def stop():
        wait_until(lambda: one_row(other, NAPS) == (1,), "the nap")
        conn.cancel()

    thread = threading.Thread(target=stop)
    thread.start()
    try:
        one_row(conn, NAP)
        check("woke", "cancelled", "nap")
    except errors.QueryCanceled:
        pass
    thread.join()
    check(one_row(conn, "select 5"), (5,), "after a cancel")
    ok("cancel")


def person(conn):
    query = "select string_agg(title, '|' order by id) from documents where id > %s"
    for _ in range(ROUNDS):
        check(one_row(conn, query, (0,)), (TITLES,), "titles")
        conn.autocommit = False
        check(one_row(conn, query, (0,)), (TITLES,), "titles in a transaction")
        conn.rollback()
        conn.autocommit = True
    ok("person")


one, two = connect(), connect()
if TITLES:
    person(one)
else:
    crud(one)
    transactions(one)
    prepared(one, two)
    batches(one)
    large(one)
    copy(one)
    cancel(one, two)
one.close()
two.close()
done()
