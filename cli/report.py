"""How an error reaches the person: one sentence on standard error, JSON where asked."""

from __future__ import annotations

import errno
import json
import sys
import traceback
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ..agents.reply import Reply

_UNWRITABLE = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)
ANSWERED, FAILED, WRONG_USAGE, INTERRUPTED = 0, 1, 2, 130


def sentence_of(error: BaseException) -> str:
    """What was wrong and what would be right, without control signs, on one line."""
    from ..tools.contract.errors import LabhandError

    if isinstance(error, LabhandError):
        text = str(error)
    elif isinstance(error, OSError) and error.errno in _UNWRITABLE:
        text = (
            f"The output cannot be written: {error.strerror}. "
            "Free some space, or send the output elsewhere."
        )
    else:
        text = (
            f"An error inside labhand ended the command ({type(error).__name__}: {error}). "
            "Run it again with --debug to see where."
        )
    from ..agents.repl.sanitise import one_line

    return one_line(text, 1000)


def exit_code(error: BaseException) -> int:
    """2 for what was called or set wrongly, else 1."""
    from ..tools.contract.errors import ConfigurationError, UsageError

    return WRONG_USAGE if isinstance(error, ConfigurationError | UsageError) else FAILED


def report(error: BaseException, *, debug: bool = False) -> int:
    """Print the sentence (and the traceback with ``--debug``); returns the exit code."""
    if debug:
        traceback.print_exception(error)
    print(f"labhand: {sentence_of(error)}", file=sys.stderr)
    return exit_code(error)


def failed_reply(question: str, error: BaseException, **known: Any) -> Reply:
    """The reply of a question that never reached a model."""
    from ..agents.reply import Reply

    return Reply(question=question[:1000], status="failed", reason=sentence_of(error), **known)


def print_json(value: Any) -> None:
    """One JSON value on standard output, at once."""
    print(json.dumps(value, ensure_ascii=False, indent=1), flush=True)
