"""Programs: what prints parses back, and what is no program is refused in a sentence."""

from __future__ import annotations

import contextlib
import keyword

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labhand.tools.contract import Program, Reference, Slot, parse_program
from labhand.tools.contract.errors import FrameError
from labhand.tools.contract.program import Call, fill

_names = st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True).filter(
    lambda n: not keyword.iskeyword(n)
)
_literals = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text()
)


@st.composite
def programs(draw: st.DrawFn) -> Program:
    """A program of one to four steps; the last one has the name that a parser gives it."""
    count = draw(st.integers(1, 4))
    named = draw(st.lists(_names, min_size=count - 1, max_size=count - 1, unique=True))
    steps: list[Call] = []
    for number in range(count):
        earlier = [s.name for s in steps]
        value = _literals | st.builds(Slot, _names)
        if earlier:
            value |= st.builds(Reference, st.sampled_from(earlier), _names)
        value |= st.lists(value, max_size=3).map(tuple)
        arguments = draw(st.dictionaries(_names, value, max_size=3))
        name = named[number] if number < count - 1 else f"s{count}"
        steps.append(Call(draw(_names), tuple(arguments.items()), name))
    return Program(tuple(steps))


@given(programs())
def test_what_prints_parses_back(program: Program) -> None:
    assert parse_program(str(program)) == program


@given(st.text(max_size=40))
def test_any_text_is_a_program_or_an_error_of_the_house(text: str) -> None:
    with contextlib.suppress(FrameError):
        program = parse_program(text)
        assert str(parse_program(str(program))) == str(program)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# nothing",
        "molar_mass",
        "molar_mass('CCO')",
        "molar_mass(smiles=",
        "tool(x=y)",
        "tool(x=b.mass)",
        "tool(x=[[1]])",
        "tool(x={1: 2})",
        "tool(x={1, 2})",
        "tool(x=(1, 2))",
        "tool(x=b'bytes')",
        "tool(x=1 + 2j)",
        "tool(x=1e999)",
        "tool(x={[]: 1})",
        "tool(x=f())",
        "tool(x=__import__('os').system('ls'))",
        "tool(**{'x': 1})",
        "tool(x=1, x=2)",
        "a = b = tool(x=1)",
        "a, b = tool(x=1)",
        "a.b = tool(x=1)",
        "a: int = tool(x=1)",
        "a.tool(x=1)",
        "import os",
        "lambda: 1",
        "tool(x=1)\0",
        "tool(x=" + "(" * 5000 + "1" + ")" * 5000 + ")",
        "tool(x=" + "-" * 5000 + "1)",
    ],
)
def test_what_is_no_program_is_refused(text: str) -> None:
    with pytest.raises(FrameError):
        parse_program(text)


def test_a_step_may_use_only_earlier_ones() -> None:
    program = parse_program(
        "b = balance(equation={equation}); grams(of={molecule_2}, e=b.balanced)"
    )
    assert program.slots() == (Slot("equation"), Slot("molecule_2"))
    assert program.last.argument("e") == Reference("b", "balanced")
    with pytest.raises(FrameError, match="'b'"):
        parse_program("grams(e=b.balanced); b = balance(equation={equation})")
    with pytest.raises(KeyError):
        program.last.argument("x")


def test_slots_are_filled_where_a_value_is_given() -> None:
    assert Slot("molecule_2").base == "molecule"
    assert Slot("formula").base == "formula"
    assert fill(Slot("a"), {"a": "x"}) == "x"
    assert fill(Slot("b"), {"a": "x"}) == Slot("b")
    assert fill((Slot("a"), 1), {"a": "x"}) == ("x", 1)
    assert fill("a", {"a": "x"}) == "a"
