"""Small readings of LangChain messages that several middlewares need."""

from __future__ import annotations

from langchain.agents.middleware.types import ModelResponse
from langchain_core.messages import AIMessage

CUT_OFF = frozenset({"length", "max_tokens", "MAX_TOKENS"})


def ai_message(response: ModelResponse) -> AIMessage:
    """The model's message in a response."""
    for message in response.result:
        if isinstance(message, AIMessage):
            return message
    return AIMessage("")


def final_message(response: ModelResponse) -> AIMessage | None:
    """The message if it ends the turn (it calls no tool), else ``None``."""
    message = ai_message(response)
    return None if message.tool_calls else message


def was_cut_off(message: AIMessage) -> bool:
    """True if the model ran into its length limit."""
    metadata = message.response_metadata
    return (metadata.get("finish_reason") or metadata.get("stop_reason")) in CUT_OFF
