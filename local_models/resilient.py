"""A chat model that retries what may pass, and says in one sentence what does not.

It wraps any LangChain chat model: transient failures are tried again with exponential
back-off (or after what ``retry-after`` asks), within a total time; every other
exception becomes one of ours; calls that the length limit cut off become invalid
calls. Once text has been streamed nothing is tried again, because the person would read it
twice; the error then carries ``data["streamed"]``.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel, LanguageModelInput
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from langchain_core.runnables import Runnable, RunnableBinding
from pydantic import Field, SecretStr

from ..tools.contract.errors import LabhandError, ProgrammerMustFix
from .explain import TRANSIENT, explain_model_error
from .truncation import ended_by_length, reject_truncated, unparsable

#: In a message's ``response_metadata``: the labhand name of the model that wrote it.
ANSWERED_BY = "labhand_model"


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How often and how long to try.

    Attributes:
        retries: attempts after the first.
        total_s: no attempt starts later than this after the first, in seconds.
        base_s, longest_s: the waits double from ``base_s`` up to ``longest_s``; a
            tenth of each is random, so that many clients do not come back at once.
        sleep, clock: replaced in tests.
    """

    retries: int = 2
    total_s: float = 180.0
    base_s: float = 0.5
    longest_s: float = 30.0
    sleep: Callable[[float], None] = field(default=time.sleep)
    clock: Callable[[], float] = field(default=time.monotonic)

    def wait_s(self, attempt: int, asked_s: float | None) -> float:
        """Seconds to wait after attempt number ``attempt`` (from 0)."""
        if asked_s is not None:
            return asked_s
        wait = min(self.longest_s, self.base_s * 2**attempt)
        return wait * random.uniform(0.9, 1.0)


class ResilientChatModel(BaseChatModel):
    """``inner`` with retries, plain errors, and no cut-off calls.

    Attributes:
        inner: the provider's model (its own retries should be off).
        label: the model's name as the person wrote it.
        policy: see ``RetryPolicy``.
        secrets: texts that no error message may contain.
    """

    inner: BaseChatModel
    label: str
    policy: RetryPolicy = Field(default_factory=RetryPolicy, exclude=True)
    secrets: tuple[SecretStr, ...] = Field(default=(), exclude=True, repr=False)

    def bind_tools(
        self,
        tools: Sequence[Any],
        *,
        tool_choice: str | None = None,
        **kwargs: Any,
    ) -> Runnable[LanguageModelInput, AIMessage]:
        """Bind tools in the form that the inner model's provider wants."""
        inner, passed = bound_to(self.inner, tools, tool_choice=tool_choice, **kwargs)
        model = self if inner is self.inner else self.model_copy(update={"inner": inner})
        return model.bind(**passed)

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        def once() -> ChatResult:
            return self.inner._generate(messages, stop=stop, run_manager=run_manager, **kwargs)

        result = self._with_retries(once)
        for generation in result.generations:
            self._finish(generation)
        return result

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        def begin() -> tuple[ChatGenerationChunk, Iterator[ChatGenerationChunk]]:
            chunks = chunks_of(self.inner, messages, stop=stop, run_manager=run_manager, **kwargs)
            first = next(chunks, None)
            if first is None:
                raise ValueError("the stream is empty")
            return first, chunks

        first, rest = self._with_retries(begin)
        signed = False
        for chunk in hold_back_calls(self._guarded(first, rest)):
            if not signed:
                metadata = chunk.message.response_metadata
                chunk.message.response_metadata = {**metadata, ANSWERED_BY: self.label}
                signed = True
            yield chunk

    def _guarded(
        self, first: ChatGenerationChunk, rest: Iterator[ChatGenerationChunk]
    ) -> Iterator[ChatGenerationChunk]:
        yield first
        while True:
            try:
                chunk = next(rest, None)
            except Exception as error:
                failure = self._explained(error)
                failure.data = {**failure.data, "streamed": True}
            else:
                if chunk is None:
                    return
                yield chunk
                continue
            # Raised outside the except block: the provider's exception holds the request
            # with its key, and must not travel along as context.
            raise failure

    def _with_retries(self, attempt: Callable[[], Any]) -> Any:
        started = self.policy.clock()
        failure: LabhandError | None = None
        for number in range(self.policy.retries + 1):
            try:
                return attempt()
            except Exception as error:
                failure = self._explained(error)
            data = failure.data
            wait = self.policy.wait_s(number, data.get("retry_after_s"))
            late = self.policy.clock() + wait - started > self.policy.total_s
            if number == self.policy.retries or late or data.get("reason") not in TRANSIENT:
                break
            self.policy.sleep(wait)
        assert failure is not None
        raise failure

    def _explained(self, error: Exception) -> LabhandError:
        secrets = [s.get_secret_value() for s in self.secrets]
        return explain_model_error(error, self.label, secrets=secrets)

    def _finish(self, generation: ChatGeneration) -> None:
        message = generation.message
        if not isinstance(message, AIMessage):
            return
        message.response_metadata = {
            **(generation.generation_info or {}),
            **message.response_metadata,
            ANSWERED_BY: self.label,
        }
        generation.message = reject_truncated(message)

    @property
    def masks_entities(self) -> bool:
        """Whether the inner model reads masked text."""
        return bool(getattr(self.inner, "masks_entities", False))

    @property
    def _llm_type(self) -> str:
        return self.inner._llm_type

    @property
    def _identifying_params(self) -> dict[str, Any]:
        return {"model": self.label}

    def _get_ls_params(self, stop: list[str] | None = None, **kwargs: Any) -> Any:
        return self.inner._get_ls_params(stop=stop, **kwargs)


