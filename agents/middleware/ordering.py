"""Ordering: instant calls of one message run in the message's order (see ``agents/order.py``)."""

from __future__ import annotations

from typing import Any

from ...tools.contract import Cost
from .base import Middleware, ToolCallRequest, ToolHandler, turn_of


class Ordering(Middleware):
    """The outermost step of a tool call; slow tools still run side by side."""

    def wrap_tool_call(self, request: ToolCallRequest, handler: ToolHandler) -> Any:
        """Wait for the instant calls before this one, run it, let the next one pass."""
        context = turn_of(request)
        name = request.tool_call["name"]
        slow = name in context.registry and context.registry[name].cost is not Cost.INSTANT
        with context.order.turn_of(str(request.tool_call["id"]), wait=not slow):
            return handler(request)
