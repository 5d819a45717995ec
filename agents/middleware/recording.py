"""Recording: every model message goes to the log, with its cost and its time."""

from __future__ import annotations

import time

from langchain_core.messages import AIMessage

from ...local_models.explain import explain_model_error
from ...tools.contract import LabhandError
from ..budget import TurnStop
from ..context import MAXIMUM_ANSWER, TurnContext
from ..events import ModelFinished, Notice
from ..grounding import BlockGate
from ..projection import ai_message_to_dict
from ..wellformed import well_formed
from .base import Middleware, ModelHandler, ModelRequest, ModelResponse
from .messages import ai_message
from .waiting import wait_for


class Recording(Middleware):
    """Emits ``ModelFinished`` and feeds the meter; asks for streaming where it is read.

    A reply from a cache still reports the tokens of its original; it costs nothing.
    """

    def wrap_model_call(
        self,
        request: ModelRequest,
        handler: ModelHandler,
    ) -> ModelResponse:
        """Call the model and write down what came back."""
        context = request.runtime.context
        context.blocks = BlockGate()
        local = bool(getattr(request.model, "masks_entities", False))
        if context.stream and not local:
            request = request.override(model_settings={**request.model_settings, "stream": True})
        started = time.perf_counter()
        try:
            response = handler(request) if local else wait_for(lambda: handler(request), context)
        except (LabhandError, TurnStop):
            raise
        except Exception as error:
            # Whatever the provider's client raised becomes one sentence with a remedy;
            # an error of ours further out stays recognisable as such. The original goes:
            # it may hold the request, and with it a key.
            raise explain_model_error(error, context.model_name) from None
        seconds = time.perf_counter() - started
        message = _bounded(_writable(ai_message(response)), context)
        self._record(message, context, seconds)
        return response

    def _record(self, message: AIMessage, context: TurnContext, seconds: float) -> None:
        _name_calls(message, context)
        usage = message.usage_metadata or {}
        cached = usage.get("total_cost") == 0  # LangChain's own mark of a cached reply
        spent_in = 0 if cached else int(usage.get("input_tokens", 0))
        spent_out = 0 if cached else int(usage.get("output_tokens", 0))
        context.meter.after_model(spent_in, spent_out, context.price(spent_in, spent_out))
        context.last_text = message.text or context.last_text
        record = ai_message_to_dict(message)
        context.emit(ModelFinished(record, spent_in, spent_out, round(seconds, 4), cached))


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


def _name_calls(message: AIMessage, context: TurnContext) -> None:
    """Some servers send calls without an id, or the same ids at every step of a turn."""
    for number, call in enumerate(message.tool_calls, start=1):
        if not call["id"] or call["id"] in context.used_ids:
            call["id"] = f"{context.meter.model_calls}-{number}"
        context.used_ids.add(call["id"])
