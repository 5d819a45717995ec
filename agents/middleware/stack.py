"""The stack: our middlewares as one of LangChain's.

LangChain wraps the hook of every middleware in a trace span, at about a tenth of a
millisecond each, used or not; ten concerns would cost more than the loop itself. So the
concerns stay apart, one a file, and are chained here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from langchain.agents.middleware.types import AgentMiddleware

from .base import (
    Middleware,
    ModelHandler,
    ModelRequest,
    ModelResponse,
    ToolCallRequest,
    ToolHandler,
)


class Stack(Middleware):
    """Chains middlewares; the first is the outermost.

    Args:
        parts: middlewares that only wrap (hooks that add nodes are refused).
    """

    def __init__(self, parts: Sequence[Middleware]) -> None:
        super().__init__()
        for part in parts:
            added = [h for h in _NODE_HOOKS if _overrides(part, h)]
            if added:
                raise TypeError(f"{type(part).__name__} defines {added}, which a stack cannot run")
        self._model_parts = [p for p in reversed(parts) if _overrides(p, "wrap_model_call")]
        self._tool_parts = [p for p in reversed(parts) if _overrides(p, "wrap_tool_call")]

    def wrap_model_call(self, request: ModelRequest, handler: ModelHandler) -> ModelResponse:
        """Run the model call inside all parts."""
        for part in self._model_parts:
            handler = _model_step(part, handler)
        return handler(request)

    def wrap_tool_call(self, request: ToolCallRequest, handler: ToolHandler) -> Any:
        """Run the tool call inside all parts."""
        for part in self._tool_parts:
            handler = _tool_step(part, handler)
        return handler(request)


_NODE_HOOKS = ("before_agent", "before_model", "after_model", "after_agent")


def _overrides(part: Middleware, hook: str) -> bool:
    return getattr(type(part), hook) is not getattr(AgentMiddleware, hook)


def _model_step(part: Middleware, inner: ModelHandler) -> ModelHandler:
    def run(request: ModelRequest) -> ModelResponse:
        response: Any = part.wrap_model_call(request, inner)
        return response

    return run


def _tool_step(part: Middleware, inner: ToolHandler) -> ToolHandler:
    return lambda request: part.wrap_tool_call(request, inner)
