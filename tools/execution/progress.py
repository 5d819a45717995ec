"""How a long tool says how far it is::

    from ..execution.progress import report
    report("conformer 12 of 50", 12 / 50)

In a worker the message goes to whoever watches the call; anywhere else it does nothing.
"""

from __future__ import annotations

import time
from collections.abc import Callable

Sink = Callable[[str, float | None], None]
#: At most this many reports a second leave a worker; an engine may report every step.
REPORTS_PER_SECOND = 20

_sink: Sink | None = None
_last = 0.0


def report(text: str, fraction: float | None = None) -> None:
    """Say how far the running call is; ``fraction`` from 0 to 1, ``None`` if unknown."""
    global _last
    sink = _sink
    if sink is None:
        return
    now = time.monotonic()
    done = fraction is not None and fraction >= 1.0
    if not done and now - _last < 1 / REPORTS_PER_SECOND:
        return
    _last = now
    sink(text, None if fraction is None else min(max(float(fraction), 0.0), 1.0))


def send_to(sink: Sink | None) -> None:
    """Where the reports of this process go from now on (``None``: nowhere)."""
    global _sink, _last
    _sink, _last = sink, 0.0
