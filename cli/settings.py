"""Settings: from flags, the environment, the project's file and the user's, in this order.

::

    # labhand.toml in the working folder, or config.toml in the user's configuration folder
    model = "server:http://127.0.0.1:8080/v1"
    fallback = ["embedded"]
    [options]                # of the model
    temperature = 0.2
    [budget]
    seconds = 600
    [keys]
    openai = "sk-…"          # better: the variable OPENAI_API_KEY

In the environment: ``LABHAND_MODEL``, ``LABHAND_BUDGET__SECONDS``, ``LABHAND_FALLBACK=a,b``.
"""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from ..agents.budget import Budget
from ..tools.contract.errors import ConfigurationError
from ..tools.contract.home import home as default_home

PREFIX = "LABHAND_"
_LIMITS = Budget()


class BudgetSettings(BaseModel):
    """Limits of a turn; 0 takes a limit away."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    model_calls: int | None = Field(default=_LIMITS.model_calls, ge=0)
    tool_calls: int | None = Field(default=_LIMITS.tool_calls, ge=0)
    tokens: int | None = Field(default=_LIMITS.tokens, ge=0)
    cost_usd: float | None = Field(default=_LIMITS.cost_usd, ge=0)
    seconds: float | None = Field(default=_LIMITS.seconds, ge=0)

    def budget(self) -> Budget:
        """The limits as the session takes them."""
        return Budget(**{name: value or None for name, value in self.model_dump().items()})


class OptionSettings(BaseModel):
    """Options of the model; ``None`` leaves a choice to the provider."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    temperature: float | None = Field(default=None, ge=0.0, le=2.0)
    max_tokens: int | None = Field(default=None, ge=1)
    timeout_s: float = Field(default=60.0, gt=0.0)
    max_retries: int = Field(default=2, ge=0, le=10)
    seed: int | None = None
    base_url: str | None = None


class Settings(BaseSettings):
    """Everything that can be set; see ``labhand config show``."""

    model_config = SettingsConfigDict(
        frozen=True,
        extra="forbid",
        env_prefix=PREFIX,
        env_nested_delimiter="__",
        env_ignore_empty=True,
    )

    model: str = "embedded"
    strategy: str = "zero_shot"
    fallback: Annotated[tuple[str, ...], NoDecode] = ()
    home: Path = Field(default_factory=default_home)
    workers: int = Field(default=2, ge=1, le=64)
    color: Literal["auto", "always", "never"] = "auto"
    approvals: Literal["ask", "all", "never"] = "ask"
    budget: BudgetSettings = BudgetSettings()
    options: OptionSettings = OptionSettings()
    keys: dict[str, SecretStr] = Field(default_factory=dict)

    @field_validator("fallback", mode="before")
    @classmethod
    def _split(cls, value: Any) -> Any:
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split(",") if part.strip())
        return value

    @field_validator("home")
    @classmethod
    def _expand(cls, value: Path) -> Path:
        return value.expanduser().absolute()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Only what is handed in: ``load`` merges the layers itself, to know each origin."""
        return (init_settings,)


@dataclass(frozen=True, slots=True)
class Layer:
    """One place where settings come from; ``values`` is nested, as in TOML."""

    origin: str
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Loaded:
    """The effective settings.

    Attributes:
        origins: dotted name → where its value comes from.
        notices: what looks like a setting but is none, in sentences.
    """

    settings: Settings
    origins: Mapping[str, str]
    notices: tuple[str, ...] = ()

    def is_default(self, name: str) -> bool:
        """True if nobody has set this."""
        return self.origins.get(name, "default") == "default"


@dataclass(frozen=True, slots=True)
class Places:
    """The two files."""

    project: Path
    user: Path

    @classmethod
    def usual(cls) -> Places:
        """``./labhand.toml`` and ``config.toml`` in the platform's configuration folder."""
        import platformdirs

        folder = Path(platformdirs.user_config_dir("labhand", appauthor=False))
        return cls(Path("labhand.toml"), folder / "config.toml")


