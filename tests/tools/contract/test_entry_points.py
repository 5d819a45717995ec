"""A package of others offers tools by an entry point; labhand finds them without importing them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

MODULE = '''
"""A tool of another package."""
from typing import Annotated
from pydantic import Field
from labhand.tools.contract import Finding, PropertySpec, Quantity, tool

TWICE = PropertySpec(name="twice_the_number", label="twice a number", description="2 x")

@tool(yields=["twice_the_number"], method="doubling", properties=[TWICE])
def twice(number: Annotated[float, Field(description="any number")]) -> Finding:
    """Double a number."""
    return Finding((Quantity(property="twice_the_number", value=2 * number),))
'''

PROGRAM = """
import sys
from pathlib import Path
from labhand.tools.contract import ToolRegistry
from labhand.tools.execution.executor import LocalExecutor
from labhand.tools.ledger.store import Ledger

registry = ToolRegistry()
assert "twice" in registry.names()
assert "others_tools" not in sys.modules, "a tool is imported only when it is asked for"
folder = Path(sys.argv[1])
executor = LocalExecutor(registry, Ledger(folder / "ledger.sqlite"), folder)
observation = executor.run("twice", {"number": 2.5})
executor.close()
print(observation.quantities[0].value)
"""


BROKEN = """
from labhand.tools.contract import ToolRegistry
registry = ToolRegistry()
assert len([spec.name for spec in registry]) > 10
assert "wrong" in registry.broken and "wrong" not in registry.names()
print(registry.broken["wrong"])
"""


def run_with(tmp_path: Path, entry: str, module: str, program: str) -> str:
    """Standard output of a program that sees a package with this entry point."""
    site = tmp_path / "site"
    information = site / "others-1.0.dist-info"
    information.mkdir(parents=True)
    (site / "others_tools.py").write_text(module, "utf-8")
    (information / "METADATA").write_text("Metadata-Version: 2.1\nName: others\nVersion: 1.0\n")
    (information / "entry_points.txt").write_text(f"[labhand.tools]\n{entry}\n")
    run = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)],
        env={"PYTHONPATH": str(site), "PATH": "/usr/bin:/bin", "LABHAND_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert run.returncode == 0, run.stderr
    return run.stdout.strip()


def test_a_tool_of_another_package_is_found_and_runs_in_a_worker(tmp_path: Path) -> None:
    assert run_with(tmp_path, "twice = others_tools:twice", MODULE, PROGRAM) == "5.0"


def test_a_broken_tool_of_another_package_stops_no_other(tmp_path: Path) -> None:
    said = run_with(tmp_path, "wrong = others_tools:wrong", "raise RuntimeError('oh')", BROKEN)
    assert said == "RuntimeError: oh"
