"""Frames files: good ones load, and each kind of mistake is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from labhand.tools.contract import Slot
from labhand.tools.contract.errors import FrameError
from labhand.tools.contract.frames import load_frames, slot_base

GOOD = """
[examples]
molecule = ["caffeine", "CCO"]
number = [1, 2.5]

[choices.which]
boiling_point = ["boiling point", "bp"]

[[frame]]
program = "look_up(of={molecule}, which={which})"
answers = ["value"]
say = "It is {value}."
ask = ["{which} of {molecule}?", "what {which} has {molecule}?"]

[[negative]]
why = "not ours"
ask = ["how much does {molecule} cost?"]
"""


def _load(tmp_path: Path, text: str | bytes):
    path = tmp_path / "look_up.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return load_frames(path, "look_up")


def test_a_good_file(tmp_path: Path) -> None:
    frames = _load(tmp_path, GOOD)
    (frame,) = frames.frames
    assert frame.program.slots() == (Slot("molecule"), Slot("which"))
    assert frame.slots_of(frame.ask[0]) == ("which", "molecule")
    assert frames.choices["which"]["boiling_point"] == ("boiling point", "bp")
    assert frames.examples == {"molecule": ("caffeine", "CCO"), "number": ("1", "2.5")}
    assert frames.negatives[0].why == "not ours"


def test_an_empty_file_has_no_frames(tmp_path: Path) -> None:
    assert _load(tmp_path, "").frames == ()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("[examples]", "[exampels]", "unknown tables"),
        ("[examples]", "[examples", "not valid TOML"),
        ("which={which})", "which={which}", "does not parse"),
        ("which={which})", "which={colour})", "{colour} is unknown"),
        ("of={molecule}", "{molecule}", "named arguments"),
        ('"{which} of {molecule}?"', '"{which}?"', "does not fill ['molecule']"),
        ('"{which} of {molecule}?"', '"{which} of {molecule} in {unit}?"', "never uses"),
        ('answers = ["value"]', "", "lacks 'answers'"),
        ('answers = ["value"]', 'answers = "value"', "list of texts"),
        ('program = "look_up', 'programme = "look_up', "lacks 'program'"),
        ('why = "not ours"', "", "lacks 'why'"),
        ('ask = ["how much', 'asks = ["how much', "lacks 'ask'"),
        ('["caffeine", "CCO"]', '"caffeine"', "list of texts"),
        ('["caffeine", "CCO"]', "7", "where a table or a list belongs"),
        ("[[negative]]", "[negative]", "where a table or a list belongs"),
        ("[choices.which]", "[choices]", "where a table or a list belongs"),
        ('["boiling point", "bp"]', '"bp"', "list of texts"),
        ('["{which} of {molecule}?", "what {which} has {molecule}?"]', "[1]", "list of texts"),
    ],
)
def test_a_mistake_is_named(tmp_path: Path, old: str, new: str, said: str) -> None:
    text = GOOD.replace(old, new)
    assert text != GOOD
    with pytest.raises(FrameError) as caught:
        _load(tmp_path, text)
    assert said in caught.value.message


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(FrameError, match=r"no frames.*Write missing.toml"):
        load_frames(tmp_path / "missing.toml", "missing")
    with pytest.raises(FrameError, match="cannot be read"):
        load_frames(tmp_path, "folder")
    with pytest.raises(FrameError, match="not valid TOML"):
        _load(tmp_path, b"\xff\xfe\x00binary")


@pytest.mark.parametrize(
    ("slot", "base"), [("molecule", "molecule"), ("molecule_12", "molecule"), ("x_y", "x_y")]
)
def test_a_slot_may_carry_a_number(slot: str, base: str) -> None:
    assert slot_base(slot) == base
