"""The types that all middlewares of a turn share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias, cast

from langchain.agents.middleware.types import (
    AgentMiddleware,
    AgentState,
    ToolCallRequest,
)
from langchain.agents.middleware.types import ModelRequest as _ModelRequest
from langchain.agents.middleware.types import ModelResponse as _ModelResponse

from ..context import TurnContext

ModelRequest: TypeAlias = _ModelRequest[TurnContext]
ModelResponse: TypeAlias = _ModelResponse[Any]
ModelHandler: TypeAlias = Callable[[ModelRequest], ModelResponse]
ToolHandler: TypeAlias = Callable[[ToolCallRequest], Any]


class Middleware(AgentMiddleware[AgentState[Any], TurnContext, Any]):
    """A middleware whose runtime context is the turn."""


def turn_of(request: ToolCallRequest) -> TurnContext:
    """The turn that a tool call belongs to."""
    return cast(TurnContext, cast(Any, request.runtime).context)


__all__ = [
    "Middleware",
    "ModelHandler",
    "ModelRequest",
    "ModelResponse",
    "ToolCallRequest",
    "ToolHandler",
    "turn_of",
]
