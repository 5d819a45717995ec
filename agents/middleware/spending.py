"""Budget: no model call and no tool call beyond what the turn may spend."""

from __future__ import annotations

from typing import Any

from .base import (
    Middleware,
    ModelHandler,
    ModelRequest,
    ModelResponse,
    ToolCallRequest,
    ToolHandler,
    turn_of,
)


class Spending(Middleware):
    """Checks the meter, and whether the person has interrupted, before every call."""

    def wrap_model_call(
        self,
        request: ModelRequest,
        handler: ModelHandler,
    ) -> ModelResponse:
        """Count a model call."""
        context = request.runtime.context
        context.check_cancelled()
        context.meter.before_model()
        return handler(request)

    def wrap_tool_call(self, request: ToolCallRequest, handler: ToolHandler) -> Any:
        """Count a tool call."""
        context = turn_of(request)
        context.check_cancelled()
        context.meter.before_tool()
        return handler(request)