def bound_to(
    model: BaseChatModel, tools: Sequence[Any], **kwargs: Any
) -> tuple[BaseChatModel, dict[str, Any]]:
    """The model with these tools: itself or a copy, and what each call must pass along.

    Raises:
        ProgrammerMustFix: the model's ``bind_tools`` gives neither a binding nor a model.
    """
    if kwargs.get("tool_choice") is None:
        kwargs.pop("tool_choice", None)
    bound: Any = model.bind_tools(tools, **kwargs)
    passed: dict[str, Any] = {}
    if isinstance(bound, RunnableBinding):
        bound, passed = bound.bound, dict(bound.kwargs)
    if not isinstance(bound, BaseChatModel):
        raise ProgrammerMustFix(f"{type(model).__name__}.bind_tools gives no chat model.")
    return bound, passed


def chunks_of(
    model: BaseChatModel, messages: list[BaseMessage], **kwargs: Any
) -> Iterator[ChatGenerationChunk]:
    """The model's stream, or its whole reply as one chunk if it has no stream."""
    if type(model)._stream is not BaseChatModel._stream:
        yield from model._stream(messages, **kwargs)
        return
    for generation in model._generate(messages, **kwargs).generations:
        yield _as_chunk(generation)


def hold_back_calls(chunks: Iterator[ChatGenerationChunk]) -> Iterator[ChatGenerationChunk]:
    """Pass text on as it comes and tool calls once it is known whether they are whole.

    No reader is waiting for half of an argument, and a call whose end the length
    limit cut off would be completed into a valid one.
    """
    held: ChatGenerationChunk | None = None
    for chunk in chunks:
        message = chunk.message
        info = {**(chunk.generation_info or {}), **message.response_metadata}
        if isinstance(message, AIMessageChunk) and message.tool_call_chunks:
            held = chunk if held is None else held + chunk
            continue
        ends = getattr(message, "chunk_position", None) == "last" or _ended(info)
        if held is not None and ends:
            yield _cut(held) if ended_by_length(info) else held
            held = None
        yield chunk
    if held is not None:
        info = {**(held.generation_info or {}), **held.message.response_metadata}
        yield _cut(held) if ended_by_length(info) else held


def _ended(info: dict[str, Any]) -> bool:
    return any(info.get(k) for k in ("finish_reason", "stop_reason", "done_reason"))


def _cut(held: ChatGenerationChunk) -> ChatGenerationChunk:
    message = held.message
    assert isinstance(message, AIMessageChunk)
    calls = [{**c, "args": unparsable(c["args"] or "")} for c in message.tool_call_chunks]
    content = message.content
    if isinstance(content, list):
        # Some providers repeat the call among the blocks of the content.
        content = [b for b in content if isinstance(b, str) or b.get("type") == "text"]
    return ChatGenerationChunk(
        message=AIMessageChunk(
            content=content,
            tool_call_chunks=calls,  # type: ignore[arg-type]
            id=message.id,
            response_metadata=message.response_metadata,
            usage_metadata=message.usage_metadata,
        ),
        generation_info=held.generation_info,
    )


def _as_chunk(generation: ChatGeneration) -> ChatGenerationChunk:
    message = generation.message
    if not isinstance(message, AIMessage):
        return ChatGenerationChunk(message=AIMessageChunk(content=message.content))
    return ChatGenerationChunk(
        message=AIMessageChunk(
            content=message.content,
            tool_calls=message.tool_calls,
            invalid_tool_calls=message.invalid_tool_calls,
            usage_metadata=message.usage_metadata,
            response_metadata=message.response_metadata,
            id=message.id,
            chunk_position="last",
        )
    )
