"""The sessions on disk: list them, find the latest, write one out."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from ..tools.contract import LabhandError, Observation
from ..tools.contract.errors import NoSuchSessionError
from ..tools.contract.home import home as default_home
from ..tools.ledger.store import Ledger
from .events import TurnFinished, TurnStarted, event_to_dict
from .log import EventLog
from .rendering import format_quantity
from .store import FILE_NAME, find_session

Format = Literal["json", "markdown"]


@dataclass(frozen=True, slots=True)
class SessionInfo:
    """What a list of sessions shows.

    ``started`` is in seconds since the epoch; ``bytes`` is the size of the session's
    file; ``problem`` says why a file could not be read (the list goes on without it).
    """

    id: str
    started: float
    turns: int
    model: str
    first_question: str
    bytes: int
    problem: str = ""


def list_sessions(home: Path | None = None) -> list[SessionInfo]:
    """Every session, the latest first; a damaged one is listed with its problem."""
    folder = (home or default_home()) / "sessions"
    paths = sorted(folder.glob(f"*/{FILE_NAME}"), reverse=True)
    return [_info(path) for path in paths]


def latest(home: Path | None = None) -> str:
    """The identifier of the latest session in which something was asked.

    Raises:
        NoSuchSessionError: there is none.
    """
    for info in list_sessions(home):
        if info.turns and not info.problem:
            return info.id
    raise NoSuchSessionError("there is no session to go on with.", "Begin one: labhand chat.")


def _info(path: Path) -> SessionInfo:
    name, size = path.parent.name, path.stat().st_size
    try:
        log = EventLog(path, read_only=True)
        try:
            started = [e for e in log.events() if isinstance(e, TurnStarted)]
            return SessionInfo(
                id=name,
                started=float(log.fact("started") or 0.0),
                turns=len(started),
                model=str(log.fact("model") or ""),
                first_question=started[0].question if started else "",
                bytes=size,
            )
        finally:
            log.close()
    except LabhandError as error:
        return SessionInfo(name, path.stat().st_mtime, 0, "", "", size, error.message)


def export_session(home: Path | None, identifier: str, form: Format) -> str:
    """A whole session as one text: all events and observations, or a readable page.

    Raises:
        NoSuchSessionError: there is none of this name.
        StorageError: its file cannot be read.
    """
    base = home or default_home()
    path = base / "sessions" / find_session(base, identifier) / FILE_NAME
    log = EventLog(path, read_only=True)
    ledger = Ledger(path, read_only=True)
    try:
        if form == "json":
            return _as_json(path.parent.name, log, ledger)
        return _as_markdown(path.parent.name, log, ledger)
    finally:
        log.close()
        ledger.close()


def _as_json(identifier: str, log: EventLog, ledger: Ledger) -> str:
    record = {
        "session": identifier,
        "started": log.fact("started"),
        "model": log.fact("model"),
        "strategy": log.fact("strategy"),
        "events": [{"turn": n, **event_to_dict(e)} for n, e in log.numbered()],
        "observations": [o.model_dump(mode="json") for o in ledger.all()],
    }
    return json.dumps(record, ensure_ascii=False, indent=1) + "\n"


def _as_markdown(identifier: str, log: EventLog, ledger: Ledger) -> str:
    begun = time.strftime("%Y-%m-%d %H:%M", time.localtime(float(log.fact("started") or 0.0)))
    lines = [f"# Session {identifier}", "", f"Begun {begun}; model {log.fact('model')}.", ""]
    for event in log.events():
        if isinstance(event, TurnStarted):
            lines += [f"## {event.question.splitlines()[0]}", ""]
        elif isinstance(event, TurnFinished):
            lines += [str(event.reply.get("answer") or event.reply.get("reason") or ""), ""]
    lines += ["## Evidence", ""]
    for observation in ledger.all():
        lines += _evidence_lines(observation)
    return "\n".join(lines).rstrip() + "\n"


def _evidence_lines(observation: Observation) -> list[str]:
    arguments = ", ".join(f"{k}={v!r}" for k, v in observation.arguments.items() if v is not None)
    lines = [f"- **{observation.id}** `{observation.tool}({arguments})`"]
    for quantity in observation.quantities:
        notes = [f"{k}: {v}" for k, v in quantity.conditions.items()]
        notes += [quantity.nature, quantity.source or ""]
        noted = "; ".join(n for n in notes if n)
        lines.append(f"  - {quantity.property}: {format_quantity(quantity)} ({noted})")
    lines += [f"  - warning: {w}" for w in observation.warnings]
    lines += [f"  - file: `{a.path}` (SHA-256 {a.sha256})" for a in observation.artifacts]
    if observation.method:
        lines.append(f"  - method: {observation.method}")
    if observation.reference:
        lines.append(f"  - reference: {observation.reference}")
    return lines
