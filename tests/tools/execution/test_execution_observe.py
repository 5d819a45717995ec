"""What a model is shown is short, and says what it leaves out."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from labhand.testing.tools import example_registry
from labhand.tools.contract import Finding, Observation, Quantity
from labhand.tools.execution import progress
from labhand.tools.execution.artifacts import safe_name
from labhand.tools.execution.observe import LONGEST_TEXT, observe, shortened


def _observation(*values: object, text: str = "", warnings: tuple[str, ...] = ()) -> Observation:
    quantities = tuple(Quantity(property="p", value=v) for v in values)  # type: ignore[arg-type]
    return Observation(id="o1", tool="t", quantities=quantities, text=text, warnings=warnings)


def test_a_short_observation_is_left_alone() -> None:
    observation = _observation(1, "CCO", [1, 2], text="fine", warnings=("careful",))
    assert shortened(observation) == (observation, [])


@settings(max_examples=50, deadline=None)
@example(values=["a\rb\n" * 2000, 'say "yes", ' * 700], text="", warnings=[])
@given(
    values=st.lists(
        st.integers()
        | st.text(max_size=10).map(lambda t: t * 300)
        | st.lists(st.integers(), max_size=80),
        max_size=40,
    ),
    text=st.text(max_size=20).map(lambda t: t * 200),
    warnings=st.lists(st.text(max_size=10).map(lambda t: t * 50), max_size=30),
)
def test_nothing_long_reaches_a_model_and_nothing_is_lost(
    values: list[object], text: str, warnings: list[str]
) -> None:
    observation = _observation(*values, text=text, warnings=tuple(warnings))
    shorter, files = shortened(observation)
    assert len(shorter.for_model()) <= LONGEST_TEXT
    names = {f.name for f in files}
    if shorter.quantities != observation.quantities:
        table = next(f for f in files if f.name == "values.csv")
        rows = list(csv.DictReader(io.StringIO(str(table.content), newline="")))
        flat = [e for v in values for e in (v if isinstance(v, list) else [v])]
        assert [r["value"] for r in rows] == [str(e) for e in flat]
        assert "values.csv" in shorter.text
    if observation.text != shorter.text.partition(" All are in")[0] and len(text) > 1500:
        assert "summary.txt" in names


def test_a_text_that_does_not_fit_is_left_out_rather_than_cut() -> None:
    structure = "C" * 10_000
    shorter, files = shortened(_observation(7, structure, 8))
    assert [q.value for q in shorter.quantities] == [7, 8]
    assert "2 of 3 results" in shorter.text
    assert structure in str(files[0].content)


def test_the_tool_fills_in_method_and_reference_unless_the_finding_names_its_own() -> None:
    text_length = example_registry()["text_length"]
    value = Quantity(property="text_length", value=1)
    plain = observe(text_length, Finding((value,)), observation_id="o1", arguments={})
    assert (plain.method, plain.reference) == ("counting", "")
    own = observe(
        text_length,
        Finding((value,), method="other", reference="10.1/x"),
        observation_id="o1",
        arguments={},
    )
    assert (own.method, own.reference) == ("other", "10.1/x")


@given(st.text())
def test_no_name_leaves_its_folder(name: str) -> None:
    safe = safe_name(name)
    assert safe
    assert "/" not in safe
    assert "\\" not in safe
    assert "\x00" not in safe
    assert safe not in (".", "..")
    assert not safe.startswith(".")
    assert len(safe.encode()) <= 120
    assert safe_name(safe) == safe


def test_progress_says_nothing_where_nobody_listens() -> None:
    progress.report("anything", 0.5)


def test_progress_is_held_to_a_rate_but_the_end_is_told() -> None:
    seen: list[float | None] = []
    progress.send_to(lambda text, fraction: seen.append(fraction))
    try:
        for step in range(1001):
            progress.report("step", step / 1000)
        progress.report("beyond", 7.0)
    finally:
        progress.send_to(None)
    assert seen[0] == 0.0
    assert seen[-1] == 1.0
    assert len(seen) < 10


@pytest.mark.parametrize("count", [0, 1, 20, 50])
def test_short_lists_stay_whole(count: int) -> None:
    observation = _observation(list(range(count)))
    assert shortened(observation)[0].quantities == observation.quantities
