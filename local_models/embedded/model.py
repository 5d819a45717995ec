"""The embedded model, first version: a planner without a language model.

An ordinary LangChain chat model, so that the loop, the middlewares and the evaluation
treat it like any other. It reads masked text only, remembers nothing between calls and
gives the same answer to the same messages. What it follows: ``words`` → ``split`` →
``index`` (nearest worked examples) → ``fill`` (typed slots) → ``chain`` (kinds) →
``execute`` → ``answer``. What it does not do: it reads no prose in system messages,
and it knows no chemistry; all it has are the frames of the tools that are bound.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, ClassVar

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models.chat_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.messages.ai import UsageMetadata
from langchain_core.messages.tool import tool_call, tool_call_chunk
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from langchain_core.runnables import Runnable
from langchain_core.tools import BaseTool
from langchain_core.utils.function_calling import convert_to_openai_tool
from pydantic import ConfigDict, Field, PrivateAttr

from ...tools.contract import ToolRegistry
from .answer import compose
from .conversation import Conversation, read
from .examples import example_index
from .execute import advance
from .followup import convert_last
from .index import ExampleIndex
from .matching import Embedder
from .plan import Abstention, Focus, Plan, next_focus
from .planner import Planner

_TURNS_BACK = 8


class _Shared:
    """The example index, built once for a model and all its bound copies."""

    def __init__(self) -> None:
        self.index: ExampleIndex | None = None
        self.planners: dict[frozenset[str] | None, Planner] = {}


class EmbeddedPlanner(BaseChatModel):
    """Answers by the nearest worked examples of the tools.

    Args:
        registry: the tools whose frames it knows.
        embedder: texts → vectors, mixed into the nearness of examples where given.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    #: The session masks entities for this model and unmasks what it returns.
    masks_entities: ClassVar[bool] = True
    #: Asking again gives the same words.
    deterministic: ClassVar[bool] = True

    registry: ToolRegistry = Field(default_factory=ToolRegistry, exclude=True)
    embedder: Embedder | None = Field(default=None, exclude=True)
    allowed: frozenset[str] | None = None
    model_name: str = "embedded"
    _shared: _Shared = PrivateAttr(default_factory=_Shared)

    @property
    def _llm_type(self) -> str:
        return "embedded-rules"

    @property
    def _identifying_params(self) -> dict[str, Any]:
        return {"model_name": self.model_name, "allowed": sorted(self.allowed or ())}

    def bind_tools(
        self,
        tools: Sequence[dict[str, Any] | type | Callable[..., Any] | BaseTool],
        *,
        tool_choice: str | None = None,
        **kwargs: Any,
    ) -> Runnable[Any, AIMessage]:
        """A copy that may call these tools only; what else a binding holds is ignored."""
        del kwargs
        names = frozenset(_tool_name(t) for t in tools)
        if tool_choice in names:
            names = frozenset({str(tool_choice)})
        copy = self.model_copy(update={"allowed": names})
        copy._shared = self._shared
        return copy

    def planner(self) -> Planner:
        """The planner for the tools that are bound (built on first use)."""
        shared = self._shared
        if shared.index is None:
            shared.index = example_index(self.registry)
        if self.allowed not in shared.planners:
            shared.planners[self.allowed] = Planner(
                self.registry, self.allowed, self.embedder, shared.index
            )
        return shared.planners[self.allowed]

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        message = self.respond(messages)
        message.content = _stopped(message.text, stop)
        return ChatResult(generations=[ChatGeneration(message=message)])

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        message = self.respond(messages)
        text = _stopped(message.text, stop)
        lines = text.splitlines(keepends=True) if text else []
        for line in lines:
            chunk = ChatGenerationChunk(message=AIMessageChunk(content=line))
            if run_manager:
                run_manager.on_llm_new_token(line, chunk=chunk)
            yield chunk
        import json

        calls = [
            tool_call_chunk(
                name=c["name"], args=json.dumps(c["args"], ensure_ascii=False), id=c["id"], index=i
            )
            for i, c in enumerate(message.tool_calls)
        ]
        yield ChatGenerationChunk(
            message=AIMessageChunk(
                content="",
                tool_call_chunks=calls,
                response_metadata=message.response_metadata,
                usage_metadata=message.usage_metadata,
                chunk_position="last",
            )
        )

    def respond(self, messages: Sequence[BaseMessage]) -> AIMessage:
        """The next message: calls to make, an answer, or why there is none."""
        conversation = read(messages)
        outcome = self._outcome(conversation)
        if isinstance(outcome, Abstention):
            return self._message(outcome.text, _abstained(outcome.outcome, outcome.score))
        branches = advance(outcome, conversation)
        calls = {c.id: c for b in branches for c in b.ready}
        shown = {"confidence": outcome.confidence, "interpretation": outcome.interpretation}
        if calls:
            made = [tool_call(name=c.tool, args=c.arguments, id=c.id) for c in calls.values()]
            return self._message("", shown, made)
        answer = compose(branches, outcome.aside)
        if not answer.answered:
            return self._message(answer.text, {**_abstained("failed", 0.0, answer.reason), **shown})
        return self._message(answer.text, {"status": "answered", **shown})

    def _outcome(self, conversation: Conversation) -> Plan | Abstention:
        planner = self.planner()
        focus = self.focus(conversation.questions)
        converted = convert_last(conversation, focus, planner)
        return converted or planner.plan(conversation.question, focus)

    def focus(self, questions: Sequence[str]) -> Focus:
        """What earlier questions leave behind: they are planned again, which is cheap."""
        planner = self.planner()
        focus = Focus()
        for question in questions[-_TURNS_BACK:]:
            plan = planner.plan(question, focus)
            focus = next_focus(focus, plan, question)
        return focus

    def _message(
        self, text: str, labhand: dict[str, Any], calls: list[Any] | None = None
    ) -> AIMessage:
        metadata = {"model_name": self.model_name, "labhand": labhand}
        usage = UsageMetadata(input_tokens=0, output_tokens=0, total_tokens=0)
        return AIMessage(
            content=text,
            tool_calls=calls or [],
            response_metadata=metadata,
            usage_metadata=usage,
        )


def _abstained(outcome: str, score: float, reason: str = "") -> dict[str, Any]:
    return {
        "status": "abstained",
        "reason": reason or outcome,
        "outcome": outcome,
        "confidence": round(max(0.0, min(1.0, score)), 3),
    }


def _tool_name(tool: dict[str, Any] | type | Callable[..., Any] | BaseTool) -> str:
    if isinstance(tool, BaseTool):
        return tool.name
    if isinstance(tool, dict) and isinstance(tool.get("name"), str):
        return tool["name"]
    return str(convert_to_openai_tool(tool)["function"]["name"])


def _stopped(text: str, stop: list[str] | None) -> str:
    for sign in stop or ():
        text = text.split(sign, 1)[0]
    return text
