"""What a cached result depends on besides its arguments: the engines and the tool's own code."""

from __future__ import annotations

import contextlib
import functools
import hashlib
import importlib.metadata
import inspect
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from ..contract.properties import TOOLS_FOLDER

#: Distributions whose upgrade may change what a tool finds.
ENGINES = (
    "ase",
    "chemicals",
    "chgnet",
    "labhand",
    "molmass",
    "pint",
    "py2opsin",
    "pymatgen",
    "pyscf",
    "rdkit",
    "sevenn",
    "tblite",
    "torch",
)


@functools.cache
def engine_versions() -> Mapping[str, str]:
    """The installed engines and their versions."""
    found: dict[str, str] = {}
    for name in ENGINES:
        with contextlib.suppress(importlib.metadata.PackageNotFoundError):
            found[name] = importlib.metadata.version(name)
    return found


@functools.cache
def source_file(function: Callable[..., Any]) -> str | None:
    """The file that a tool's function was read from; ``None`` if there is none."""
    with contextlib.suppress(TypeError, OSError):
        path = inspect.getsourcefile(function)
        if path and Path(path).is_file():
            return str(Path(path).absolute())
    return None


@functools.cache
def source_digest(path: str | None) -> str:
    """The start of the SHA-256 of what a tool's answer is written in.

    For a tool of the house that is every file of ``tools/``, since tools share helpers and
    tables: an answer mended in a helper must not live on in the cache. For a tool of others
    it is the tool's own file; they raise ``version`` when a helper of theirs changes.
    """
    if path is None:
        return ""
    with contextlib.suppress(OSError):
        if Path(path).is_relative_to(TOOLS_FOLDER):
            return _house_digest(TOOLS_FOLDER)
        return hashlib.sha256(Path(path).read_bytes()).hexdigest()[:16]
    return ""


@functools.cache
def _house_digest(folder: Path) -> str:
    """All code and data below a folder, by relative name and content (5 ms, once a process)."""
    total = hashlib.sha256()
    for file in sorted(folder.rglob("*")):
        if file.suffix in (".py", ".toml", ".tsv", ".json") and file.is_file():
            total.update(f"{file.relative_to(folder)}\0".encode())
            total.update(hashlib.sha256(file.read_bytes()).digest())
    return total.hexdigest()[:16]
