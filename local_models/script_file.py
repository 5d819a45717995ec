"""Scripts as files, for ``--model scripted:PATH``.

A ``.jsonl`` file holds one turn a line (empty lines are skipped)::

    {"calls": [{"name": "molar_mass", "args": {"smiles": "CCO"}}]}
    {"text": "Ethanol weighs {o1.molar_mass}."}

and a ``.toml`` file the same as tables::

    [[turn]]
    calls = [{ name = "molar_mass", args = { smiles = "CCO" } }]

    [[turn]]
    text = "Ethanol weighs {o1.molar_mass}."

A turn has these keys and no others:

=================  ==========================================================
``text``           what the model says
``calls``          tool calls: ``name``, ``args``, and ``id`` if it matters.
                   ``args`` may be a text, which is then taken as it is, so that
                   malformed arguments can be scripted
``finish_reason``  ``"length"`` for a turn that was cut off
``usage``          ``[input_tokens, output_tokens]``
``error``          a sentence: the model is unavailable in this turn (alone)
``repeat``         ``true`` in the last turn: it is said again for ever
=================  ==========================================================
"""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from langchain_core.messages import AIMessage, BaseMessage, InvalidToolCall
from langchain_core.messages.ai import UsageMetadata
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from ..tools.contract.errors import ConfigurationError, ModelUnavailableError
from .scripted import Turn, call


class ScriptedCall(BaseModel):
    """One tool call of a turn."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(min_length=1)
    args: dict[str, Any] | str = Field(default_factory=dict)
    id: str | None = None


class ScriptedTurn(BaseModel):
    """One turn of a script file; calling it makes the message."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    text: str = ""
    calls: tuple[ScriptedCall, ...] = ()
    finish_reason: str | None = None
    usage: tuple[int, int] | None = None
    error: str | None = None
    repeat: bool = False

    @model_validator(mode="after")
    def _says_something(self) -> ScriptedTurn:
        given = self.model_fields_set - {"repeat"}
        if not given & {"text", "calls", "error"}:
            raise ValueError("a turn has a text, calls, or an error")
        if self.error is not None and given != {"error"}:
            raise ValueError("a turn with an error has nothing else")
        return self

    def __call__(self, messages: list[BaseMessage]) -> AIMessage:
        """The message; calls without an ``id`` are numbered by their place in the
        conversation, so that they differ between turns and agree between runs."""
        if self.error is not None:
            raise ModelUnavailableError(self.error, reason="scripted")
        good, bad = [], []
        for number, wanted in enumerate(self.calls, start=1):
            id_ = wanted.id or f"call_{len(messages)}_{number}"
            if isinstance(wanted.args, str):
                bad.append(
                    InvalidToolCall(
                        type="invalid_tool_call",
                        name=wanted.name,
                        args=wanted.args,
                        id=id_,
                        error=None,
                    )
                )
            else:
                good.append(call(wanted.name, id_) | {"args": wanted.args})
        message = AIMessage(self.text, tool_calls=good, invalid_tool_calls=bad)
        if self.usage is not None:
            put, got = self.usage
            message.usage_metadata = UsageMetadata(
                input_tokens=put, output_tokens=got, total_tokens=put + got
            )
        if self.finish_reason is not None:
            message.response_metadata = {"finish_reason": self.finish_reason}
        return message


@dataclass(frozen=True, slots=True)
class Script:
    """The turns of a file, for ``ScriptedChatModel(script=…, repeat_last=…)``."""

    turns: list[Turn]
    repeat_last: bool


def read_script(path: Path) -> Script:
    """Read a script file.

    Raises:
        ConfigurationError: the file cannot be read, or a turn in it is wrong; the
            message says which.
    """
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(
            f"the script {path} cannot be read ({type(error).__name__}).",
            "Write scripted: followed by the path of a .jsonl or .toml file.",
        ) from error
    entries = _toml(text, path) if path.suffix == ".toml" else _jsonl(text, path)
    turns = [_turn(entry, place, path) for place, entry in entries]
    if not turns:
        raise ConfigurationError(f"the script {path} has no turn.", 'Write {"text": "…"} in it.')
    if any(t.repeat for t in turns[:-1]):
        raise ConfigurationError(f"{path}: only the last turn can have repeat.")
    return Script(list(turns), turns[-1].repeat)


def _jsonl(text: str, path: Path) -> list[tuple[str, Any]]:
    entries: list[tuple[str, Any]] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            entries.append((f"line {number}", json.loads(line)))
        except json.JSONDecodeError as error:
            raise ConfigurationError(
                f"{path}, line {number} is not JSON: {error.msg}.", "Write one object a line."
            ) from error
    return entries


def _toml(text: str, path: Path) -> list[tuple[str, Any]]:
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(f"{path} is not TOML: {error}.") from error
    if set(table) != {"turn"} or not isinstance(table["turn"], list):
        raise ConfigurationError(f"{path} is no script.", "Write its turns as [[turn]] tables.")
    return [(f"turn {number}", entry) for number, entry in enumerate(table["turn"], start=1)]


def _turn(entry: Any, place: str, path: Path) -> ScriptedTurn:
    try:
        return ScriptedTurn.model_validate(entry)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise ConfigurationError(
            f"{path}, {place}: {where + ': ' if where else ''}{first['msg']}.",
            "The keys are text, calls, finish_reason, usage, error and repeat.",
        ) from error
