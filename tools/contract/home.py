"""Where labhand keeps its state: one folder, read from the environment at each call."""

from __future__ import annotations

import os
from pathlib import Path


def home() -> Path:
    """The folder of all state: ``LABHAND_HOME``, else the platform's user data folder.

    Nothing is created here; who writes makes the folder that it needs.
    """
    given = os.environ.get("LABHAND_HOME")
    if given:
        return Path(given).expanduser()
    import platformdirs

    return Path(platformdirs.user_data_dir("labhand", appauthor=False))


def cache_folder() -> Path:
    """The folder of what can be built again at any time: ``<home>/cache``."""
    return home() / "cache"
