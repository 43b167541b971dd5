"""psycopg 3: one question, asked with whatever proof the environment holds."""
import os
import sys

import psycopg

from steps import conninfo

certificate = {"sslcert": os.environ["TARGET_CERT"], "sslkey": os.environ["TARGET_KEY"]} if os.environ.get("TARGET_CERT") else {}
try:
    with psycopg.connect(**conninfo(**certificate)) as connection:
        print(connection.execute("select 'in as ' || current_user").fetchone()[0])
except psycopg.OperationalError as error:
    sys.exit(str(error))
