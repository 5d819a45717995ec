"""SQLite files that several parts share: opened safely, migrated in order, errors in sentences.

A session's file holds the ledger's tables and the event log's. Each part is a
*component* with its own ordered list of migrations (plain functions), and the table
``schema_versions`` says how many of them each component has seen.

A commit survives ``kill -9`` of the program (WAL, ``synchronous=NORMAL``: the operating
system has the pages). After a loss of power the file is whole, but the last commits
may be missing.
"""

from __future__ import annotations

import contextlib
import sqlite3
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

from ..contract.errors import LabhandError, ProgrammerMustFix, StorageError

Migration = Callable[[sqlite3.Connection], None]
BUSY_SECONDS = 5.0

#: primary result code of SQLite → what was wrong with the file, and what to do.
_SENTENCES: dict[int, tuple[str, str]] = {
    sqlite3.SQLITE_BUSY: (
        "is locked by another program.",
        "Close the other program that uses it, then try again.",
    ),
    sqlite3.SQLITE_NOTADB: (
        "is not an SQLite database.",
        "Move the file away or name another one.",
    ),
    sqlite3.SQLITE_CORRUPT: (
        "is damaged.",
        "Move it aside and restore it from a copy; 'sqlite3 FILE .recover' saves what is readable.",
    ),
    sqlite3.SQLITE_FULL: (
        "could not be written: the disk is full.",
        "Free some space, then try again; what was written before is kept.",
    ),
    sqlite3.SQLITE_IOERR: (
        "could not be read or written (disk full, limit on file size, or a failing disk).",
        "Check the space and the health of the disk, then try again.",
    ),
    sqlite3.SQLITE_READONLY: (
        "cannot be written.",
        "Give yourself the right to write the file and its folder, or name another one.",
    ),
    sqlite3.SQLITE_CANTOPEN: (
        "cannot be opened.",
        "Check that its folder exists and that you may write there.",
    ),
}
_SENTENCES[sqlite3.SQLITE_LOCKED] = _SENTENCES[sqlite3.SQLITE_BUSY]
_SENTENCES[sqlite3.SQLITE_PERM] = _SENTENCES[sqlite3.SQLITE_READONLY]
_SENTENCES[sqlite3.SQLITE_AUTH] = _SENTENCES[sqlite3.SQLITE_READONLY]


class Database:
    """One SQLite connection that threads may share; every error is a ``StorageError``.

    Made by ``open_database``. Statements outside of ``transaction`` commit at once.
    """

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self.path = path
        self._connection = connection
        self._lock = threading.RLock()

    def query(self, sql: str, parameters: Sequence[Any] = ()) -> list[Any]:
        """Run one statement and return its rows (tuples)."""
        with self._lock, storage_errors(self.path):
            return self._connection.execute(sql, parameters).fetchall()

    @contextlib.contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Hold the write lock; commit at the end, roll back on any exception."""
        with self._lock, storage_errors(self.path), _transaction(self._connection) as connection:
            yield connection

    def check(self) -> list[str]:
        """What SQLite's own ``quick_check`` has to say; empty when the file is sound."""
        rows = self.query("PRAGMA quick_check")
        return [str(row[0]) for row in rows if row[0] != "ok"]

    def close(self) -> None:
        """Close the connection (further calls do nothing)."""
        with self._lock, storage_errors(self.path):
            self._connection.close()

    def __enter__(self) -> Database:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()


def open_database(
    path: Path,
    component: str,
    migrations: Sequence[Migration],
    *,
    read_only: bool = False,
    busy_seconds: float = BUSY_SECONDS,
) -> Database:
    """Open (or create, with its folder) a database and bring one component up to date.

    Args:
        component: whose tables the migrations make, e.g. ``"ledger"``.
        migrations: every migration there ever was, in order; each takes the connection,
            runs inside a transaction, and must not commit.
        read_only: change nothing, not even the schema.
        busy_seconds: how long to wait for another program's lock.

    Raises:
        StorageError: the file is locked, damaged, not a database, not writable, the
            disk is full, or a newer version of the program wrote it.
    """
    if not read_only:
        make_folder(path.parent)
    mode = "ro" if read_only else "rwc"
    with storage_errors(path):
        connection = sqlite3.connect(
            f"{path.absolute().as_uri()}?mode={mode}",
            uri=True,
            timeout=busy_seconds,
            isolation_level=None,
            check_same_thread=False,
        )
        try:
            _configure(connection, read_only, busy_seconds)
            _migrate(path, connection, component, migrations, read_only)
        except BaseException:
            connection.close()
            raise
    return Database(path, connection)


