"""The temporary folder in which workers run, and what killed programs left of theirs."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import tempfile
from pathlib import Path

_NAME = re.compile(r"labhand-(\d+)-")


def scratch_folder() -> Path:
    """A new folder that carries this process's number; those of dead processes are removed.

    Raises:
        OSError: no temporary folder can be made.
    """
    base = Path(tempfile.gettempdir())
    for other in base.glob("labhand-*-*"):
        with contextlib.suppress(OSError):
            match = _NAME.match(other.name)
            if match and other.stat().st_uid == os.getuid() and not _alive(int(match[1])):
                shutil.rmtree(other, ignore_errors=True)
    return Path(tempfile.mkdtemp(prefix=f"labhand-{os.getpid()}-"))


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
