"""Masking: a model that declares it reads placeholders instead of chemistry."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from langchain_core.messages import AIMessage, AnyMessage, HumanMessage

from ..masker import Masker
from .base import Middleware, ModelHandler, ModelRequest, ModelResponse


class Masking(Middleware):
    """Masks what goes to the model and unmasks what comes back.

    Args:
        masker: holds the session's entity table, so that a placeholder means the same
            thing in every turn.
    """

    def __init__(self, masker: Masker) -> None:
        super().__init__()
        self._masker = masker

    def wrap_model_call(
        self,
        request: ModelRequest,
        handler: ModelHandler,
    ) -> ModelResponse:
        """Mask, call, unmask; models that do not ask for it are left alone."""
        if not getattr(request.model, "masks_entities", False):
            return handler(request)
        masked = [self._masked(m) for m in request.messages]
        response = handler(request.override(messages=masked))
        response.result = [
            self._unmasked(m) if isinstance(m, AIMessage) else m for m in response.result
        ]
        return response

    def _masked(self, message: AnyMessage) -> AnyMessage:
        if isinstance(message, HumanMessage):
            return HumanMessage(self._masker.mask_text(message.text))
        if isinstance(message, AIMessage):
            return _rewritten(message, self._masker.mask_known)
        return message

    def _unmasked(self, message: AIMessage) -> AIMessage:
        return _rewritten(message, self._masker.unmask)


def _rewritten(message: AIMessage, rewrite: Callable[[Any], Any]) -> AIMessage:
    calls = [{**c, "args": rewrite(c["args"])} for c in message.tool_calls]
    return message.model_copy(update={"content": rewrite(message.text), "tool_calls": calls})
