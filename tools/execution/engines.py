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
    """The start of the SHA-256 of a tool's file, so that an edited tool is run anew."""
    if path is None:
        return ""
    try:
        return hashlib.sha256(Path(path).read_bytes()).hexdigest()[:16]
    except OSError:
        return ""
