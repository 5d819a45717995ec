"""A file of questions: every line gets exactly one line of reply, in order."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from ..agents.reply import Reply
from ..tools.contract.errors import UsageError
from .report import failed_reply

MOST_BYTES = 4_000_000


def run_batch(lines: Iterable[bytes], answer: Callable[[str], Reply]) -> Iterator[str]:
    """Answer each line; whatever goes wrong with one is its reply (``failed``).

    Blank lines at the end of the file are no questions; one between others is.

    Args:
        lines: each ``{"question": "…"}`` in UTF-8; more keys are handed back.
        answer: answers one question; what it raises becomes a failed reply.
    """
    blank = 0
    for number, line in enumerate(lines, start=1):
        content = line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line
        if not content.strip():
            blank += 1
            continue
        for missed in range(number - blank, number):
            yield _one(missed, b"", answer)
        blank = 0
        yield _one(number, content, answer)


def _one(number: int, line: bytes, answer: Callable[[str], Reply]) -> str:
    keys: dict[str, Any] = {}
    question = ""
    try:
        question, keys = parse_line(number, line)
        return answer(question).to_json(**keys)
    except Exception as error:
        # The other lines must get their replies, whatever happened to this one.
        return failed_reply(question, error).to_json(**keys)


def parse_line(number: int, line: bytes) -> tuple[str, dict[str, Any]]:
    """The question of a line and its other keys.

    Raises:
        UsageError: it is no JSON object, or has no question.
    """
    remedy = 'Each line is an object: {"question": "…"}'
    if len(line) > MOST_BYTES:
        raise UsageError(f"Line {number} has {len(line):,} bytes, too many to be read.", remedy)
    try:
        record = json.loads(line.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        reason = "is empty" if not line.strip() else f"is not valid JSON ({type(error).__name__})"
        raise UsageError(f"Line {number} {reason}.", remedy) from error
    if not isinstance(record, dict) or not isinstance(record.get("question"), str):
        raise UsageError(f'Line {number} has no text under "question".', remedy)
    return record["question"], {k: v for k, v in record.items() if k != "question"}
