"""psycopg 3 in the console, with its default settings: it sends Parse and Bind only for parameters, and prepares what it runs often."""
import psycopg
from psycopg.rows import dict_row
from steps import check, conninfo, done, ok

with psycopg.connect(**conninfo(), autocommit=True, row_factory=dict_row) as console:
    for _ in range(8):
        pools = console.execute("SHOW POOLS").fetchall()
        check([pool["cl_active"] for pool in pools if pool["database"] == "pgbouncer"], [1], "cl_active")
    ok("pools")
    check(console.execute("SHOW STATS").fetchall()[-1]["total_xact_count"] > 0, True, "total_xact_count")
    ok("stats")
    check(console.execute("SHOW LISTS", binary=True).fetchone()["list"], "databases", "lists")
    ok("lists")
    check(console.execute("SHOW VERSION").fetchone()["version"].startswith("PoolProxy"), True, "version")
    ok("version")
    check(console.execute("RELOAD").statusmessage, "RELOAD", "RELOAD")
    ok("control")
done()