def load(flags: Mapping[str, Any] | None = None, places: Places | None = None) -> Loaded:
    """Read all layers; the first that has a value wins.

    Args:
        flags: values given on the command line, nested; ``None`` values are left out.

    Raises:
        ConfigurationError: a file is no TOML, a name is unknown, or a value is wrong.
    """
    places = places or Places.usual()
    layers = [
        Layer("flag", _without_none(flags or {})),
        Layer("environment", _environment()),
        Layer(f"project file {places.project}", _unprivileged(_toml(places.project))),
        Layer(f"user file {places.user}", _toml(places.user)),
    ]
    merged: dict[str, Any] = {}
    origins: dict[str, str] = {}
    for layer in reversed(layers):
        merged = _merge(merged, layer.values)
        origins.update(dict.fromkeys(_leaves(layer.values), layer.origin))
    try:
        settings = Settings.model_validate(merged)
    except ValidationError as error:
        raise _explained(error, origins) from None
    for name in _leaves(settings.model_dump()):
        origins.setdefault(name, "default")
    return Loaded(settings, origins, tuple(_unknown_variables()))


def known_names() -> list[str]:
    """Every setting by its dotted name."""
    names = [n for n in Settings.model_fields if n not in ("budget", "options", "keys")]
    names += [f"budget.{n}" for n in BudgetSettings.model_fields]
    names += [f"options.{n}" for n in OptionSettings.model_fields]
    return [*names, "keys.PROVIDER"]


def _environment() -> dict[str, Any]:
    try:
        return EnvSettingsSource(Settings)()
    except Exception as error:
        raise ConfigurationError(
            f"a variable {PREFIX}… cannot be read ({error}).", "See 'labhand config show --help'."
        ) from error


def _unknown_variables() -> Iterator[str]:
    import os

    known = {PREFIX + n.upper().replace(".", "__") for n in known_names()}
    known |= {PREFIX + "DEBUG", PREFIX + "TEST_DATA"}  # read elsewhere
    for name in sorted(os.environ):
        if name.startswith(PREFIX) and name not in known and not name.startswith(PREFIX + "KEYS__"):
            near = difflib.get_close_matches(name, known, n=1)
            hint = f" Did you mean {near[0]}?" if near else ""
            yield f"The variable {name} is no setting.{hint}"


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path} cannot be read ({error}).", "Check the file.") from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(f"{path} is not valid TOML: {error}.", "Mend it.") from error


def _unprivileged(values: dict[str, Any]) -> dict[str, Any]:
    """A folder that one has copied from elsewhere must not give consent, nor move keys about."""
    refused = {
        "keys": "keys" in values,
        "approvals = 'all'": values.get("approvals") == "all",
        # The person's key would be sent to whatever address stands there.
        "options.base_url": "base_url" in (values.get("options") or {}),
    }
    name = next((n for n, stands in refused.items() if stands), None)
    if name is not None:
        raise ConfigurationError(
            f"{name} may not stand in a project file, which others may have written.",
            f"Put it into the user file {Places.usual().user}.",
        )
    return values


def _without_none(values: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in values.items():
        if isinstance(value, Mapping):
            if inner := _without_none(value):
                found[name] = inner
        elif value is not None:
            found[name] = value
    return found


def _merge(low: Mapping[str, Any], high: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(low)
    for name, value in high.items():
        below = merged.get(name)
        both = isinstance(value, Mapping) and isinstance(below, Mapping)
        merged[name] = _merge(below, value) if both else value  # type: ignore[arg-type]
    return merged


def _leaves(values: Mapping[str, Any], prefix: str = "") -> Iterator[str]:
    for name, value in values.items():
        if isinstance(value, Mapping):
            yield from _leaves(value, f"{prefix}{name}.")
        else:
            yield prefix + name


def _explained(error: ValidationError, origins: Mapping[str, str]) -> ConfigurationError:
    first = error.errors()[0]
    name = ".".join(str(part) for part in first["loc"])
    origin = next((o for n, o in origins.items() if n == name or n.startswith(name + ".")), "")
    if not origin:
        origin = origins.get(str(first["loc"][0]), "the settings")
    if first["type"] == "extra_forbidden":
        near = difflib.get_close_matches(name, known_names(), n=2, cutoff=0.5)
        hint = f"Did you mean {' or '.join(near)}? " if near else ""
        return ConfigurationError(
            f"{origin}: there is no setting {name!r}.",
            f"{hint}There are: {', '.join(known_names())}.",
        )
    # A key is never repeated in a message.
    given = "" if name.startswith("keys") else f" (given: {str(first['input'])[:60]!r})"
    return ConfigurationError(f"{origin}: {name}: {first['msg']}{given}.", "Correct it there.")
