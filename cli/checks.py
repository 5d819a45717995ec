"""The checks of ``labhand doctor``: each one a function, each result one line."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from ..tools.contract import LabhandError, ToolRegistry
from .settings import Loaded

Status = Literal["ok", "warn", "fail"]
#: Free space below which a person is warned, in bytes.
LOW_DISK = 500_000_000
PYTHONS = ((3, 11), (3, 14))
CORE = ("langchain", "langchain-openai", "pydantic", "pint", "rdkit", "chemicals", "py2opsin")
#: extra → a module of each package that it brings.
EXTRAS: dict[str, tuple[str, ...]] = {
    "local": ("llama_cpp",),
    "sim": ("torch", "pymatgen", "ase"),
    "papers": ("chromadb", "pypdfium2", "onnxruntime", "tokenizers"),
    "hpc": ("parsl",),
    "serve": ("mcp",),
}


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the doctor's report; ``fail`` means that labhand cannot do its main job."""

    name: str
    status: Status
    detail: str
    remedy: str = ""


def run_checks() -> list[Check]:
    """Every check; one that breaks is itself a failed check."""
    checks: list[Check] = []
    loaded: Loaded | None = None
    try:
        from .workbench import prepare

        loaded = prepare()
        checks.append(_settings(loaded))
    except LabhandError as error:
        checks.append(Check("settings", "fail", error.message, error.remedy))
    plain: list[Callable[[], Iterator[Check]]] = [
        _python,
        _packages,
        _strategies,
        _java,
        _extras,
        _minilm,
    ]
    if loaded is not None:
        home = loaded.settings.home
        plain += [lambda: _home(home), _names, lambda: _models(loaded), _tool]
    for function in plain:
        try:
            checks += list(function())
        except Exception as error:
            name = getattr(function, "__name__", "check").strip("_<>")
            checks.append(
                Check(name, "fail", f"{type(error).__name__}: {error}", "labhand --debug")
            )
    return checks


def _settings(loaded: Loaded) -> Check:
    if loaded.notices:
        return Check("settings", "warn", " ".join(loaded.notices), "labhand config show")
    set_here = sorted({o for o in loaded.origins.values() if o != "default"})
    return Check("settings", "ok", f"from {', '.join(set_here)}" if set_here else "all defaults")


def _python() -> Iterator[Check]:
    version = ".".join(map(str, sys.version_info[:3]))
    fine = PYTHONS[0] <= sys.version_info[:2] < PYTHONS[1]
    remedy = "" if fine else "Install Python 3.11, 3.12 or 3.13 and make the environment anew."
    yield Check("python", "ok" if fine else "fail", version, remedy)


def _packages() -> Iterator[Check]:
    found, missing = [], []
    for name in CORE:
        try:
            found.append(f"{name} {importlib.metadata.version(name)}")
        except importlib.metadata.PackageNotFoundError:
            missing.append(name)
    yield (
        Check("packages", "ok", ", ".join(found))
        if not missing
        else Check("packages", "fail", f"missing: {', '.join(missing)}", "pip install labhand")
    )


def _home(home: Path) -> Iterator[Check]:
    try:
        home.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=home):
            pass
        free = shutil.disk_usage(home).free
    except OSError as error:
        remedy = "Set LABHAND_HOME to a folder that can be written."
        yield Check("home", "fail", f"{home}: {error.strerror or error}", remedy)
        return
    detail = f"{home}, {free / 1e9:.1f} GB free"
    if free < LOW_DISK:
        yield Check("home", "warn", detail, "Free some space.")
    else:
        yield Check("home", "ok", detail)


