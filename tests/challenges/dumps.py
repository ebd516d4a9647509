"""All that is written somewhere, as text to search in."""

import base64
import os
import subprocess

from django.db import connection

from afori.embedded.binaries import postgres_binaries


def dump():
    """Every column of every table as this transaction sees it; binary ones in hexadecimal."""
    rows = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT t::text FROM "{table}" t')
            rows += [row for (row,) in cursor.fetchall()]
    return "\n".join(rows)


def backup():
    """What a backup of the whole database holds, as pg_dump writes it."""
    connection.ensure_connection()
    known = connection.connection.info
    done = subprocess.run(
        [
            postgres_binaries() / "pg_dump",
            f"--host={known.host}",
            f"--port={known.port}",
            f"--username={known.user}",
            known.dbname,
        ],
        env=os.environ | {"PGPASSWORD": known.password},
        capture_output=True,
        check=True,
        text=True,
    )
    return done.stdout


def mail_texts(mails):
    for mail in mails:
        yield mail.subject + mail.body
        yield from (content for content, _kind in mail.alternatives)


def forms_of(word):
    """A word as it is, in hexadecimal, and as a part of something in base64."""
    raw = word.encode()
    encoded = (base64.b64encode(b"x" * shift + raw)[4:-4].decode() for shift in range(3))
    return [word, word.replace(" ", "\xa0"), raw.hex(), raw.hex().upper(), *encoded]
