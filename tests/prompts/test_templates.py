"""The template engine: strict in both directions, and nothing is expanded twice."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labhand.prompts.templates import fill_template, variables_of
from labhand.tools.contract.errors import StrategyError


@pytest.mark.parametrize(
    ("template", "values", "said"),
    [
        ("{{tools}}", {}, "needs {{tools}}"),
        ("{{tools}}", {"tool": "x"}, "Did you mean {{tool}}?"),
        ("{{tools}}", {"tools": "x", "rules": "y"}, "does not use {{rules}}"),
        ("plain", {"tools": "x"}, "does not use {{tools}}"),
        ("{{ tools }}", {"tools": "x"}, "malformed"),
        ("{{tools", {"tools": "x"}, "malformed"),
        ("tools}}", {}, "malformed"),
        ("{{}}", {}, "malformed"),
        ("{{a.b}}", {}, "malformed"),
        ("{{Tools}}", {}, "malformed"),
    ],
)
def test_whatever_does_not_fit_is_refused(template: str, values: dict, said: str) -> None:
    with pytest.raises(StrategyError) as caught:
        fill_template(template, values)
    assert said in str(caught.value)


@given(value=st.text(), other=st.text())
def test_values_are_put_in_as_they_are(value: str, other: str) -> None:
    # Whatever a value holds, braces and variables included, it reaches no further.
    assert fill_template("[{{a}}|{{b}}|{{a}}]", {"a": value, "b": other}) == (
        f"[{value}|{other}|{value}]"
    )


def test_a_variable_inside_a_value_is_text() -> None:
    assert fill_template("{{a}} {{b}}", {"a": "{{b}}", "b": "secret"}) == "{{b}} secret"


@given(st.text())
def test_any_text_is_a_template_or_an_error(text: str) -> None:
    try:
        names = variables_of(text)
    except StrategyError:
        return
    assert "{{" not in fill_template(text, dict.fromkeys(names, ""))


def test_references_to_evidence_are_plain_text() -> None:
    assert fill_template("say {o1.smiles[2]} {{a}}", {"a": "x"}) == "say {o1.smiles[2]} x"
