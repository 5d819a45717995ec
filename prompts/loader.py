"""Strategies, read from ``strategies/<name>.toml`` and checked."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from ..tools.contract.errors import ConfigurationError, StrategyError
from .strategy import Examples, ExampleText, Strategy

FOLDER = Path(__file__).resolve().parent / "strategies"


def strategy_names(folder: Path = FOLDER) -> list[str]:
    """The names of the strategies in a folder, sorted."""
    return sorted(path.stem for path in folder.glob("*.toml"))


def load_strategy(name: str, folder: Path = FOLDER) -> Strategy:
    """The strategy of this name.

    Raises:
        ConfigurationError: there is none; near names are named.
        StrategyError: its file does not meet the contract; the message says where.
    """
    names = strategy_names(folder)
    if name not in names:
        near = difflib.get_close_matches(name, names, n=2, cutoff=0.5)
        hint = f"Did you mean {' or '.join(near)}? " if near else ""
        raise ConfigurationError(
            f"there is no strategy {name[:60]!r}.", f"{hint}There are: {', '.join(names)}."
        )
    return read_strategy(folder / f"{name}.toml")


def read_strategy(path: Path) -> Strategy:
    """Read and check one strategy file, wherever it is.

    Raises:
        StrategyError: it cannot be read or does not meet the contract.
    """
    try:
        table = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise StrategyError(f"{path} cannot be read ({type(error).__name__}).") from error
    except tomllib.TOMLDecodeError as error:
        raise StrategyError(f"{path.name} is not valid TOML: {error}.") from error
    strategy = parse_strategy(table, path.name)
    if strategy.name != path.stem:
        raise StrategyError(
            f"{path.name} calls its strategy {strategy.name!r}.", f"Name it {path.stem!r}."
        )
    return strategy


def parse_strategy(table: Mapping[str, Any], origin: str = "the strategy") -> Strategy:
    """Check the content of a strategy file.

    Args:
        origin: what to call it in an error.

    Raises:
        StrategyError: an unknown or missing key, or a value out of range.
    """
    try:
        return Strategy.model_validate(dict(table))
    except ValidationError as error:
        first = error.errors()[0]
        raise StrategyError(*_explain(first, origin)) from error
    except StrategyError as error:
        raise StrategyError(f"{origin}: {error.message}", error.remedy) from error


def _explain(error: Any, origin: str) -> tuple[str, str]:
    place = ".".join(str(part) for part in error["loc"])
    if error["type"] == "extra_forbidden":
        known = list(_fields_at(error["loc"][:-1]))
        near = difflib.get_close_matches(str(error["loc"][-1]), known, n=1, cutoff=0.5)
        remedy = f"Did you mean {near[0]!r}?" if near else f"The keys are: {', '.join(known)}."
        return f"{origin}: the key {place!r} is unknown.", remedy
    if error["type"] == "missing":
        return f"{origin}: the key {place!r} is missing.", ""
    message = str(error["msg"]).removeprefix("Value error, ")
    return f"{origin}: {place + ': ' if place else ''}{message}.", ""


def _fields_at(place: tuple[Any, ...]) -> Mapping[str, Any]:
    model: type[BaseModel] = Strategy
    if place[:1] == ("examples",):
        model = ExampleText if len(place) > 1 else Examples
    return model.model_fields
