"""The evidence ledger: the append-only store of a session's observations.

Rows are never changed and never deleted; triggers in the file itself hold this, also
against other programs. Each row carries the SHA-256 of its JSON, and a row whose JSON
no longer fits is not handed out as evidence.
"""

from __future__ import annotations

import hashlib
import re
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from ..contract import NotFoundError, Observation
from ..contract.errors import ProgrammerMustFix, StorageError
from .database import BUSY_SECONDS, open_database

_ID = re.compile(r"o([1-9]\d{0,15})")


def _first_schema(connection: sqlite3.Connection) -> None:
    refuse = "SELECT RAISE(ABORT, 'the ledger is append-only')"
    for statement in (
        """CREATE TABLE observations (
            number INTEGER PRIMARY KEY,
            call_id TEXT NOT NULL,
            record TEXT NOT NULL,
            sha256 TEXT NOT NULL,
            written TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')))""",
        "CREATE INDEX observations_by_call ON observations (call_id) WHERE call_id <> ''",
        "CREATE TABLE observation_counter (last INTEGER NOT NULL)",
        "INSERT INTO observation_counter VALUES (0)",
        f"CREATE TRIGGER observations_update BEFORE UPDATE ON observations BEGIN {refuse}; END",
        f"CREATE TRIGGER observations_delete BEFORE DELETE ON observations BEGIN {refuse}; END",
        # INSERT OR REPLACE deletes without firing the delete trigger.
        "CREATE TRIGGER observations_replace BEFORE INSERT ON observations "
        "WHEN EXISTS (SELECT 1 FROM observations WHERE number = NEW.number) "
        f"BEGIN {refuse}; END",
    ):
        connection.execute(statement)


#: Every migration of the ledger's tables, in order; only ever append to it.
MIGRATIONS = (_first_schema,)


@dataclass(frozen=True, slots=True)
class Damage:
    """A row of the ledger that is not what was written, and how that shows."""

    id: str
    problem: str


class Ledger:
    """The observations of one session, in the order in which they were appended.

    Safe to use from several threads, and from several programs on one file.

    Args:
        path: the session's SQLite file (made if missing).
        busy_seconds: how long to wait for another program's lock.

    Raises:
        StorageError: the file cannot be opened or used (every method may raise it).
    """

    def __init__(
        self, path: Path, *, read_only: bool = False, busy_seconds: float = BUSY_SECONDS
    ) -> None:
        self.path = path
        self._loaded: dict[int, Observation] = {}
        self._database = open_database(
            path, "ledger", MIGRATIONS, read_only=read_only, busy_seconds=busy_seconds
        )

    def reserve(self) -> str:
        """The next free id (``o1``, ``o2``, …); never given out twice, not even after a crash."""
        with self._database.transaction() as connection:
            row = connection.execute(
                "UPDATE observation_counter SET last = last + 1 RETURNING last"
            ).fetchall()[0]
        return f"o{row[0]}"

    def append(self, observation: Observation) -> None:
        """Write an observation; when this returns it survives ``kill -9``.

        Raises:
            ProgrammerMustFix: the id is not of the form ``o1``, or is already there.
        """
        record = observation.model_dump_json()
        number = _number(observation.id)
        if number is None:
            raise ProgrammerMustFix(
                f"{observation.id!r} is not the id of an observation.", "Take it from reserve()."
            )
        row = (number, observation.call_id, record, _digest(record))
        with self._database.transaction() as connection:
            connection.execute(
                "INSERT INTO observations (number, call_id, record, sha256) VALUES (?, ?, ?, ?)",
                row,
            )
            connection.execute("UPDATE observation_counter SET last = max(last, ?)", (number,))
        self._loaded[number] = observation

    def get(self, observation_id: str) -> Observation:
        """The observation of this id.

        Raises:
            NotFoundError: there is none.
            StorageError: its row is damaged.
        """
        rows = self._rows("WHERE number = ?", _number(observation_id) or 0)
        if not rows:
            raise NotFoundError(
                f"there is no observation {observation_id} in this session.",
                "Refer to one that a tool call of this session returned.",
                id=observation_id,
            )
        return self._load(rows[0])

    def __contains__(self, observation_id: object) -> bool:
        number = _number(observation_id) if isinstance(observation_id, str) else None
        return number is not None and bool(self._rows("WHERE number = ?", number))

    def __len__(self) -> int:
        return int(self._database.query("SELECT count(*) FROM observations")[0][0])

    def __bool__(self) -> bool:
        """True: an empty ledger is a ledger, too (``if ledger`` must not mean its length)."""
        return True

    def all(self) -> list[Observation]:
        """Every observation, by ascending id; rows never change, so each is read once."""
        numbers = [n for (n,) in self._database.query("SELECT number FROM observations ORDER BY 1")]
        missing = [n for n in numbers if n not in self._loaded]
        if missing:
            for row in self._rows("WHERE number >= ?", missing[0]):
                self._loaded[row[0]] = self._load(row)
        return [self._loaded[n] for n in numbers]

    def for_call(self, call_id: str) -> Observation | None:
        """The latest observation of this tool call, so that a crash repeats no finished call."""
        if not call_id:
            return None
        rows = self._rows("WHERE call_id = ? ORDER BY number DESC LIMIT 1", call_id)
        return self._load(rows[0]) if rows else None

    def verify(self) -> list[Damage]:
        """Every damaged row, and what SQLite says of the file; empty when all is well."""
        found = [Damage("", problem) for problem in self._database.check()]
        for row in self._rows("ORDER BY number"):
            outcome = _read(*row)
            if isinstance(outcome, str):
                found.append(Damage(f"o{row[0]}", outcome))
        return found

    def close(self) -> None:
        """Close the file (further calls do nothing)."""
        self._database.close()

    def _rows(self, rest: str, *parameters: Any) -> list[tuple[int, str, str]]:
        return self._database.query(
            f"SELECT number, record, sha256 FROM observations {rest}", parameters
        )

    def _load(self, row: tuple[int, str, str]) -> Observation:
        found = _read(*row)
        if isinstance(found, str):
            raise StorageError(
                f"the observation o{row[0]} in {self.path} is damaged: {found}.",
                "Ask the question again; the damaged row is not used as evidence.",
                path=str(self.path),
                id=f"o{row[0]}",
            )
        return found


def _number(observation_id: str) -> int | None:
    match = _ID.fullmatch(observation_id)
    return int(match[1]) if match else None


def _digest(record: str) -> str:
    return hashlib.sha256(record.encode("utf-8", "surrogatepass")).hexdigest()


def _read(number: int, record: Any, digest: str) -> Observation | str:
    """The observation of a row, or what is wrong with the row."""
    if not isinstance(record, str) or _digest(record) != digest:
        return "its content does not fit its SHA-256"
    try:
        observation = Observation.model_validate_json(record)
    except ValidationError:
        return "it is not an observation that this version can read"
    if observation.id != f"o{number}":
        return f"it says that its id is {observation.id}"
    return observation
