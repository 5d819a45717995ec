"""The decorator that makes a tool of a typed, documented function."""

from __future__ import annotations

import enum
import functools
import inspect
import re
import typing
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError, create_model
from pydantic.fields import FieldInfo

from .errors import ToolDefinitionError, ToolInputError
from .frames import FrameSet, load_frames
from .kinds import Kind
from .observation import Finding
from .properties import PropertySpec


class Cost(enum.Enum):
    """What a call costs, so that the cheap one goes first and the dear one asks."""

    INSTANT = "instant"
    SECONDS = "seconds"
    MINUTES = "minutes"


class Touch(enum.Enum):
    """What a call touches. Only pure calls are cached."""

    PURE = "pure"
    READ = "read"
    WRITE = "write"
    EXECUTE = "execute"
    NETWORK = "network"


Where = Literal["inline", "worker"]


@dataclass(frozen=True, slots=True)
class ToolSpec:
    """A tool: the function and everything that is known of it without calling it.

    Attributes:
        name: the function's name.
        domain: the folder it lives in (``molecules``, ``compounds``, …).
        function: takes the validated arguments by name, returns a ``Finding``.
        summary: first paragraph of the docstring, for the model.
        description: the whole docstring.
        arguments: the pydantic model of the arguments (extra ones are refused).
        kinds: semantic kind of each argument that has one.
        yields: the properties a call may return, most important first.
        method, reference: defaults for findings that do not name their own.
        where: ``inline`` for pure Python that cannot hang or crash, else ``worker``.
        seconds, megabytes: limits of a call in a worker.
        trusted: False for what others wrote (papers, web pages).
    """

    name: str
    domain: str
    function: Callable[..., Finding]
    summary: str
    description: str
    arguments: type[BaseModel]
    kinds: Mapping[str, str]
    yields: tuple[str, ...]
    method: str
    reference: str
    version: str
    cost: Cost
    touches: Touch
    where: Where
    seconds: float
    megabytes: int
    trusted: bool
    properties: tuple[PropertySpec, ...] = ()
    frames_path: Path = field(default=Path())

    @property
    def needs_approval(self) -> bool:
        """True if a person must agree before the call: it is dear, or it changes something."""
        return self.cost is Cost.MINUTES or self.touches in (
            Touch.WRITE,
            Touch.EXECUTE,
            Touch.NETWORK,
        )

    @property
    def location(self) -> str:
        """``module:function``, by which a worker process finds the tool."""
        return f"{self.function.__module__}:{self.function.__name__}"

    def frames(self) -> FrameSet:
        """The ways of asking for this tool (read on first use).

        A tool without a frames file has none: a language model can still call it, but the
        embedded planner cannot, and ``validate_tool`` does not pass it.
        """
        if not self.frames_path.is_file():
            return FrameSet(self.name)
        return _frames(self.frames_path, self.name)

    def validated(self, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """The arguments, checked and with defaults filled in.

        Raises:
            ToolInputError: an argument is missing, unknown, or of the wrong form; the
                message says which and what would be right.
        """
        try:
            model = self.arguments.model_validate(dict(arguments))
        except ValidationError as error:
            raise ToolInputError(
                f"{self.name}: " + "; ".join(_explain(e) for e in error.errors()) + ".",
                f"It takes {self.signature}.",
                tool=self.name,
            ) from None
        return model.model_dump()

    @property
    def signature(self) -> str:
        """The call in one line: ``molar_mass(smiles)``; optional arguments with ``=``."""
        parts: list[str] = []
        for name, info in self.arguments.model_fields.items():
            parts.append(name if info.is_required() else f"{name}={info.default!r}")
        return f"{self.name}({', '.join(parts)})"

    def json_schema(self) -> dict[str, Any]:
        """JSON schema of the arguments."""
        return self.arguments.model_json_schema()

    def __call__(self, **arguments: Any) -> Finding:
        """Run the tool here and now: arguments are checked, the result is a ``Finding``."""
        return self.function(**self.validated(arguments))


@functools.cache
def _frames(path: Path, name: str) -> FrameSet:
    return load_frames(path, name)


def _explain(error: Any) -> str:
    place = ".".join(str(p) for p in error["loc"]) or "arguments"
    if error["type"] == "extra_forbidden":
        return f"it has no argument {place!r}"
    if error["type"] == "missing":
        return f"the argument {place!r} is missing"
    given = repr(error.get("input"))
    return f"{place}: {error['msg']} (given: {given[:80]})"


def tool(
    *,
    yields: Sequence[str],
    method: str,
    reference: str = "",
    version: str = "1",
    cost: Cost = Cost.INSTANT,
    touches: Touch = Touch.PURE,
    where: Where = "worker",
    seconds: float = 20.0,
    megabytes: int = 2048,
    trusted: bool = True,
    properties: Sequence[PropertySpec] = (),
) -> Callable[[Callable[..., Finding]], ToolSpec]:
    """Make a tool of a function.

    The function's name, signature and docstring become the tool's name, schema and
    description, so all of them must be there. Every argument is annotated with a type
    that pydantic can check, described by ``Field(description=…)`` or by one of the
    kinds in ``kinds.py``. The module must import no engine at its top: engines are
    imported inside the function.

    Args:
        yields: names of properties (``properties.toml``), most important first.
        method: software, table or model, and the level of theory.
        reference: DOI or full citation.
        where: ``worker`` (default) for everything that runs native code or may take
            time; ``inline`` for pure Python that is instant and cannot hang.
        seconds: time limit of a call. megabytes: memory limit of a call.

    Raises:
        ToolDefinitionError: the function has no docstring, an argument has no type or
            no description, or it does not return a ``Finding``.
    """

    def decorate(function: Callable[..., Finding]) -> ToolSpec:
        name = function.__name__
        description = inspect.getdoc(function) or ""
        if not description:
            raise ToolDefinitionError(f"the tool {name} has no docstring.")
        arguments, kinds = _arguments_model(function)
        source = Path(inspect.getfile(function))
        return ToolSpec(
            name=name,
            domain=source.parent.name,
            function=function,
            summary=re.sub(r"\s+", " ", description.split("\n\n")[0]).strip(),
            description=description,
            arguments=arguments,
            kinds=kinds,
            yields=tuple(yields),
            method=method,
            reference=reference,
            version=version,
            cost=cost,
            touches=touches,
            where=where,
            seconds=seconds,
            megabytes=megabytes,
            trusted=trusted,
            properties=tuple(properties),
            frames_path=source.with_suffix(".toml"),
        )

    return decorate


def _arguments_model(
    function: Callable[..., Finding],
) -> tuple[type[BaseModel], dict[str, str]]:
    hints = typing.get_type_hints(function, include_extras=True)
    if hints.pop("return", None) is not Finding:
        raise ToolDefinitionError(f"{function.__name__} must be annotated to return a Finding.")
    fields: dict[str, Any] = {}
    kinds: dict[str, str] = {}
    for name, parameter in inspect.signature(function).parameters.items():
        if name not in hints:
            raise ToolDefinitionError(f"{function.__name__}: the argument {name} has no type.")
        metadata = getattr(hints[name], "__metadata__", ())
        kinds.update((name, m.name) for m in metadata if isinstance(m, Kind))
        if not any(isinstance(m, FieldInfo) and m.description for m in metadata):
            raise ToolDefinitionError(
                f"{function.__name__}: the argument {name} has no description.",
                "Annotate it with Annotated[type, Field(description=...)] or a type of kinds.py.",
            )
        required = parameter.default is inspect.Parameter.empty
        fields[name] = (hints[name], ... if required else parameter.default)
    model = create_model(
        f"{function.__name__}_arguments", __config__=ConfigDict(extra="forbid"), **fields
    )
    return model, kinds
