"""Strategy files: what is accepted, what is refused, and when a hash changes."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from labhand.prompts.loader import (
    FOLDER,
    load_strategy,
    parse_strategy,
    read_strategy,
    strategy_names,
)
from labhand.tools.contract.errors import ConfigurationError, StrategyError

SYSTEM = "{{persona}} {{rules}} {{reasoning}} {{tools}}"
GOOD: dict[str, Any] = {
    "name": "mine",
    "description": "A strategy.",
    "persona": "You are a chemist.",
    "system": SYSTEM,
}


@pytest.mark.parametrize("name", strategy_names())
def test_every_strategy_that_ships_loads(name: str) -> None:
    strategy = load_strategy(name)
    assert strategy.name == name
    assert len(strategy.hash) == 64


def test_hashes_tell_strategies_apart_and_are_stable() -> None:
    hashes = {load_strategy(n).hash for n in strategy_names()}
    assert len(hashes) == len(strategy_names()) >= 2
    assert parse_strategy(GOOD).hash == parse_strategy(dict(reversed(GOOD.items()))).hash


@pytest.mark.parametrize(
    "change",
    [
        {"persona": "You are a physicist."},
        {"reasoning": "react"},
        {"refine_rounds": 1},
        {"samples": 3, "temperature": 0.7},
        {"system": SYSTEM + "!"},
    ],
)
def test_any_change_of_content_changes_the_hash(change: dict) -> None:
    assert parse_strategy({**GOOD, **change}).hash != parse_strategy(GOOD).hash


def test_a_comment_in_the_file_does_not(tmp_path: Path) -> None:
    text = (FOLDER / "zero_shot.toml").read_text("utf-8")
    copy = tmp_path / "zero_shot.toml"
    copy.write_text(f"# a comment\n{text}", "utf-8")
    assert read_strategy(copy).hash == load_strategy("zero_shot").hash


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"personna": "x"}, "Did you mean 'persona'?"),
        ({"sampels": 2}, "Did you mean 'samples'?"),
        ({"examples": {"mode": "fixed", "cuont": 2}}, "Did you mean 'count'?"),
        ({"xyz": 1}, "The keys are: name"),
        ({"reasoning": "telepathy"}, "reasoning"),
        ({"samples": 0}, "samples"),
        ({"samples": 5}, "temperature above 0"),
        ({"refine_rounds": -1}, "refine_rounds"),
        ({"temperature": 9}, "temperature"),
        ({"name": "My Strategy"}, "name"),
        ({"persona": "{{name}}"}, "plain text"),
        ({"system": "{{persona}} {{rules}} {{tools}}"}, "lacks {{reasoning}}"),
        ({"system": SYSTEM + "{{date}}"}, "uses {{date}}"),
        ({"system": SYSTEM + "{{examples}}"}, "uses {{examples}}"),
        ({"system": SYSTEM + "{{ tools }}"}, "malformed variable"),
        ({"examples": {"mode": "fixed", "count": 3}}, "lacks {{examples}}"),
        ({"examples": {"mode": "none", "count": 3}}, "mode 'none'"),
        ({"examples": {"mode": "nearest"}}, "needs a count"),
        (
            {
                "system": SYSTEM + "{{examples}}",
                "examples": {"mode": "fixed", "count": 1, "list": [{"question": "q"}]},
            },
            "examples.list.0.answer",
        ),
    ],
)
def test_what_is_wrong_is_named(change: dict, said: str) -> None:
    with pytest.raises(StrategyError) as caught:
        parse_strategy({**GOOD, **change}, "mine.toml")
    assert said in str(caught.value)
    assert "mine.toml" in caught.value.message


@pytest.mark.parametrize("key", list(GOOD))
def test_what_is_missing_is_named(key: str) -> None:
    with pytest.raises(StrategyError, match=f"'{key}' is missing"):
        parse_strategy({k: v for k, v in GOOD.items() if k != key})


def test_what_later_strategies_need_is_understood() -> None:
    nearest = {
        "system": SYSTEM + "{{examples}}",
        "examples": {"mode": "nearest", "count": 4},
        "reasoning": "plan_first",
        "samples": 5,
        "temperature": 0.8,
        "refine_rounds": 2,
    }
    strategy = parse_strategy({**GOOD, **nearest})
    assert strategy.examples.count == 4
    with pytest.raises(ValueError, match="frozen"):
        strategy.samples = 1  # type: ignore[misc]


def test_an_unknown_strategy_names_near_ones() -> None:
    with pytest.raises(ConfigurationError, match="few_shots") as caught:
        load_strategy("few_shots")
    assert "Did you mean few_shot" in caught.value.remedy
    with pytest.raises(ConfigurationError):
        load_strategy("../strategies/few_shot")


def test_broken_files_are_said(tmp_path: Path) -> None:
    broken = tmp_path / "broken.toml"
    broken.write_text("name = ", "utf-8")
    with pytest.raises(StrategyError, match="not valid TOML"):
        read_strategy(broken)
    with pytest.raises(StrategyError, match="cannot be read"):
        read_strategy(tmp_path / "none.toml")
    other = tmp_path / "other.toml"
    other.write_text((FOLDER / "zero_shot.toml").read_text("utf-8"), "utf-8")
    with pytest.raises(StrategyError, match="Name it 'other'"):
        read_strategy(other)


def test_the_strategies_are_part_of_the_package() -> None:
    project = Path(__file__).parents[2] / "pyproject.toml"
    data = tomllib.loads(project.read_text("utf-8"))["tool"]["setuptools"]["package-data"]
    assert "strategies/*.toml" in data["labhand.prompts"]
