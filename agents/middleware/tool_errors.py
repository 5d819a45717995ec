"""Tool errors: a sentence and a remedy for the model, never a traceback, never a dead turn."""

from __future__ import annotations

from typing import Any

from ...tools.contract import LabhandError
from ...tools.contract.errors import ModelMayRetry, ModelMustAdapt, ToolCancelledError
from ..budget import TurnInterrupted
from ..events import ToolFailed
from ..projection import error_message
from .base import Middleware, ToolCallRequest, ToolHandler, turn_of


class ToolErrors(Middleware):
    """Turns errors addressed to the model into tool messages; all others end the turn."""

    def wrap_tool_call(self, request: ToolCallRequest, handler: ToolHandler) -> Any:
        """Run the call; explain what went wrong."""
        context = turn_of(request)
        call = request.tool_call
        try:
            return handler(request)
        except ToolCancelledError as error:
            context.emit(
                ToolFailed(str(call["id"]), call["name"], type(error).__name__, str(error))
            )
            raise TurnInterrupted from error
        except (ModelMayRetry, ModelMustAdapt) as error:
            text = explain(error)
            context.emit(ToolFailed(str(call["id"]), call["name"], type(error).__name__, text))
            message = error_message(str(call["id"]), call["name"], text)
            message.additional_kwargs["error"] = error.to_dict()
            return message


def explain(error: LabhandError) -> str:
    """What a model reads of an error: the sentence, the remedy, and whose turn it is."""
    advice = (
        "You may call again with other arguments."
        if isinstance(error, ModelMayRetry)
        else "Do not repeat this call."
    )
    return f"Error: {error} {advice}"
