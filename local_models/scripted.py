"""A chat model that says what it was told to say: for tests and demonstrations.

::

    model = ScriptedChatModel(script=[
        AIMessage("", tool_calls=[call("molar_mass", "c1", smiles="CCO")]),
        "It weighs {o1.molar_mass}.",
    ])

A turn is a message, a text, an exception (raised), ``BreaksOff`` (streams some text,
then raises), or a function that makes the message from the conversation so far. It
streams like a real provider: text word by word, the arguments of a call in fragments,
the token counts last. Unlike LangChain's ``GenericFakeChatModel`` it binds tools and
keeps tool calls when streaming.
"""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel, LanguageModelInput
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage, ToolCall
from langchain_core.messages.ai import UsageMetadata
from langchain_core.messages.tool import ToolCallChunk
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from langchain_core.runnables import Runnable
from langchain_core.utils.function_calling import convert_to_openai_tool
from pydantic import Field, PrivateAttr

from ..tools.contract.errors import ConfigurationError


@dataclass(frozen=True, slots=True)
class BreaksOff:
    """A turn that streams this text and then fails with this error."""

    text: str
    error: Exception


Turn = AIMessage | str | Exception | BreaksOff | Callable[[list[BaseMessage]], AIMessage]


def call(name: str, id: str, **args: Any) -> ToolCall:
    """A tool call, as ``AIMessage(tool_calls=[…])`` takes it."""
    return ToolCall(name=name, args=args, id=id, type="tool_call")


class ScriptedChatModel(BaseChatModel):
    """A chat model that follows a script.

    Attributes:
        script: the turns, one for each call of the model.
        repeat_last: go on with the last turn for ever (a model that never stops).
        usage: input and output tokens that a turn reports if its message has none.
        delay_s: pause before each streamed piece, in seconds.
        masks_entities: whether the agent should mask entities for it.

    Raises (when called):
        ConfigurationError: the script has no turn left.
    """

    script: list[Any] = Field(default_factory=list)
    repeat_last: bool = False
    usage: tuple[int, int] = (10, 5)
    delay_s: float = 0.0
    masks_entities: bool = False
    _cursor: int = PrivateAttr(default=0)
    _seen: list[list[BaseMessage]] = PrivateAttr(default_factory=list)
    _bindings: list[list[dict[str, Any]]] = PrivateAttr(default_factory=list)
    _lock: Any = PrivateAttr(default_factory=threading.Lock)

    @property
    def seen(self) -> list[list[BaseMessage]]:
        """The messages of each call so far, oldest first."""
        with self._lock:
            return list(self._seen)

    @property
    def bindings(self) -> list[list[dict[str, Any]]]:
        """The tools of each ``bind_tools`` so far, in OpenAI's form, oldest first."""
        with self._lock:
            return list(self._bindings)

    @property
    def bound_names(self) -> list[str]:
        """The names of the tools bound last; empty if none were."""
        bindings = self.bindings
        return [t["function"]["name"] for t in bindings[-1]] if bindings else []

    def bind_tools(
        self, tools: Sequence[Any], *, tool_choice: str | None = None, **kwargs: Any
    ) -> Runnable[LanguageModelInput, AIMessage]:
        """Bind tools and remember them; the script alone decides what is called."""
        formatted = [convert_to_openai_tool(t) for t in tools]
        with self._lock:
            self._bindings.append(formatted)
        if tool_choice is not None:
            kwargs["tool_choice"] = tool_choice
        return self.bind(tools=formatted, **kwargs)

    def _next(self, messages: list[BaseMessage]) -> AIMessage | BreaksOff:
        with self._lock:
            self._seen.append(list(messages))
            if self._cursor >= len(self.script) and not (self.repeat_last and self.script):
                raise ConfigurationError(
                    f"the scripted model has {len(self.script)} turns and was called once more.",
                    "Add a turn to its script, or let it repeat the last one.",
                )
            turn: Any = self.script[min(self._cursor, len(self.script) - 1)]
            self._cursor += 1
        if isinstance(turn, Exception):
            raise turn
        if isinstance(turn, BreaksOff):
            return turn
        made: Any = turn(messages) if callable(turn) else turn
        message: AIMessage = AIMessage(made) if isinstance(made, str) else made.model_copy()
        if message.usage_metadata is None:
            put, got = self.usage
            message.usage_metadata = UsageMetadata(
                input_tokens=put, output_tokens=got, total_tokens=put + got
            )
        metadata = {"finish_reason": "tool_calls" if message.tool_calls else "stop"}
        message.response_metadata = {**metadata, **message.response_metadata}
        return message

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        message = self._next(messages)
        if isinstance(message, BreaksOff):
            raise message.error
        return ChatResult(generations=[ChatGeneration(message=message)])

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        turn = self._next(messages)
        for chunk in _pieces(turn):
            if self.delay_s:
                time.sleep(self.delay_s)
            yield ChatGenerationChunk(message=chunk)
        if isinstance(turn, BreaksOff):
            raise turn.error

    @property
    def _llm_type(self) -> str:
        return "scripted"

    @property
    def _identifying_params(self) -> dict[str, Any]:
        return {"model": "scripted"}

    def _get_ls_params(self, stop: list[str] | None = None, **kwargs: Any) -> Any:
        params = super()._get_ls_params(stop=stop, **kwargs)
        name = kwargs.get("model", "scripted")
        return {**params, "ls_provider": "labhand", "ls_model_name": name}


def _pieces(turn: AIMessage | BreaksOff) -> Iterator[AIMessageChunk]:
    text = turn.text if isinstance(turn, BreaksOff) else str(turn.text)
    for word in re.findall(r"\S+\s*|\s+", text):
        yield AIMessageChunk(content=word)
    if isinstance(turn, BreaksOff):
        return
    written = [(c["name"], c["id"], json.dumps(c["args"])) for c in turn.tool_calls]
    written += [(c["name"], c["id"], c["args"] or "") for c in turn.invalid_tool_calls]
    for index, (name, id_, arguments) in enumerate(written):
        half = len(arguments) // 2
        yield _fragment(ToolCallChunk(name=name, args=arguments[:half], id=id_, index=index))
        yield _fragment(ToolCallChunk(name=None, args=arguments[half:], id=None, index=index))
    yield AIMessageChunk(
        content="",
        usage_metadata=turn.usage_metadata,
        response_metadata=turn.response_metadata,
        chunk_position="last",
    )


def _fragment(chunk: ToolCallChunk) -> AIMessageChunk:
    return AIMessageChunk(content="", tool_call_chunks=[chunk])
