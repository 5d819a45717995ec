"""A chain of models: when one is not available, the next one answers, and it is said.

The switch happens only before anything was streamed, and never silently:
``on_fallback(from_name, to_name, reason)`` is called each time. A model that failed is
passed over for ``cooldown_s`` seconds, so that a dead server does not cost its time
limit at every step of a turn.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel, LanguageModelInput
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.outputs import ChatGenerationChunk, ChatResult
from langchain_core.runnables import Runnable
from langchain_core.utils.function_calling import convert_to_openai_tool
from pydantic import Field, PrivateAttr, model_validator

from ..tools.contract.errors import ConfigurationError, LabhandError, ModelUnavailableError
from .resilient import ANSWERED_BY, bound_to, chunks_of

OnFallback = Callable[[str, str, str], None]


class FallbackChatModel(BaseChatModel):
    """Models in the order of preference; the first that is available answers.

    Attributes:
        models: at least one; all read masked text, or none does.
        labels: their names as the person wrote them.
        on_fallback: told of each switch: from, to, and why.
        cooldown_s: a failed model is passed over for this long, in seconds.
    """

    models: list[BaseChatModel] = Field(min_length=1)
    labels: list[str] = Field(min_length=1)
    on_fallback: OnFallback = Field(exclude=True)
    cooldown_s: float = 60.0
    _failed_at: dict[int, float] = PrivateAttr(default_factory=dict)
    _lock: Any = PrivateAttr(default_factory=threading.Lock)

    @model_validator(mode="after")
    def _consistent(self) -> FallbackChatModel:
        if len(self.models) != len(self.labels):
            raise ValueError("every model of a chain has a label")
        if len({_masks(m) for m in self.models}) > 1:
            raise ConfigurationError(
                f"the models {', '.join(self.labels)} cannot stand in for one another: "
                "some read the question with its entities masked, some as it is.",
                "Give make_model_chain a wrap that masks for the ones that need it.",
            )
        return self

    @property
    def masks_entities(self) -> bool:
        """Whether the models of the chain read masked text."""
        return _masks(self.models[0])

    @property
    def current(self) -> str:
        """The name of the model that the next call tries first."""
        return self.labels[self._order()[0]]

    def bind_tools(
        self, tools: Sequence[Any], *, tool_choice: str | None = None, **kwargs: Any
    ) -> Runnable[LanguageModelInput, AIMessage]:
        """Bind tools; each model gets them in its own provider's form when it is called."""
        if tool_choice is not None:
            kwargs["tool_choice"] = tool_choice
        return self.bind(tools=[convert_to_openai_tool(t) for t in tools], **kwargs)

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        def ask(model: BaseChatModel, bound: dict[str, Any]) -> ChatResult:
            return model._generate(messages, stop=stop, run_manager=run_manager, **bound)

        index, result = self._first_available(ask, kwargs)
        for generation in result.generations:
            self._sign(generation.message, index)
        return result

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        def begin(
            model: BaseChatModel, bound: dict[str, Any]
        ) -> tuple[ChatGenerationChunk | None, Iterator[ChatGenerationChunk]]:
            chunks = chunks_of(model, messages, stop=stop, run_manager=run_manager, **bound)
            return next(chunks, None), chunks

        index, (first, rest) = self._first_available(begin, kwargs)
        if first is not None:
            self._sign(first.message, index)
            yield first
        yield from rest

    def _first_available(
        self, attempt: Callable[[BaseChatModel, dict[str, Any]], Any], kwargs: dict[str, Any]
    ) -> tuple[int, Any]:
        order = self._order()
        for place, index in enumerate(order):
            model = self.models[index]
            try:
                result = attempt(*_with_tools(model, kwargs))
            except ModelUnavailableError as error:
                failure: LabhandError = error
            else:
                return index, result
            with self._lock:
                self._failed_at[index] = time.monotonic()
            if place + 1 == len(order):
                raise failure
            self.on_fallback(self.labels[index], self.labels[order[place + 1]], failure.message)
        raise AssertionError("a chain has at least one model")

    def _order(self) -> list[int]:
        """Indices in the order to try: the rested ones first, each group by preference."""
        now = time.monotonic()
        with self._lock:
            resting = {i for i, t in self._failed_at.items() if now - t < self.cooldown_s}
        return sorted(range(len(self.models)), key=lambda i: (i in resting, i))

    def _sign(self, message: BaseMessage, index: int) -> None:
        message.response_metadata = {
            **message.response_metadata,
            ANSWERED_BY: self.labels[index],
        }

    @property
    def _llm_type(self) -> str:
        return "fallback"

    @property
    def _identifying_params(self) -> dict[str, Any]:
        return {"models": list(self.labels)}

    def _get_ls_params(self, stop: list[str] | None = None, **kwargs: Any) -> Any:
        return self.models[self._order()[0]]._get_ls_params(stop=stop, **kwargs)


def _with_tools(
    model: BaseChatModel, kwargs: dict[str, Any]
) -> tuple[BaseChatModel, dict[str, Any]]:
    tools = kwargs.get("tools")
    if not tools:
        return model, kwargs
    rest = {k: v for k, v in kwargs.items() if k not in ("tools", "tool_choice")}
    bound, passed = bound_to(model, tools, tool_choice=kwargs.get("tool_choice"))
    return bound, {**rest, **passed}


def _masks(model: BaseChatModel) -> bool:
    return bool(getattr(model, "masks_entities", False))
