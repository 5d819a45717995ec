"""What a worker process inherits of the program's environment."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping

_SECRET = re.compile(
    r"(?:^|_)(?:API_?KEY|KEY|TOKEN|SECRET|PASSWORD|PASSWD|CREDENTIALS?)(?:_|$)", re.IGNORECASE
)
#: One thread an engine: the pool's workers are what runs in parallel.
_THREADS = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "NUMEXPR_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
    "RAYON_NUM_THREADS",
)


def worker_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment without keys and tokens, and with one thread for every engine.

    >>> from labhand.tools.execution.environment import worker_environment
    >>> worker_environment({"HOME": "/root", "OPENAI_API_KEY": "x"})["OMP_NUM_THREADS"]
    '1'
    >>> "OPENAI_API_KEY" in worker_environment({"OPENAI_API_KEY": "x"})
    False
    """
    kept = {name: value for name, value in environment.items() if not _SECRET.search(name)}
    return {**kept, **dict.fromkeys(_THREADS, "1")}


def import_path() -> list[str]:
    """The folders from which this program imports, as absolute paths."""
    return [os.path.abspath(entry or os.curdir) for entry in sys.path]