def _names() -> Iterator[Check]:
    from ..tools.molecules.name_index import NameIndex, default_path

    path = default_path()
    try:
        index = NameIndex.open(path, build=False)
        found = bool(index.lookup("caffeine"))
        index.close()
    except LabhandError:
        # Not a failure: it builds itself at the first question.
        remedy = f"{sys.executable} -m labhand.tools.molecules.name_index"
        yield Check("name index", "warn", "not built yet (built at the first question)", remedy)
        return
    detail = f"{path.name}, {path.stat().st_size / 1e6:.0f} MB"
    if found:
        yield Check("name index", "ok", detail)
    else:
        yield Check("name index", "fail", f"{detail}, without caffeine", f"Delete {path}.")


def _strategies() -> Iterator[Check]:
    from ..prompts.loader import load_strategy, strategy_names

    names = strategy_names()
    bad = []
    for name in names:
        try:
            load_strategy(name)
        except LabhandError as error:
            bad.append(f"{name}: {error.message}")
    yield Check("strategies", "fail" if bad else "ok", "; ".join(bad) or ", ".join(names))


def _java() -> Iterator[Check]:
    path = shutil.which("java")
    if path:
        yield Check("java", "ok", path)
    else:
        detail = "not found: systematic IUPAC names are not read"
        yield Check("java", "warn", detail, "apt install default-jre-headless")


def _extras() -> Iterator[Check]:
    for extra, modules in EXTRAS.items():
        missing = [m for m in modules if importlib.util.find_spec(m) is None]
        if missing:
            detail = f"not installed ({', '.join(missing)})"
            yield Check(f"extra {extra}", "warn", detail, f"pip install 'labhand[{extra}]'")
        else:
            yield Check(f"extra {extra}", "ok", ", ".join(modules))


def _minilm() -> Iterator[Check]:
    from ..rag.embedding import available, require

    if available():
        yield Check("MiniLM", "ok", "installed: helps to short-list tools for language models")
        return
    try:
        require()
    except LabhandError as error:
        yield Check("MiniLM", "warn", "not installed: words are compared instead", error.remedy)


def _models(loaded: Loaded) -> Iterator[Check]:
    from ..local_models.names import describe_models, parse_model_name

    described = describe_models(os.environ)
    usable = [m.name for m in described if m.available]
    keyed = [m.why.split()[0] for m in described if m.why.endswith("_KEY is set")]
    yield Check("models", "ok" if usable else "fail", ", ".join(usable))
    detail = f"set: {', '.join(keyed)}" if keyed else "none set (none is needed for embedded)"
    yield Check("keys", "ok", detail)
    name = loaded.settings.model
    try:
        parse_model_name(name)
    except LabhandError as error:
        yield Check("chosen model", "fail", error.message, error.remedy)
    else:
        yield Check("chosen model", "ok", name)


def _tool() -> Iterator[Check]:
    """A worker starts and a real engine answers: the molar mass of caffeine."""
    from ..tools.execution.executor import LocalExecutor
    from ..tools.ledger import Ledger

    registry = ToolRegistry()
    found = len(list(registry))
    yield Check("tools", "ok" if found else "fail", f"{found} installed")
    for name, problem in registry.broken.items():
        yield Check(f"tool {name}", "warn", problem, "mend or remove the package it comes from")
    started = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="labhand-doctor-") as folder:
        ledger = Ledger(Path(folder) / "ledger.sqlite")
        executor = LocalExecutor(registry, ledger, Path(folder), workers=1)
        try:
            arguments = {"smiles": "CN1C=NC2=C1C(=O)N(C(=O)N2C)C"}
            (mass,) = executor.run("molar_mass", arguments).named("molar_mass")
        except LabhandError as error:
            yield Check("worker", "fail", error.message, error.remedy)
            return
        finally:
            executor.close()
            ledger.close()
    seconds = time.perf_counter() - started
    # IUPAC abridged standard atomic weights: 194.19 g/mol.
    right = isinstance(mass.value, float) and abs(mass.value - 194.19) < 0.01
    detail = f"caffeine {mass.value} {mass.unit}, {seconds:.1f} s with its start"
    yield Check("worker", "ok" if right else "fail", detail)
