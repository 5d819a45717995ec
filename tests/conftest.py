"""What all tests share: a home of their own, and the way to the real data."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session", autouse=True)
def own_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """No test touches the person's own state: LABHAND_HOME is a folder of the test run."""
    before = os.environ.get("LABHAND_HOME")
    folder = tmp_path_factory.mktemp("home")
    os.environ["LABHAND_HOME"] = str(folder)
    yield folder
    if before is None:
        del os.environ["LABHAND_HOME"]
    else:
        os.environ["LABHAND_HOME"] = before


@pytest.fixture(scope="session", autouse=True)
def signals_as_on_a_terminal() -> None:
    """A shell in the background, or nohup, passes on ignored signals; the tests send them."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    if signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:
        signal.signal(signal.SIGHUP, signal.SIG_DFL)


@pytest.fixture(scope="session")
def test_data() -> Path:
    """The real inputs (LABHAND_TEST_DATA); a test that needs them is skipped without them."""
    folder = Path(os.environ.get("LABHAND_TEST_DATA", REPOSITORY.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"the test data is absent: {folder}")
    return folder
