"""psycopg2 in the console, inside of the transaction that it begins by itself and without one."""
import psycopg2
import psycopg2.extras
from steps import check, conninfo, done, ok

for autocommit in (True, False):
    console = psycopg2.connect(**conninfo(), cursor_factory=psycopg2.extras.DictCursor)
    console.autocommit = autocommit
    cursor = console.cursor()
    cursor.execute("SHOW POOLS")
    check([pool["cl_active"] for pool in cursor.fetchall() if pool["database"] == "pgbouncer"], [1], "cl_active")
    cursor.execute("SHOW STATS")
    check(cursor.fetchall()[-1]["total_xact_count"] > 0, True, "total_xact_count")
    cursor.execute("SHOW CONFIG")
    check({row["key"]: row["value"] for row in cursor}["listen_addr"], "127.0.0.1", "listen_addr")
    cursor.execute("RELOAD")
    check(cursor.statusmessage, "RELOAD", "RELOAD")
    console.close()
    ok("autocommit" if autocommit else "transaction")
done()
