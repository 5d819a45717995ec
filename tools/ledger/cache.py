"""The cache of pure tools: what was computed once need not be computed again.

Entries are addressed by content: the SHA-256 of the canonical JSON of the tool's name
and version, the arguments, and the versions of the engines where they are given. A
cache is a convenience: whatever is wrong with its file, a call is a miss, the person is
told once, and work goes on.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import sqlite3
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..contract.errors import LabhandError
from .database import Database, open_database

DEFAULT_MEGABYTES = 256
#: After a failure the file is left alone this long, so that a lock is not waited for each time.
RETRY_SECONDS = 60.0
#: How often the true size is counted (other programs write to the same file).
_RECOUNT_EVERY = 256


def _first_schema(connection: sqlite3.Connection) -> None:
    connection.execute(
        """CREATE TABLE findings (
            key TEXT PRIMARY KEY,
            tool TEXT NOT NULL,
            record TEXT NOT NULL,
            sha256 TEXT NOT NULL,
            seconds REAL NOT NULL,
            size INTEGER NOT NULL,
            used INTEGER NOT NULL) WITHOUT ROWID"""
    )
    connection.execute("CREATE INDEX findings_by_use ON findings (used)")


#: Every migration of the cache's table, in order; only ever append to it.
MIGRATIONS = (_first_schema,)


@dataclass(frozen=True, slots=True)
class CachedFinding:
    """A finding's record, and the seconds that the original run took."""

    record: dict[str, Any]
    seconds: float


def cache_key(
    tool: str, version: str, arguments: Mapping[str, Any], engines: Mapping[str, str] | None = None
) -> str:
    """The address of a result: equal for equal content, whatever the order of the keys.

    >>> from labhand.tools.ledger.cache import cache_key
    >>> cache_key("f", "1", {"a": 1, "b": 2}) == cache_key("f", "1", {"b": 2, "a": 1})
    True
    >>> cache_key("f", "1", {"a": 1}) == cache_key("f", "1", {"a": 1.0})
    False
    """
    content = [tool, version, arguments, engines or {}]
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()


class ToolCache:
    """A store of findings with a size cap; the least recently used go first.

    Nothing here raises for the state of the file. Safe to share between threads.

    Args:
        path: the cache's SQLite file, made on first use.
        megabytes: cap on the sum of the entries' sizes.
        busy_seconds: how long to wait for another program's lock.
    """

    def __init__(
        self,
        path: Path,
        *,
        megabytes: float = DEFAULT_MEGABYTES,
        busy_seconds: float = 0.5,
        retry_seconds: float = RETRY_SECONDS,
    ) -> None:
        self.path = path
        self._cap = int(megabytes * 1024 * 1024)
        self._busy_seconds = busy_seconds
        self._retry_seconds = retry_seconds
        self._lock = threading.RLock()
        self._database: Database | None = None
        self._closed = False
        self._rest_until = 0.0
        self._told = False
        self._notice: str | None = None
        # Uses are written with the next put, so that a hit is a read and takes no lock.
        self._used: dict[str, int] = {}
        self._size = 0
        self._puts = 0

    def get(self, key: str) -> CachedFinding | None:
        """The entry at this key, or ``None`` for a miss of any cause."""
        with self._lock:
            rows = self._try_query(
                "SELECT record, sha256, seconds FROM findings WHERE key = ?", (key,)
            )
            if not rows:
                return None
            record, digest, seconds = rows[0]
            if hashlib.sha256(str(record).encode()).hexdigest() != digest:
                self._try_query("DELETE FROM findings WHERE key = ?", (key,))
                return None
            self._used[key] = time.time_ns()
            return CachedFinding(json.loads(record), float(seconds))

    def put(self, key: str, tool: str, record: Mapping[str, Any], seconds: float) -> None:
        """Keep a finding's record (plain JSON data) and the seconds that it took."""
        text = json.dumps(record, separators=(",", ":"), allow_nan=False)
        if len(text) > self._cap:
            return
        digest = hashlib.sha256(text.encode()).hexdigest()
        with self._lock, self._degrading():
            database = self._opened()
            if database is None:
                return
            with database.transaction() as connection:
                self._write_uses(connection)
                connection.execute(
                    "INSERT OR REPLACE INTO findings VALUES (?, ?, ?, ?, ?, ?, ?)",
                    (key, tool, text, digest, seconds, len(text), time.time_ns()),
                )
                self._make_room(connection, len(text))
            self._used.clear()

    def take_notice(self) -> str | None:
        """The warning about this cache, once; ``None`` when there is none (any more)."""
        with self._lock:
            notice, self._notice = self._notice, None
            return notice

    def flush(self) -> None:
        """Write which entries were used since the last put."""
        with self._lock, self._degrading():
            if self._database is None or not self._used:
                return
            with self._database.transaction() as connection:
                self._write_uses(connection)
            self._used.clear()

    def close(self) -> None:
        """Write what is pending and close the file; from then on every call is a miss."""
        with self._lock:
            self.flush()
            self._closed = True
            database, self._database = self._database, None
            if database is not None:
                with self._degrading():
                    database.close()

    def _opened(self) -> Database | None:
        if self._database is None and not self._closed and time.monotonic() >= self._rest_until:
            self._database = open_database(
                self.path, "cache", MIGRATIONS, busy_seconds=self._busy_seconds
            )
            self._size = self._count(self._database)
        return self._database

    def _try_query(self, sql: str, parameters: tuple[Any, ...]) -> list[Any]:
        with self._degrading():
            database = self._opened()
            return database.query(sql, parameters) if database else []
        return []

    @contextlib.contextmanager
    def _degrading(self) -> Iterator[None]:
        """Swallow what is wrong with the file: rest, remember one notice, go on."""
        try:
            yield
        except LabhandError as error:
            self._rest_until = time.monotonic() + self._retry_seconds
            broken, self._database = self._database, None
            if broken is not None:
                with contextlib.suppress(LabhandError):
                    broken.close()
            if not self._told:
                self._told = True
                self._notice = f"Results are not being cached: {error}"

    def _write_uses(self, connection: sqlite3.Connection) -> None:
        connection.executemany(
            "UPDATE findings SET used = ? WHERE key = ?",
            [(used, key) for key, used in self._used.items()],
        )

    def _make_room(self, connection: sqlite3.Connection, added: int) -> None:
        self._size += added
        self._puts += 1
        if self._size <= self._cap and self._puts % _RECOUNT_EVERY:
            return
        total = int(connection.execute("SELECT total(size) FROM findings").fetchone()[0])
        if total > self._cap:
            # Down to nine tenths, so that not every further put has to make room again.
            goal = total - self._cap * 9 // 10
            doomed: list[tuple[str]] = []
            for key, size in connection.execute("SELECT key, size FROM findings ORDER BY used"):
                if goal <= 0:
                    break
                doomed.append((key,))
                goal -= size
                total -= size
            connection.executemany("DELETE FROM findings WHERE key = ?", doomed)
        self._size = total

    @staticmethod
    def _count(database: Database) -> int:
        return int(database.query("SELECT total(size) FROM findings")[0][0])
