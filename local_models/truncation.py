"""Tool calls that were cut off by the length limit are no calls.

LangChain completes the JSON of streamed arguments: ``{"smiles": "CC(=O)Oc1cc`` becomes a
valid call with a wrong molecule. Where the provider says that the reply ended at its
length limit, every call in it is therefore made invalid, which the repair of malformed
calls then sees.
"""

from __future__ import annotations

import json
from typing import Any

from langchain_core.messages import AIMessage, InvalidToolCall

CUT_OFF = "cut off by the length limit"

#: What providers call it, compared in lower case.
_LENGTH = frozenset({"length", "max_tokens", "max_output_tokens", "model_length"})


def ended_by_length(metadata: dict[str, Any]) -> bool:
    """True when a response's metadata says that it ended at the length limit."""
    values = (metadata.get(k) for k in ("finish_reason", "stop_reason", "done_reason"))
    return any(isinstance(v, str) and v.lower() in _LENGTH for v in values)


def reject_truncated(message: AIMessage) -> AIMessage:
    """The message with its tool calls turned invalid if it was cut off; else the message.

    >>> from langchain_core.messages import AIMessage
    >>> from labhand.local_models.truncation import reject_truncated
    >>> call = {"name": "molar_mass", "args": {"smiles": "CC"}, "id": "c1"}
    >>> cut = AIMessage("", tool_calls=[call], response_metadata={"finish_reason": "length"})
    >>> reject_truncated(cut).tool_calls, len(reject_truncated(cut).invalid_tool_calls)
    ([], 1)
    """
    if not message.tool_calls or not ended_by_length(message.response_metadata):
        return message
    cut = [
        InvalidToolCall(
            type="invalid_tool_call",
            id=call["id"],
            name=call["name"],
            args=unparsable(json.dumps(call["args"])),
            error=CUT_OFF,
        )
        for call in message.tool_calls
    ]
    return AIMessage(
        content=message.content,
        invalid_tool_calls=[*message.invalid_tool_calls, *cut],
        response_metadata=message.response_metadata,
        usage_metadata=message.usage_metadata,
        id=message.id,
        name=message.name,
    )


def unparsable(arguments: str) -> str:
    """Arguments in a form that no lenient JSON reader completes into a valid call."""
    return f"<{CUT_OFF}> {arguments}"