def make_folder(folder: Path) -> None:
    """Create a folder with its parents.

    Raises:
        StorageError: it cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(
            f"the folder {folder} cannot be made: {error.strerror or error}.",
            "Check the path, the space on the disk and your right to write there.",
            path=str(folder),
        ) from error


@contextlib.contextmanager
def storage_errors(path: Path) -> Iterator[None]:
    """Turn SQLite's errors into ``StorageError`` sentences that name the file."""
    try:
        yield
    except sqlite3.IntegrityError as error:
        raise ProgrammerMustFix(f"{path} refused a row: {error}.", path=str(path)) from error
    except sqlite3.Error as error:
        raise _as_storage_error(error, path) from error


def _as_storage_error(error: sqlite3.Error, path: Path) -> LabhandError:
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
    what, remedy = _SENTENCES.get(
        code, (f"could not be used: {error}.", "Move the file away or name another one.")
    )
    return StorageError(
        f"the file {path} {what}",
        remedy,
        path=str(path),
        sqlite=getattr(error, "sqlite_errorname", type(error).__name__),
        engine_message=str(error),
    )


@contextlib.contextmanager
def _transaction(connection: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield connection
        connection.execute("COMMIT")
    except BaseException:
        # A full disk makes SQLite roll back by itself; a second one would be an error.
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _configure(connection: sqlite3.Connection, read_only: bool, busy_seconds: float) -> None:
    connection.execute("PRAGMA foreign_keys=ON")
    # Also the first read of the file: a truncated or foreign file is noticed here.
    (mode,) = connection.execute("PRAGMA journal_mode").fetchone()
    connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    if read_only:
        return
    if mode != "wal":
        _patiently(lambda: connection.execute("PRAGMA journal_mode=WAL"), busy_seconds)
    connection.execute("PRAGMA synchronous=NORMAL")


def _patiently(action: Callable[[], object], seconds: float) -> None:
    """Retry while locked: SQLite's busy handler does not cover the switch to WAL."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            action()
            return
        except sqlite3.OperationalError as error:
            busy = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
            if error.sqlite_errorcode & 0xFF not in busy or time.monotonic() > deadline:
                raise
            time.sleep(0.02)


def _migrate(
    path: Path,
    connection: sqlite3.Connection,
    component: str,
    migrations: Sequence[Migration],
    read_only: bool,
) -> None:
    version = _version(connection, component)
    if version == len(migrations):
        return
    if version > len(migrations):
        raise StorageError(
            f"the file {path} was written by a newer version of labhand.",
            "Upgrade labhand to open it.",
            path=str(path),
        )
    if read_only:
        raise StorageError(
            f"the file {path} was written by an older version of labhand, or is no session.",
            "Open it once for writing (resume the session), which brings it up to date.",
            path=str(path),
        )
    with _transaction(connection):
        # Read again under the lock: another program may have been quicker.
        for migration in migrations[_version(connection, component) :]:
            migration(connection)
        connection.execute(
            "CREATE TABLE IF NOT EXISTS schema_versions "
            "(component TEXT PRIMARY KEY, version INTEGER NOT NULL)"
        )
        connection.execute(
            "INSERT INTO schema_versions VALUES (?, ?) "
            "ON CONFLICT (component) DO UPDATE SET version = excluded.version",
            (component, len(migrations)),
        )


def _version(connection: sqlite3.Connection, component: str) -> int:
    tables: Iterable[Any] = connection.execute(
        "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'schema_versions'"
    )
    if not list(tables):
        return 0
    row = connection.execute(
        "SELECT version FROM schema_versions WHERE component = ?", (component,)
    ).fetchone()
    return int(row[0]) if row else 0
