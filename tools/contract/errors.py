"""Every error of labhand, sorted by who can do something about it.

::

    LabhandError
    ├── ModelMayRetry            the call was wrong; another call may be right
    │   ├── ToolInputError       an argument does not parse, or lies out of range
    │   └── UnknownToolError     no tool has this name
    ├── ModelMustAdapt           the call was right, but this way leads nowhere
    │   ├── NotFoundError        nothing is known under this name or key
    │   ├── NotApplicableError   the method does not cover this input
    │   ├── ToolFailedError      the engine gave up; its own words are kept
    │   ├── ToolTimeoutError     the engine was stopped at its time limit
    │   ├── ToolMemoryError      the engine was stopped at its memory limit
    │   ├── ToolCrashedError     the engine took its process down
    │   ├── ToolCancelledError   the person interrupted it
    │   ├── ApprovalDeniedError  the step needed a yes and did not get one
    │   └── MissingExtraError    an optional part is not installed
    ├── PersonMustAct            something outside the program is in the way
    │   ├── ConfigurationError   a setting, option or file is wrong
    │   ├── UsageError           the command was called in a way that has no meaning
    │   ├── MissingKeyError      a model needs a key that is not set
    │   ├── ModelUnavailableError  the endpoint does not answer, or refuses
    │   ├── StorageError         a file is locked, damaged, or the disk is full
    │   └── NoSuchSessionError   no session has this identifier
    └── ProgrammerMustFix        a contract of the house is broken
        ├── ToolDefinitionError  a tool does not meet the contract
        ├── FrameError           a frames file does not meet the contract
        └── StrategyError        a strategy file does not meet the contract

Every error carries a sentence that says what was wrong and a remedy that says
what would be right. Constructing one has no side effect.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

Addressee = Literal["model_retry", "model_adapt", "person", "programmer"]


class LabhandError(Exception):
    """Base of all errors: a message, a remedy, and the data they were made from.

    Attributes:
        message: one sentence: what was wrong.
        remedy: one sentence: what would be right (may be empty).
        data: the values behind the sentences, for programs.
    """

    addressee: ClassVar[Addressee] = "programmer"

    def __init__(self, message: str, remedy: str = "", **data: Any) -> None:
        super().__init__(message, remedy)
        self.message = message
        self.remedy = remedy
        self.data: Mapping[str, Any] = data

    def __str__(self) -> str:
        return f"{self.message} {self.remedy}".strip()

    def to_dict(self) -> dict[str, Any]:
        """The error as plain data, to cross a process boundary (see ``error_from_dict``)."""
        return {
            "error": type(self).__name__,
            "message": self.message,
            "remedy": self.remedy,
            "data": {k: v for k, v in self.data.items() if _is_plain(v)},
        }


def _is_plain(value: Any) -> bool:
    return isinstance(value, str | int | float | bool | list | dict | None)


class ModelMayRetry(LabhandError):
    """The call was wrong; the model may call again with other arguments."""

    addressee = "model_retry"


class ToolInputError(ModelMayRetry):
    """An argument does not parse or lies outside what the tool accepts."""


class UnknownToolError(ModelMayRetry):
    """No tool of this name exists."""


class ModelMustAdapt(LabhandError):
    """The call was right, but the answer must be reached another way, or not at all."""

    addressee = "model_adapt"


class NotFoundError(ModelMustAdapt):
    """Nothing is known under this name, number or key."""


class NotApplicableError(ModelMustAdapt):
    """The method's range of validity does not cover this input."""


class ToolFailedError(ModelMustAdapt):
    """The engine gave up; ``data['engine_message']`` keeps its own words."""


class ToolTimeoutError(ModelMustAdapt):
    """The tool was stopped at its time limit."""


class ToolMemoryError(ModelMustAdapt):
    """The tool was stopped at its memory limit."""


class ToolCrashedError(ModelMustAdapt):
    """The engine ended its process (a native crash); the program lives on."""


class ToolCancelledError(ModelMustAdapt):
    """The person interrupted the tool."""


class ApprovalDeniedError(ModelMustAdapt):
    """A step that needs a person's yes was not taken."""


class MissingExtraError(ModelMustAdapt):
    """An optional part is not installed; the remedy is the command that installs it."""


class PersonMustAct(LabhandError):
    """Something outside the program is in the way; only a person can remove it."""

    addressee = "person"


class ConfigurationError(PersonMustAct):
    """A setting or a file that was named is wrong."""


class UsageError(PersonMustAct):
    """The command or function was called in a way that has no meaning."""


class MissingKeyError(PersonMustAct):
    """The model needs a key that is not set."""


class ModelUnavailableError(PersonMustAct):
    """The model's endpoint does not answer, or refuses to."""


class StorageError(PersonMustAct):
    """A file is locked, damaged or cannot be written."""


class NoSuchSessionError(PersonMustAct):
    """No session has this identifier."""


class ProgrammerMustFix(LabhandError):
    """A contract of the house is broken."""

    addressee = "programmer"


class ToolDefinitionError(ProgrammerMustFix):
    """A tool does not meet the contract (``validate_tool`` says how)."""


class FrameError(ProgrammerMustFix):
    """A frames file or a program in it does not meet the contract."""


class StrategyError(ProgrammerMustFix):
    """A strategy file does not meet the contract."""


def error_from_dict(record: Mapping[str, Any]) -> LabhandError:
    """Rebuild an error that crossed a process boundary; an unknown class becomes the base."""
    kind = _every_error().get(str(record.get("error")), LabhandError)
    data = dict(record.get("data") or {})
    return kind(str(record.get("message", "")), str(record.get("remedy", "")), **data)


def _every_error() -> dict[str, type[LabhandError]]:
    found: dict[str, type[LabhandError]] = {"LabhandError": LabhandError}
    queue: list[type[LabhandError]] = [LabhandError]
    while queue:
        for child in queue.pop().__subclasses__():
            found[child.__name__] = child
            queue.append(child)
    return found
