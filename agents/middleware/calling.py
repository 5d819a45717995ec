"""Calling: the innermost step of a model call; whatever goes wrong becomes one sentence."""

from __future__ import annotations

from langchain_core.messages import AIMessage

from ...local_models.explain import explain_model_error
from ...tools.contract import LabhandError
from ..budget import TurnStop
from ..context import MAXIMUM_ANSWER, TurnContext
from ..events import Notice
from ..wellformed import well_formed
from .base import Middleware, ModelHandler, ModelRequest, ModelResponse
from .messages import ai_message
from .waiting import wait_for


class Calling(Middleware):
    """Calls the model: streamed where somebody reads, bounded, and never beyond the turn's end."""

    def wrap_model_call(self, request: ModelRequest, handler: ModelHandler) -> ModelResponse:
        """Call the model and make its message fit to be read and written."""
        context = request.runtime.context
        local = bool(getattr(request.model, "masks_entities", False))
        if context.stream and not local:
            request = request.override(model_settings={**request.model_settings, "stream": True})
        try:
            response = handler(request) if local else wait_for(lambda: handler(request), context)
        except (LabhandError, TurnStop):
            raise
        except Exception as error:
            # Whatever the provider's client raised becomes one sentence with a remedy;
            # an error of ours further out stays recognisable as such. The original goes:
            # it may hold the request, and with it a key.
            raise explain_model_error(error, context.model_name) from None
        _bounded(_writable(ai_message(response)), context)
        return response


def _writable(message: AIMessage) -> AIMessage:
    """Servers can send code points that are no characters; neither log nor terminal takes them."""
    message.content = well_formed(message.content)
    for call in message.tool_calls:
        call["args"] = well_formed(call["args"])
        call["name"] = well_formed(call["name"])
    for wrong in message.invalid_tool_calls:
        wrong["args"], wrong["name"] = well_formed(wrong["args"]), well_formed(wrong["name"])
    return message


def _bounded(message: AIMessage, context: TurnContext) -> AIMessage:
    """A model that has lost itself must not be checked claim by claim for minutes."""
    text = message.text
    if len(text) > MAXIMUM_ANSWER:
        message.content = text[:MAXIMUM_ANSWER] + "…"
        said = f"The model's answer of {len(text):,} characters was cut at {MAXIMUM_ANSWER:,}."
        context.emit(Notice("cut", said))
    return message
