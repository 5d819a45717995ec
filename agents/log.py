"""The event log: an append-only table in the session's file, the only memory there is."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from ..tools.ledger.database import open_database
from .events import Event, Token, event_from_dict, event_to_dict
from .wellformed import is_well_formed


def _create(connection: sqlite3.Connection) -> None:
    connection.execute(
        """CREATE TABLE events(
            seq INTEGER PRIMARY KEY AUTOINCREMENT,
            turn INTEGER NOT NULL,
            at REAL NOT NULL,
            record TEXT NOT NULL)"""
    )
    connection.execute("CREATE INDEX events_by_turn ON events(turn)")
    connection.execute("CREATE TABLE facts(name TEXT PRIMARY KEY, value TEXT NOT NULL)")
    connection.execute(
        """CREATE TRIGGER events_keep BEFORE UPDATE ON events
            BEGIN SELECT RAISE(ABORT, 'the event log is append-only'); END"""
    )
    connection.execute(
        """CREATE TRIGGER events_stay BEFORE DELETE ON events
            BEGIN SELECT RAISE(ABORT, 'the event log is append-only'); END"""
    )


MIGRATIONS = (_create,)


class EventLog:
    """Events of a session in the order in which they happened."""

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        self._database = open_database(path, "events", MIGRATIONS, read_only=read_only)
        self._read: list[tuple[int, Event]] | None = None

    def append(self, turn: int, event: Event) -> None:
        """Write an event; tokens are left out, since the model's message holds them."""
        if isinstance(event, Token):
            return
        record = json.dumps(event_to_dict(event), ensure_ascii=False)
        if not is_well_formed(record):  # escaped, such text can be stored as it is
            record = json.dumps(event_to_dict(event))
        self._execute(
            "INSERT INTO events(turn, at, record) VALUES (?, ?, ?)", (turn, time.time(), record)
        )
        if self._read is not None:
            self._read.append((turn, event))

    def events(self, turn: int | None = None) -> Iterator[Event]:
        """All events, or those of one turn."""
        return (event for number, event in self.numbered() if turn in (None, number))

    def numbered(self) -> Iterator[tuple[int, Event]]:
        """All events with their turn. Kinds that this version does not know are skipped."""
        if self._read is None:  # read once; the session is the file's only writer
            self._read = list(self._stored())
        return iter(tuple(self._read))

    def _stored(self) -> Iterator[tuple[int, Event]]:
        for turn, record in self._database.query("SELECT turn, record FROM events ORDER BY seq"):
            try:
                yield int(turn), event_from_dict(json.loads(record))
            except (KeyError, TypeError):
                continue

    def last_turn(self) -> int:
        """The number of the last turn; 0 when there is none."""
        rows = self._database.query("SELECT COALESCE(MAX(turn), 0) FROM events")
        return int(rows[0][0])

    def fact(self, name: str) -> Any:
        """A fact about the session (start time, model, …), or ``None``."""
        rows = self._database.query("SELECT value FROM facts WHERE name = ?", (name,))
        return json.loads(rows[0][0]) if rows else None

    def set_fact(self, name: str, value: Any) -> None:
        """Keep a fact about the session."""
        self._execute(
            "INSERT OR REPLACE INTO facts(name, value) VALUES (?, ?)", (name, json.dumps(value))
        )

    def _execute(self, sql: str, parameters: Sequence[Any]) -> None:
        with self._database.transaction() as connection:
            connection.execute(sql, parameters)

    def close(self) -> None:
        """Close the file."""
        self._database.close()
