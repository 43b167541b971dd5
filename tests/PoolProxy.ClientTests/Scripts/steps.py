"""What the Python scripts share: the target from the environment, steps that say so, a wait for a condition, and the statements."""
import os
import sys
import time

HOST = os.environ["TARGET_HOST"]
PORT = int(os.environ["TARGET_PORT"])
USER = os.environ["TARGET_USER"]
PASSWORD = os.environ["TARGET_PASSWORD"]
DATABASE = os.environ["TARGET_DATABASE"]
AUTHORITY = os.environ.get("TARGET_CA", "")
# Where it is set the user is a person with a token for a password, and this is what the person has to see, again and again.
TITLES = os.environ.get("TARGET_TITLES")
ROUNDS = 20

# Ten million characters and some.
LARGE = "select i, repeat(chr(97 + i % 26), 1000) from generate_series(1, 10000) i"
LARGE_ROWS = 10000
NAP = "select pg_sleep(60)"
NAPS = ("select count(*)::int from pg_stat_activity where datname = current_database() and state = 'active'"
        " and query like '%pg_sleep%' and pid <> pg_backend_pid()")

_done = 0


def conninfo(**more):
    """libpq's keywords for this target."""
    tls = {"sslmode": "verify-full", "sslrootcert": AUTHORITY} if AUTHORITY else {"sslmode": "disable"}
    return {"host": HOST, "port": PORT, "user": USER, "password": PASSWORD, "dbname": DATABASE, **tls, **more}


def ok(name):
    global _done
    _done += 1
    print(f"ok {name}", flush=True)


def check(actual, expected, what):
    if actual != expected:
        sys.exit(f"{what}: expected {expected!r}, got {actual!r}")


def wait_until(condition, what):
    deadline = time.monotonic() + 60
    while not condition():
        if time.monotonic() > deadline:
            sys.exit(f"never came: {what}")
        time.sleep(0.01)


def done():
    print(f"done {_done}", flush=True)
