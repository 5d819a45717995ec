"""Entry point of the ``labhand`` command and of ``python -m labhand``."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line; the heavy parts are imported by the command that needs them."""
    from .cli.app import run

    sys.exit(run())


if __name__ == "__main__":
    main()
