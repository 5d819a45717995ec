"""Budget: no model call and no tool call beyond what the turn may spend."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from langchain.agents.middleware.types import (
    AgentMiddleware,
    ModelRequest,
    ModelResponse,
    ToolCallRequest,
)

from ..context import TurnContext


class Spending(AgentMiddleware):
    """Checks the meter, and whether the person has interrupted, before every call."""

    def wrap_model_call(
        self,
        request: ModelRequest[TurnContext],
        handler: Callable[[ModelRequest[TurnContext]], ModelResponse],
    ) -> ModelResponse:
        """Count a model call."""
        context = request.runtime.context
        context.check_cancelled()
        context.meter.before_model()
        return handler(request)

    def wrap_tool_call(
        self, request: ToolCallRequest, handler: Callable[[ToolCallRequest], Any]
    ) -> Any:
        """Count a tool call."""
        context: TurnContext = request.runtime.context
        context.check_cancelled()
        context.meter.before_tool()
        return handler(request)
