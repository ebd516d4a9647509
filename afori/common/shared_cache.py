"""The cache that all processes share: a table in PostgreSQL that counts limits exactly."""

import base64
import pickle
from datetime import UTC, datetime

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.db import DatabaseCache
from django.db import connections, router

NEVER = datetime.max.replace(tzinfo=UTC)
LOCK = ":lock"
SWEPT = 3  # expired rows that each write takes away: more than it adds

SET = """
INSERT INTO {table} (cache_key, value, expires) VALUES (%s, %s, %s)
ON CONFLICT (cache_key) DO UPDATE SET value = EXCLUDED.value, expires = EXCLUDED.expires
"""
SWEEP = """
DELETE FROM {table} WHERE cache_key IN (
    SELECT cache_key FROM {table} WHERE expires < now()
    ORDER BY expires LIMIT %s FOR UPDATE SKIP LOCKED
)
"""
TAKE = "SELECT pg_advisory_lock(hashtextextended(%s, 0))"
GIVE_BACK = "SELECT pg_advisory_unlock(hashtextextended(%s, 0))"


class SharedCache(DatabaseCache):
    """Django's database cache, made fit for counting.

    allauth counts an attempt between `add(key + ":lock")` and `delete(key + ":lock")`. Such a key
    is a lock of the database, not a row: who waits for it sleeps, and it is free at once when its
    holder dies. Rows go when their time is over and never to make room: whoever fills the table
    wipes out no limit.
    """

    def add(self, key, value, timeout=DEFAULT_TIMEOUT, version=None):
        if not key.endswith(LOCK):
            return super().add(key, value, timeout, version)
        self.execute(TAKE, self.make_and_validate_key(key, version))
        return True

    def delete(self, key, version=None):
        if not key.endswith(LOCK):
            return super().delete(key, version)
        return self.execute(GIVE_BACK, self.make_and_validate_key(key, version))

    def _base_set(self, mode, key, value, timeout=DEFAULT_TIMEOUT):
        if mode != "set":
            return super()._base_set(mode, key, value, timeout)
        until = self.get_backend_timeout(timeout)
        expires = NEVER if until is None else datetime.fromtimestamp(until, UTC)
        packed = base64.b64encode(pickle.dumps(value, self.pickle_protocol)).decode()
        self.execute(SET, key, packed, expires.replace(microsecond=0))
        self.execute(SWEEP, SWEPT)
        return True

    def _cull(self, db, cursor, now, num):
        """Nothing makes room for something else."""

    def execute(self, statement, *values):
        connection = connections[router.db_for_write(self.cache_model_class)]
        table = connection.ops.quote_name(self._table)
        with connection.cursor() as cursor:
            cursor.execute(statement.format(table=table), values)
            return cursor.rowcount > 0
