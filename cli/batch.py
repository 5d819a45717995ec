"""A file of questions: every line gets exactly one line of reply, in order."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
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
        record = parse_line(number, line)
        keys = {k: v for k, v in record.items() if k != "question"}
        question = question_of(number, record)
        return answer(question).to_json(**keys)
    except Exception as error:
        # The other lines must get their replies, whatever happened to this one.
        return failed_reply(question, error).to_json(**keys)


_REMEDY = 'Each line is an object: {"question": "…"}'


def parse_line(number: int, line: bytes) -> dict[str, Any]:
    """The object of a line.

    Raises:
        UsageError: it is no JSON object.
    """
    if len(line) > MOST_BYTES:
        raise UsageError(f"Line {number} has {len(line):,} bytes, too many to be read.", _REMEDY)
    try:
        record = json.loads(line.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        reason = "is empty" if not line.strip() else f"is not valid JSON ({type(error).__name__})"
        raise UsageError(f"Line {number} {reason}.", _REMEDY) from error
    if not isinstance(record, dict):
        raise UsageError(f"Line {number} is no JSON object.", _REMEDY)
    return record


def question_of(number: int, record: Mapping[str, Any]) -> str:
    """The question in a line's object.

    Raises:
        UsageError: there is none, or it is no text.
    """
    if not isinstance(record.get("question"), str):
        raise UsageError(f'Line {number} has no text under "question".', _REMEDY)
    return record["question"]
