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
        masker: gives the session's entity table, by which a placeholder means the same
            thing in every turn; called only when a model needs it.
    """

    def __init__(self, masker: Callable[[], Masker]) -> None:
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
        masker = self._masker()
        masked = [_masked(m, masker) for m in request.messages]
        response = handler(request.override(messages=masked))
        response.result = [
            _rewritten(m, masker.unmask) if isinstance(m, AIMessage) else m for m in response.result
        ]
        return response


def _masked(message: AnyMessage, masker: Masker) -> AnyMessage:
    if isinstance(message, HumanMessage):
        return HumanMessage(masker.mask_text(message.text))
    if isinstance(message, AIMessage):
        return _rewritten(message, masker.mask_known)
    return message


def _rewritten(message: AIMessage, rewrite: Callable[[Any], Any]) -> AIMessage:
    calls = [{**c, "args": rewrite(c["args"])} for c in message.tool_calls]
    return message.model_copy(update={"content": rewrite(message.text), "tool_calls": calls})
