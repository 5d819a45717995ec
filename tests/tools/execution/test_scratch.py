"""Temporary folders of killed programs do not pile up."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from labhand.tools.execution.scratch import scratch_folder


def test_folders_of_dead_processes_are_removed_and_others_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    done = subprocess.run(
        [sys.executable, "-c", "import os; print(os.getpid())"],
        capture_output=True,
        text=True,
        check=True,
    )
    dead = tmp_path / f"labhand-{done.stdout.strip()}-abc"
    alive = tmp_path / f"labhand-{os.getpid()}-abc"
    foreign = tmp_path / "labhand-notes"
    for folder in (dead, alive, foreign):
        folder.mkdir()
    mine = scratch_folder()
    assert mine.is_dir()
    assert not dead.exists()
    assert alive.exists()
    assert foreign.exists()
