"""Claims: the checkable statements of an answer, found and labelled.

One implementation serves the runtime's grounding gate and the evaluation.
"""

from __future__ import annotations

from .extract import Found, extract
from .label import Labelled, label_answer

__all__ = ["Found", "Labelled", "extract", "label_answer"]
