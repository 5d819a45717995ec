"""The walls of the house: who may import whom, and what an import may do."""

from __future__ import annotations

import ast
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SKIPPED = {"tests", "docs", "examples", "benchmarks", "build"}

#: room → rooms it may import (itself always).
CONTRACT = {"tools.contract"}
GROUND = CONTRACT | {"tools.ledger"}
DOMAINS = {"tools.molecules", "tools.compounds", "tools.quantities", "tools.reactions"}
MIDDLE = GROUND | {"tools.execution"} | DOMAINS
ALLOWED: dict[str, set[str]] = {
    "tools.contract": set(),
    "tools.ledger": CONTRACT,
    "tools.execution": GROUND,
    **{d: GROUND | DOMAINS | {"tools.execution"} for d in DOMAINS},
    "rag": GROUND,
    "prompts": CONTRACT,
    "local_models": CONTRACT,
    "agents": MIDDLE | {"rag", "prompts", "local_models"},
    "eval": MIDDLE | {"rag", "prompts", "local_models", "agents"},
    "cli": MIDDLE | {"rag", "prompts", "local_models", "agents", "eval", "testing", ""},
    "testing": MIDDLE | {"rag", "prompts", "local_models", "agents", "eval"},
    "": {"agents", "cli"},
}


def modules() -> list[Path]:
    found = []
    for path in sorted(ROOT.rglob("*.py")):
        parts = path.relative_to(ROOT).parts
        if parts[0] in SKIPPED or any(p.startswith(".") for p in parts):
            continue
        found.append(path)
    return found


def room(parts: tuple[str, ...]) -> str:
    if not parts:
        return ""
    if parts[0] == "tools":
        return ".".join(parts[:2]) if len(parts) > 1 else "tools"
    return parts[0]


def imported_rooms(path: Path) -> set[tuple[str, int]]:
    package = path.relative_to(ROOT).parts[:-1]
    rooms: set[tuple[str, int]] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.level:
            base = package[: len(package) - node.level + 1]
            target = (*base, *(node.module.split(".") if node.module else ()))
            names = [(*target, a.name) for a in node.names] if not node.module else [target]
            rooms |= {(room(tuple(n)), node.lineno) for n in names}
    return rooms


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(ROOT)))
def test_imports_respect_the_walls(path: Path) -> None:
    home = room(path.relative_to(ROOT).parts[:-1])
    broken = [
        f"line {line}: {home or 'root'} imports {target}"
        for target, line in imported_rooms(path)
        if target not in (home, "tools") and target not in ALLOWED.get(home, set())
    ]
    assert not broken


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(ROOT)))
def test_imports_inside_the_house_are_relative(path: Path) -> None:
    tree = ast.parse(path.read_text("utf-8"))
    absolute = [
        node.lineno
        for node in ast.walk(tree)
        if (isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "labhand")
        or (
            isinstance(node, ast.Import)
            and any(a.name.split(".")[0] == "labhand" for a in node.names)
        )
    ]
    assert not absolute


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(ROOT)))
def test_files_are_short(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) < 400


def test_every_package_on_disk_is_shipped() -> None:
    declared = set(
        tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["setuptools"][
            "packages"
        ]
    )
    on_disk = {
        ".".join(("labhand", *path.relative_to(ROOT).parts[:-1]))
        for path in modules()
        if path.name == "__init__.py"
    }
    assert declared == on_disk


def test_only_two_modules_live_in_the_root() -> None:
    assert {p.name for p in ROOT.glob("*.py")} == {"__init__.py", "__main__.py"}


def loaded_by(code: str) -> set[str]:
    program = f"import sys\n{code}\nprint('\\n'.join(sorted(sys.modules)))"
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    return {name.partition(".")[0] for name in run.stdout.split()}


HEAVY = {
    "langchain",
    "langchain_core",
    "langgraph",
    "openai",
    "torch",
    "chromadb",
    "rdkit",
    "pandas",
    "scipy",
    "pint",
    "chemicals",
}


def test_importing_the_package_loads_nothing_heavy() -> None:
    assert not loaded_by("import labhand") & (HEAVY | {"pydantic"})


def test_importing_every_tool_loads_no_engine() -> None:
    code = "from labhand.tools.contract import ToolRegistry\nassert len(list(ToolRegistry())) > 10"
    assert not loaded_by(code) & HEAVY
