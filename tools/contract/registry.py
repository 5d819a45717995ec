"""The registry: which tools there are, found without importing any of them.

A built-in tool is a pair ``tools/<domain>/<name>.py`` and ``<name>.toml``; a
third-party tool is an entry point of the group ``labhand.tools``. Modules are
imported only when a tool is asked for.
"""

from __future__ import annotations

import difflib
import importlib
import importlib.metadata
from collections.abc import Iterable, Iterator

from .errors import ToolDefinitionError, UnknownToolError
from .properties import TOOLS_FOLDER, catalogue
from .tool import ToolSpec

ENTRY_POINT_GROUP = "labhand.tools"
_PACKAGE = __package__.rpartition(".")[0] if __package__ else "labhand.tools"


class ToolRegistry:
    """Tools by name, loaded lazily.

    Args:
        extra: tools to add to the installed ones (tests, scripts).
        builtin: leave the installed ones out when False.

    Attributes:
        broken: tools of other packages that cannot be loaded, and why. They are left out
            of an iteration: a mistake in one must not stop all the others.
    """

    def __init__(self, extra: Iterable[ToolSpec] = (), *, builtin: bool = True) -> None:
        self._modules: dict[str, str] = _builtin_modules() if builtin else {}
        self._entry_points = (
            {p.name: p for p in importlib.metadata.entry_points(group=ENTRY_POINT_GROUP)}
            if builtin
            else {}
        )
        self._loaded: dict[str, ToolSpec] = {}
        self.broken: dict[str, str] = {}
        for spec in extra:
            self.add(spec)

    def add(self, spec: ToolSpec) -> None:
        """Add a tool; its own properties join the catalogue.

        Raises:
            ToolDefinitionError: another tool has this name.
        """
        if spec.name in self.names() and self._loaded.get(spec.name) is not spec:
            raise ToolDefinitionError(f"two tools are called {spec.name!r}.")
        for specification in spec.properties:
            catalogue().add(specification)
        self._loaded[spec.name] = spec

    def names(self) -> list[str]:
        """The names of all tools, sorted, less those found broken; nothing is imported."""
        return sorted({*self._modules, *self._entry_points, *self._loaded} - set(self.broken))

    def __contains__(self, name: str) -> bool:
        return name in self.names()

    def __iter__(self) -> Iterator[ToolSpec]:
        for name in self.names():
            if name not in self._entry_points:
                yield self[name]
                continue
            try:
                spec = self[name]
            except Exception as error:  # whatever somebody else's module does at import
                self.broken[name] = f"{type(error).__name__}: {error}"
                continue
            yield spec

    def __getitem__(self, name: str) -> ToolSpec:
        """The tool of this name.

        Raises:
            UnknownToolError: there is none; the remedy names near ones.
            ToolDefinitionError: its module does not define it.
        """
        if name not in self._loaded:
            self._loaded[name] = self._load(name)
        return self._loaded[name]

    def _load(self, name: str) -> ToolSpec:
        if name in self._modules:
            found = getattr(importlib.import_module(self._modules[name]), name, None)
        elif name in self._entry_points:
            found = self._entry_points[name].load()
        else:
            near = difflib.get_close_matches(name, self.names(), n=3, cutoff=0.5)
            remedy = f"Did you mean {' or '.join(near)}?" if near else "See the list of tools."
            raise UnknownToolError(f"there is no tool {name!r}.", remedy, name=name)
        if not isinstance(found, ToolSpec):
            raise ToolDefinitionError(f"{name} is not a tool: decorate the function with @tool.")
        for specification in found.properties:
            catalogue().add(specification)
        return found


def _builtin_modules() -> dict[str, str]:
    found: dict[str, str] = {}
    for frames in sorted(TOOLS_FOLDER.glob("*/*.toml")):
        if frames.with_suffix(".py").exists():
            found[frames.stem] = f"{_PACKAGE}.{frames.parent.name}.{frames.stem}"
    return found
