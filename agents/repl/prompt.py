"""The line where one types: keys, history, completion, status line."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from prompt_toolkit import PromptSession
from prompt_toolkit.completion import CompleteEvent, Completer, Completion, PathCompleter
from prompt_toolkit.document import Document
from prompt_toolkit.filters import Condition
from prompt_toolkit.history import FileHistory, History, InMemoryHistory
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.styles import Style

from .commands import COMMANDS
from .state import State

_STYLE = Style.from_dict({"bottom-toolbar": "noreverse fg:ansibrightblack", "prompt": "bold"})


class ChatCompleter(Completer):
    """``/`` opens the menu of commands and what they take; ``@`` completes file names."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._paths = PathCompleter(expanduser=True)

    def get_completions(
        self, document: Document, complete_event: CompleteEvent
    ) -> Iterable[Completion]:
        """What may follow the text before the cursor."""
        text = document.text_before_cursor
        word = text.rsplit(None, 1)[-1] if text and not text[-1].isspace() else ""
        if text.startswith("/"):
            yield from self._command(text, word)
        elif word.startswith("@"):
            inner = Document(word[1:], len(word) - 1)
            yield from self._paths.get_completions(inner, complete_event)

    def _command(self, text: str, word: str) -> Iterable[Completion]:
        name, blank, _ = text[1:].partition(" ")
        if not blank:
            for command in COMMANDS:
                if command.name.startswith(name):
                    yield Completion(
                        f"/{command.name}", -len(text), display_meta=command.description
                    )
            return
        for value in self._values(name):
            if value.startswith(word):
                yield Completion(value, -len(word))

    def _values(self, name: str) -> Iterable[str]:
        state = self._state
        if name == "approvals":
            return ("ask", "all", "never")
        if name == "model":
            return [m.name for m in state.house.models() if m.available]
        if name == "resume":
            return [s.id for s in state.house.list_sessions()]
        if name == "evidence":
            return [o.id for o in state.session.ledger.all()]
        if name == "tools":
            return dict.fromkeys(domain for domain, _, _ in state.house.tools())
        return ()


def history_of(home: Path) -> History:
    """The history file under the home folder; in memory where it cannot be written."""
    try:
        home.mkdir(parents=True, exist_ok=True)
        (home / "history").touch(mode=0o600)
    except OSError:
        return InMemoryHistory()
    return FileHistory(str(home / "history"))


def keys(state: State, interrupt: Callable[[], None]) -> KeyBindings:
    """Enter sends, Alt-Enter and a trailing backslash make a line, Ctrl-C interrupts."""
    bindings = KeyBindings()
    running = Condition(lambda: state.running)

    @bindings.add("enter")
    def _(event: KeyPressEvent) -> None:
        buffer = event.current_buffer
        if buffer.complete_state and buffer.complete_state.current_completion:
            buffer.complete_state = None
        elif buffer.document.text_before_cursor.endswith("\\"):
            buffer.delete_before_cursor()
            buffer.insert_text("\n")
        else:
            buffer.validate_and_handle()

    @bindings.add("escape", "enter")
    @bindings.add("c-j")
    def _(event: KeyPressEvent) -> None:
        event.current_buffer.insert_text("\n")

    @bindings.add("c-c")
    @bindings.add("<sigint>")
    def _(event: KeyPressEvent) -> None:
        if state.running:
            interrupt()
        elif event.current_buffer.text:
            event.current_buffer.reset()
        else:
            event.app.exit(exception=KeyboardInterrupt)

    @bindings.add("escape", filter=running)
    def _(_event: KeyPressEvent) -> None:
        interrupt()

    return bindings


def make_prompt(
    state: State, interrupt: Callable[[], None], message: Callable[[], str], **terminal: Any
) -> PromptSession[str]:
    """The prompt.

    Args:
        message: what stands before the cursor.
        terminal: ``input`` and ``output`` of prompt_toolkit, for tests.
    """
    return PromptSession(
        message=message,
        multiline=True,
        completer=ChatCompleter(state),
        complete_while_typing=True,
        history=history_of(state.house.home),
        key_bindings=keys(state, interrupt),
        enable_open_in_editor=True,
        bottom_toolbar=lambda: " " + state.status_line(),
        prompt_continuation="  ",
        reserve_space_for_menu=6,
        refresh_interval=0.5,
        style=_STYLE,
        **terminal,
    )
