"""Recording: every model message goes to the log, with its cost and its time.

It stands outside of masking, so that the log holds what was meant: a turn that goes on
after a crash runs its calls with the person's own words, not with placeholders.
"""

from __future__ import annotations

import time

from langchain_core.messages import AIMessage

from ..context import TurnContext
from ..events import ModelFinished
from ..grounding import BlockGate
from ..projection import ai_message_to_dict
from .base import Middleware, ModelHandler, ModelRequest, ModelResponse
from .messages import ai_message


class Recording(Middleware):
    """Emits ``ModelFinished`` and feeds the meter.

    A reply from a cache still reports the tokens of its original; it costs nothing.
    """

    def wrap_model_call(self, request: ModelRequest, handler: ModelHandler) -> ModelResponse:
        """Call the model and write down what came back."""
        context = request.runtime.context
        context.blocks = BlockGate()
        started = time.perf_counter()
        response = handler(request)
        self._record(ai_message(response), context, time.perf_counter() - started)
        return response

    def _record(self, message: AIMessage, context: TurnContext, seconds: float) -> None:
        _name_calls(message, context)
        usage = message.usage_metadata or {}
        cached = usage.get("total_cost") == 0  # LangChain's own mark of a cached reply
        spent_in = 0 if cached else int(usage.get("input_tokens", 0))
        spent_out = 0 if cached else int(usage.get("output_tokens", 0))
        context.meter.after_model(spent_in, spent_out, context.price(spent_in, spent_out))
        record = ai_message_to_dict(message)
        context.emit(ModelFinished(record, spent_in, spent_out, round(seconds, 4), cached))


def _name_calls(message: AIMessage, context: TurnContext) -> None:
    """Some servers send calls without an id, or the same ids at every step of a turn."""
    for number, call in enumerate(message.tool_calls, start=1):
        if not call["id"] or call["id"] in context.used_ids:
            call["id"] = f"{context.meter.model_calls}-{number}"
        context.used_ids.add(call["id"])
    context.order.begin([str(call["id"]) for call in message.tool_calls])
