"""The examples run, and the README's Python does what it says."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.heavy
@pytest.mark.parametrize("path", sorted((ROOT / "examples").glob("*.py")), ids=lambda p: p.name)
def test_an_example_runs(path: Path) -> None:
    run = subprocess.run([sys.executable, str(path)], capture_output=True, text=True, timeout=60)
    assert run.returncode == 0, run.stderr
    assert run.stdout.strip()
    assert not run.stderr


@pytest.mark.heavy
def test_the_readmes_python_runs_and_prints_what_it_says() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    (code,) = re.findall(r"```python\n(.*?)```", readme, re.DOTALL)
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True
    )
    printed = run.stdout.splitlines()
    promised = re.findall(r"print\(.*\)\s+# (.*)", code)
    assert printed[: len(promised) - 1] == promised[:-1]
    assert printed[len(promised) - 1]
