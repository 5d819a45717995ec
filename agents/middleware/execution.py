"""Execution: the innermost step of a tool call, through the executor into the ledger."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from langchain_core.messages import ToolMessage

from ..context import TurnContext
from ..events import Progress, ToolFinished, ToolStarted
from ..projection import tool_message
from .base import Middleware, ToolCallRequest, ToolHandler, turn_of


class Execution(Middleware):
    """Runs the call itself; LangChain's own tool body is not used."""

    def wrap_tool_call(self, request: ToolCallRequest, handler: ToolHandler) -> ToolMessage:
        """Run the call under the turn's cancel token."""
        call = request.tool_call
        return execute(turn_of(request), str(call["id"]), call["name"], call["args"])


def execute(
    context: TurnContext, call_id: str, name: str, arguments: Mapping[str, Any]
) -> ToolMessage:
    """Run one call, with its events, and give the message the model reads."""
    context.emit(ToolStarted(call_id, name, dict(arguments)))
    observation = context.executor.run(
        name,
        arguments,
        # The ledger knows a call by turn and id: a repeated id in a later turn runs anew,
        # while a turn that goes on after a crash finds what it has already run.
        call_id=f"t{context.turn}-{call_id}",
        cancel=context.cancel,
        progress=lambda text, fraction: context.emit(Progress(call_id, text, fraction)),
    )
    context.emit(
        ToolFinished(call_id, name, observation.id, observation.seconds, observation.cached)
    )
    return tool_message(call_id, observation)
