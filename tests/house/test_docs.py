"""The documents say what the code does."""

from __future__ import annotations

import importlib.util
from pathlib import Path

DOCS = Path(__file__).resolve().parents[2] / "docs"


def test_the_page_of_tools_is_up_to_date() -> None:
    spec = importlib.util.spec_from_file_location("tools_page", DOCS / "build_tools_page.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    written = (DOCS / "tools.md").read_text("utf-8")
    assert written == module.page(), "run: python docs/build_tools_page.py"
