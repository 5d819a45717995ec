"""Frames: the ways of asking for what a tool does, kept beside the tool.

A tool ``tools/molecules/molar_mass.py`` keeps them in ``molar_mass.toml``::

    [examples]                          # values for the slots, for docs, few-shot and eval
    molecule = ["caffeine", "CCO"]

    [choices.which]                     # a choice slot: value of the argument = ways to say it
    boiling_point = ["boiling point", "bp"]

    [[frame]]
    program = "molar_mass(smiles={molecule})"
    answers = ["molar_mass"]            # properties of the last step that answer
    say = "The molar mass of {molecule} is {molar_mass}."
    ask = [
      "what is the molar mass of {molecule}?",
      "how heavy is one mole of {molecule}?",
    ]

    [[negative]]                        # looks like this tool, but is not its to answer
    why = "the mass of a sample needs its amount"
    ask = ["how much does my bottle of {molecule} weigh?"]

In ``say``, ``{slot}`` is what the person wrote, ``{property}`` a property of the
last step, ``{step.property}`` one of an earlier step; a boolean may choose its words,
``{contains_group:Yes|No}``, and a number its unit, ``{boiling_point:degC}``.

Slots and what fills them are in ``SLOTS``; a slot may carry a number
(``{molecule_2}``), and a name from ``[choices]`` is a slot too.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .errors import FrameError
from .program import Program, Slot, parse_program

#: slot → (label of the placeholder that fills it, details allowed; empty = any).
SLOTS: dict[str, tuple[str, tuple[str, ...]]] = {
    "molecule": ("MOL", ()),
    "formula": ("MOL", ("formula",)),
    "equation": ("EQN", ()),
    "expression": ("EXPR", ()),
    "quantity": ("QTY", ()),
    "temperature": ("QTY", ("temperature",)),
    "pressure": ("QTY", ("pressure",)),
    "mass": ("QTY", ("mass",)),
    "amount": ("QTY", ("mass", "substance", "volume")),
    "unit": ("UNIT", ()),
    "number": ("NUM", ()),
}

_SLOT = re.compile(r"\{([a-z_]+(?:_\d+)?)\}")


@dataclass(frozen=True, slots=True)
class Frame:
    """One program and the ways of asking for it."""

    tool: str
    program: Program
    ask: tuple[str, ...]
    answers: tuple[str, ...]
    say: str = ""

    def slots_of(self, template: str) -> tuple[str, ...]:
        """The slot names that occur in one way of asking."""
        return tuple(dict.fromkeys(_SLOT.findall(template)))


@dataclass(frozen=True, slots=True)
class Negative:
    """Ways of asking that look like this tool's, but that it must not answer."""

    tool: str
    ask: tuple[str, ...]
    why: str


@dataclass(frozen=True, slots=True)
class FrameSet:
    """Everything that one frames file holds."""

    tool: str
    frames: tuple[Frame, ...] = ()
    negatives: tuple[Negative, ...] = ()
    choices: Mapping[str, Mapping[str, tuple[str, ...]]] = field(
        default_factory=dict[str, Mapping[str, tuple[str, ...]]]
    )
    examples: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])


def slot_base(name: str) -> str:
    """``molecule_2`` → ``molecule``."""
    return Slot(name).base


def load_frames(path: Path, tool: str) -> FrameSet:
    """Read and check one frames file.

    Raises:
        FrameError: the file is missing or does not meet the contract; the message
            names the file and the entry.
    """
    try:
        table = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError as error:
        raise FrameError(
            f"the tool {tool} has no frames.", f"Write {path.name} beside it."
        ) from error
    except OSError as error:
        raise FrameError(f"{path} cannot be read: {error.strerror or error}.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise FrameError(f"{path.name} is not valid TOML: {error}.") from error
    return parse_frames(table, tool)


def parse_frames(table: Mapping[str, Any], tool: str) -> FrameSet:
    """Check the content of a frames file (see the module's docstring for its form)."""
    unknown = set(table) - {"examples", "choices", "frame", "negative"}
    if unknown:
        raise FrameError(f"{tool}: unknown tables in the frames file: {sorted(unknown)}.")
    try:
        choices: dict[str, dict[str, tuple[str, ...]]] = {
            slot: {value: _texts(words, tool) for value, words in values.items()}
            for slot, values in table.get("choices", {}).items()
        }
        frames = tuple(_frame(entry, tool, set(choices)) for entry in table.get("frame", []))
        negatives = tuple(
            Negative(tool, _texts(entry["ask"], tool), str(entry["why"]))
            for entry in table.get("negative", [])
        )
        examples: dict[str, tuple[str, ...]] = {
            # Numbers may stand there without quotes.
            slot: _texts(v if isinstance(v, str) else list(map(str, v)), tool)
            for slot, v in table.get("examples", {}).items()
        }
    except KeyError as error:
        raise FrameError(f"{tool}: a [[negative]] lacks {error}.") from error
    except (AttributeError, TypeError) as error:
        raise FrameError(
            f"{tool}: the frames file has a value where a table or a list belongs ({error}).",
            "See the form in the docstring of frames.py.",
        ) from error
    return FrameSet(tool, frames, negatives, choices, examples)


def _texts(value: Any, tool: str) -> tuple[str, ...]:
    """A list of texts; a bare text would otherwise be taken for a list of letters."""
    if not isinstance(value, list) or not all(isinstance(v, str) for v in value):  # pyright: ignore[reportUnknownVariableType]
        raise FrameError(f"{tool}: {value!r} must be a list of texts.", "Put it into [ ].")
    return tuple(value)  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]


def _frame(entry: Mapping[str, Any], tool: str, choices: set[str]) -> Frame:
    try:
        program = parse_program(entry["program"])
        frame = Frame(
            tool=tool,
            program=program,
            ask=_texts(entry["ask"], tool),
            answers=_texts(entry["answers"], tool),
            say=entry.get("say", ""),
        )
    except KeyError as error:
        raise FrameError(f"{tool}: a frame lacks {error}.") from error
    for slot in program.slots():
        if slot.base not in SLOTS and slot.base not in choices:
            raise FrameError(
                f"{tool}: the slot {{{slot.name}}} is unknown.",
                f"Use one of {sorted(SLOTS)} or define it under [choices].",
            )
    needed = {s.name for s in program.slots()}
    for template in frame.ask:
        missing = needed - set(frame.slots_of(template))
        if missing:
            raise FrameError(f"{tool}: {template!r} does not fill {sorted(missing)}.")
        extra = set(frame.slots_of(template)) - needed
        if extra:
            raise FrameError(
                f"{tool}: {template!r} has slots that its program never uses: {extra}."
            )
    return frame
