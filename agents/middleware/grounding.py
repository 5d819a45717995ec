"""Grounding: an answer with unsupported statements goes back to the model, at most twice."""

from __future__ import annotations

from langchain_core.messages import AIMessage, HumanMessage

from ..events import Notice
from ..grounding import judge
from .base import Middleware, ModelHandler, ModelRequest, ModelResponse
from .messages import final_message

RETRIES = 2


class Grounding(Middleware):
    """Judges each final answer; what stays unsupported is struck when the turn ends."""

    def wrap_model_call(
        self,
        request: ModelRequest,
        handler: ModelHandler,
    ) -> ModelResponse:
        """Call the model, judge a final answer, and let it try again with the gate's words."""
        context = request.runtime.context
        response = handler(request)
        for attempt in range(RETRIES + 1):
            message = final_message(response)
            if message is None or _is_our_own(message):
                return response
            judgement = judge(message.text, context.evidence())
            context.judgement = judgement
            if judgement.grounded or attempt == RETRIES or _is_deterministic(request):
                return response
            context.emit(Notice("ungrounded", judgement.feedback()))
            answer, feedback = AIMessage(message.text), HumanMessage(judgement.feedback())
            request = request.override(messages=[*request.messages, answer, feedback])
            response = handler(request)
        return response


def _is_our_own(message: AIMessage) -> bool:
    """An abstention by a planner of the house: fixed sentences, no statement to check."""
    return (message.response_metadata.get("labhand") or {}).get("status") == "abstained"


def _is_deterministic(request: ModelRequest) -> bool:
    """Asking such a model again gives the same words."""
    return bool(getattr(request.model, "deterministic", False))
