"""A session on disk: its folder, its file, and who has it open."""

from __future__ import annotations

import contextlib
import os
import secrets
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, Any

from ..tools.contract.errors import NoSuchSessionError, StorageError
from ..tools.contract.home import home as default_home
from ..tools.ledger.store import Ledger
from .events import Event
from .log import EventLog

FILE_NAME = "session.sqlite"


class SessionStore:
    """The folder of one session: ``session.sqlite`` (log and ledger), ``files/``, a lock."""

    def __init__(self, home: Path, identifier: str) -> None:
        self.home = home
        self.id = identifier
        self.folder = home / "sessions" / identifier
        self.files = self.folder / "files"
        self._lock = _locked(self.folder)
        try:
            self.log = EventLog(self.folder / FILE_NAME)
            self.ledger = Ledger(self.folder / FILE_NAME)
        except BaseException:
            self._lock.close()
            raise

    @classmethod
    def open(cls, home: Path | None = None, resume: str | None = None) -> SessionStore:
        """A new session, or the one to resume.

        Raises:
            NoSuchSessionError: there is no such session (or several that begin so).
            StorageError: it cannot be opened, or another program has it open.
        """
        base = home or default_home()
        if resume is not None:
            return cls(base, find_session(base, resume))
        store = cls(base, new_identifier())
        store.remember(started=time.time())
        return store

    def conversation(self) -> Iterator[tuple[int, Event]]:
        """The events that still belong to the conversation (``/undo`` and ``/clear`` forget)."""
        forgotten = set(self.log.fact("forgotten") or ())
        return ((n, e) for n, e in self.log.numbered() if n not in forgotten)

    def forget(self, turns: Sequence[int]) -> None:
        """Leave turns out of the conversation; the log keeps them."""
        self.log.set_fact("forgotten", sorted({*(self.log.fact("forgotten") or ()), *turns}))

    def fact(self, name: str) -> Any:
        """A fact about the session, or ``None``."""
        return self.log.fact(name)

    def remember(self, **facts: Any) -> None:
        """Keep facts about the session."""
        for name, value in facts.items():
            self.log.set_fact(name, value)

    def close(self) -> None:
        """Close the file; a session in which nothing was ever asked leaves nothing behind."""
        try:
            empty = self.log.last_turn() == 0 and len(self.ledger) == 0
        except StorageError:
            empty = False
        self.log.close()
        self.ledger.close()
        self._lock.close()
        if empty:
            _remove(self.folder)


def new_identifier() -> str:
    """A name that sorts by time: ``20261121-064512-a1b2``."""
    return f"{time.strftime('%Y%m%d-%H%M%S')}-{secrets.token_hex(2)}"


def find_session(home: Path, text: str) -> str:
    """The identifier that is, or uniquely begins with, ``text``.

    Raises:
        NoSuchSessionError: none or several fit.
    """
    folder = home / "sessions"
    names = sorted(p.name for p in folder.glob("*") if (p / FILE_NAME).exists())
    fitting = [n for n in names if n == text] or [n for n in names if text and n.startswith(text)]
    if len(fitting) == 1:
        return fitting[0]
    problem = "several sessions begin with" if fitting else "there is no session"
    raise NoSuchSessionError(f"{problem} {text!r}.", "See 'labhand sessions list'.", resume=text)


def _locked(folder: Path) -> IO[str]:
    """Hold the session's lock; the kernel frees it when the process ends, however it ends."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle = open(folder / "lock", "a+", encoding="utf-8")  # noqa: SIM115 - held open
    except OSError as error:
        raise StorageError(
            f"the session's folder {folder} cannot be used: {error.strerror or error}.",
            "Check the disk and your rights, or set LABHAND_HOME to another folder.",
        ) from error
    try:
        import fcntl
    except ImportError:  # not POSIX: sessions are not guarded there
        return handle
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        handle.close()
        raise StorageError(
            f"the session {folder.name} is open in another labhand.",
            "Close it there, or begin a new session.",
        ) from error
    return handle


def _remove(folder: Path) -> None:
    with contextlib.suppress(OSError):
        for path in sorted(folder.rglob("*"), reverse=True):
            path.rmdir() if path.is_dir() else os.unlink(path)
        folder.rmdir()
