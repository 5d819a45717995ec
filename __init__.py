"""labhand: a laboratory hand at the terminal for chemistry and materials science.

>>> from labhand import Session
>>> with Session(model="embedded") as session:            # doctest: +SKIP
...     print(session.ask("molar mass of caffeine").answer)

Importing this package does nothing but define names: no folder is made, no
setting is read, and no engine is loaded until something is asked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .agents.reply import Reply
    from .agents.session import Session

__version__ = "0.1.0"
__all__ = ["Reply", "Session", "__version__"]


def __getattr__(name: str) -> Any:
    """Load the public names on first use (PEP 562), so that importing stays instant."""
    if name == "Session":
        from .agents.session import Session

        return Session
    if name == "Reply":
        from .agents.reply import Reply

        return Reply
    raise AttributeError(f"module 'labhand' has no attribute {name!r}")
