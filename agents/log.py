"""The event log: an append-only table in the session's file, the only memory there is."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ..tools.ledger.database import open_database
from .events import Event, Token, event_from_dict, event_to_dict


def _create(connection: sqlite3.Connection) -> None:
    connection.executescript(
        """
        CREATE TABLE events(
            seq INTEGER PRIMARY KEY AUTOINCREMENT,
            turn INTEGER NOT NULL,
            at REAL NOT NULL,
            record TEXT NOT NULL);
        CREATE INDEX events_by_turn ON events(turn);
        CREATE TABLE facts(name TEXT PRIMARY KEY, value TEXT NOT NULL);
        CREATE TRIGGER events_keep BEFORE UPDATE ON events
            BEGIN SELECT RAISE(ABORT, 'the event log is append-only'); END;
        """
    )


MIGRATIONS = (_create,)


class EventLog:
    """Events of a session in the order in which they happened."""

    def __init__(self, path: Path) -> None:
        self._database = open_database(path, MIGRATIONS, component="events")

    def append(self, turn: int, event: Event) -> None:
        """Write an event; tokens are left out, since the model's message holds them."""
        if isinstance(event, Token):
            return
        record = json.dumps(event_to_dict(event), ensure_ascii=False)
        self._database.execute(
            "INSERT INTO events(turn, at, record) VALUES (?, ?, ?)", (turn, time.time(), record)
        )

    def events(self, turn: int | None = None) -> Iterator[Event]:
        """All events, or those of one turn. Kinds that this version does not know are skipped."""
        where, values = ("WHERE turn = ?", (turn,)) if turn is not None else ("", ())
        for (record,) in self._database.query(
            f"SELECT record FROM events {where} ORDER BY seq", values
        ):
            try:
                yield event_from_dict(json.loads(record))
            except (KeyError, TypeError):
                continue

    def last_turn(self) -> int:
        """The number of the last turn; 0 when there is none."""
        rows = self._database.query("SELECT COALESCE(MAX(turn), 0) FROM events")
        return int(rows[0][0])

    def forget_turn(self, turn: int) -> None:
        """Take a turn out of the conversation (``/undo``); its observations stay in the ledger."""
        self._database.execute("DELETE FROM events WHERE turn = ?", (turn,))

    def fact(self, name: str) -> Any:
        """A fact about the session (start time, model, …), or ``None``."""
        rows = self._database.query("SELECT value FROM facts WHERE name = ?", (name,))
        return json.loads(rows[0][0]) if rows else None

    def set_fact(self, name: str, value: Any) -> None:
        """Keep a fact about the session."""
        self._database.execute(
            "INSERT OR REPLACE INTO facts(name, value) VALUES (?, ?)", (name, json.dumps(value))
        )

    def close(self) -> None:
        """Close the file."""
        self._database.close()
