"""What a question must be before a turn is opened for it."""

from __future__ import annotations

from ..tools.contract.errors import UsageError
from .wellformed import is_well_formed

MAXIMUM_QUESTION = 50_000


def checked_question(text: str) -> str:
    """The question without blanks around it.

    Raises:
        UsageError: it is empty, too long, or no text.
    """
    text = text.strip()
    if not text:
        raise UsageError("The question is empty.", "Ask something, e.g. 'molar mass of caffeine'.")
    if not is_well_formed(text):
        raise UsageError("The question holds bytes that are not UTF-8 text.", "Write it as UTF-8.")
    if len(text) > MAXIMUM_QUESTION:
        raise UsageError(
            f"The question has {len(text):,} characters; at most {MAXIMUM_QUESTION:,} are read.",
            "Put data into a file and attach it (--attach FILE, or @FILE in a conversation).",
        )
    return text
