"""Repair: a malformed call is explained to the model instead of ending the turn silently.

Three traps are met here: calls whose arguments were cut off by a length limit and
still parse; turns whose calls are all malformed; and small models that write a call as
text. An empty answer counts as malformed too.
"""

from __future__ import annotations

import re

from langchain_core.messages import AIMessage, HumanMessage

from ..budget import TurnStop
from ..events import Notice
from .base import Middleware, ModelHandler, ModelRequest, ModelResponse
from .messages import ai_message, was_cut_off

RETRIES = 2
_CALL_AS_TEXT = re.compile(
    r"^\s*(?:```(?:json)?\s*)?(?:<tool_call>|<function[=_]|\[TOOL_CALLS\]|"
    r"\{\s*\"(?:name|tool|function)\"\s*:\s*\"\w+\"\s*,\s*\"(?:arguments|parameters|args)\")"
)


class MalformedOutput(TurnStop):
    """The model kept producing calls that cannot be read."""

    def __str__(self) -> str:
        return f"the model produced {RETRIES + 1} malformed replies in a row"


class Repair(Middleware):
    """Bounded retries of a malformed model message."""

    def wrap_model_call(
        self,
        request: ModelRequest,
        handler: ModelHandler,
    ) -> ModelResponse:
        """Call the model; on a malformed message say what was wrong and call again."""
        for attempt in range(RETRIES + 1):
            response = handler(request)
            message = ai_message(response)
            problem = malformation(message)
            if problem is None:
                return response
            request.runtime.context.emit(Notice("repair", problem))
            if attempt < RETRIES:
                said = AIMessage(message.text[:2000] or "(a malformed tool call)")
                request = request.override(
                    messages=[*request.messages, said, HumanMessage(problem)]
                )
        raise MalformedOutput


def malformation(message: AIMessage) -> str | None:
    """What is wrong with a model's message, in words for the model; ``None`` if nothing is."""
    if was_cut_off(message) and (message.tool_calls or message.invalid_tool_calls):
        return (
            "Your tool call was cut off by the length limit, so its arguments are incomplete. "
            "Call again with complete, shorter arguments."
        )
    if message.invalid_tool_calls:
        names = ", ".join(str(c.get("name") or "?") for c in message.invalid_tool_calls)
        return f"The arguments of your call to {names} are not valid JSON. Call again."
    if message.tool_calls:
        return None
    if _CALL_AS_TEXT.search(message.text):
        return "You wrote a tool call as text. Use the tool-calling interface instead."
    if not message.text.strip():
        return "Your reply was empty. Call a tool or answer the question."
    return None
