"""One turn: the loop of LangChain under our middlewares, from messages to an outcome."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from langchain.agents import create_agent
from langchain_core.callbacks import BaseCallbackHandler
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AnyMessage
from langchain_core.runnables import RunnableConfig
from langchain_core.tools import BaseTool

from ..tools.contract.errors import ModelMayRetry, ModelMustAdapt
from .budget import BudgetExceeded, TurnStop
from .context import MAXIMUM_ANSWER, TurnContext
from .events import Notice, Token, ToolFailed
from .grounding import judge
from .masker import Masker
from .middleware.approval import Approval
from .middleware.base import Middleware
from .middleware.calling import Calling
from .middleware.execution import Execution, execute
from .middleware.fallback import Fallback, MakeModel
from .middleware.grounding import Grounding
from .middleware.loops import Loops
from .middleware.masking import Masking
from .middleware.ordering import Ordering
from .middleware.prompting import Prompting, SystemPrompt, ToolChoice
from .middleware.recording import Recording
from .middleware.repair import Repair
from .middleware.spending import Spending
from .middleware.stack import Stack
from .middleware.tool_errors import ToolErrors, explain
from .outcome import Outcome, failed, from_message, partial
from .projection import error_message, open_calls
from .wellformed import well_formed


class Loop:
    """The compiled loop of a session; built again only when the model changes."""

    def __init__(
        self,
        model: BaseChatModel,
        tools: Sequence[BaseTool],
        *,
        masker: Callable[[], Masker],
        choose: ToolChoice,
        system_prompt: SystemPrompt,
        fallback: Sequence[str] = (),
        make_model: MakeModel | None = None,
    ) -> None:
        self.model = model
        stack: list[Middleware] = [
            Grounding(),
            Repair(),
            *([Fallback(fallback, make_model)] if make_model else []),
            Recording(),
            Masking(masker),
            Prompting(choose, system_prompt),
            Ordering(),
            Loops(),
            Spending(),
            Calling(),
            ToolErrors(),
            Approval(),
            Execution(),
        ]
        self._graph = create_agent(
            model, list(tools), middleware=[Stack(stack)], context_schema=TurnContext
        )

    def run(self, messages: Sequence[AnyMessage], context: TurnContext) -> Outcome:
        """Run the loop to its end, whatever that is.

        Errors that only a person or a programmer can mend pass through.
        """
        history: list[Any] = [*messages, *_finish_open_calls(messages, context)]
        config: RunnableConfig = {
            "callbacks": [_Tokens(context)] if context.stream else [],
            "recursion_limit": 10_000,  # the budget is the brake
        }
        before = len(context.observations())
        try:
            state = self._graph.invoke({"messages": list(history)}, config, context=context)
        except TurnStop as stop:
            if isinstance(stop, BudgetExceeded):
                context.emit(stop.hit)
            else:
                context.emit(Notice("stopped", str(stop)))
            return partial(str(stop), context.observations()[before:], context.given)
        message = state["messages"][-1]
        if not isinstance(message, AIMessage):
            return failed("the model ended its turn without an answer")
        return from_message(message, judge(message.text, context.evidence()))


def _finish_open_calls(messages: Sequence[AnyMessage], context: TurnContext) -> list[AnyMessage]:
    """Run the calls that a crash left without an answer (and only these)."""
    finished: list[AnyMessage] = []
    for call in open_calls(messages):
        identifier, name = str(call["id"]), str(call["name"])
        try:
            finished.append(execute(context, identifier, name, call["args"]))
        except (ModelMayRetry, ModelMustAdapt) as error:
            context.emit(ToolFailed(identifier, name, type(error).__name__, explain(error)))
            finished.append(error_message(identifier, name, explain(error)))
    return finished


class _Tokens(BaseCallbackHandler):
    """Passes the model's text on, block by block, through the gate."""

    run_inline = True
    raise_error = True

    def __init__(self, context: TurnContext) -> None:
        self._context = context
        self._lengths: dict[UUID, int] = {}

    def on_llm_new_token(
        self, token: str | list[Any], *, run_id: UUID, parent_run_id: UUID | None = None, **_: Any
    ) -> None:
        """Called by LangChain for every piece of a streamed message."""
        self._context.check_cancelled()
        if not isinstance(token, str) or not token:
            return
        length = self._lengths[run_id] = self._lengths.get(run_id, 0) + len(token)
        if length > MAXIMUM_ANSWER:
            return
        shown = self._context.blocks.feed(well_formed(token), self._context.evidence())
        if shown:
            self._context.emit(Token(shown))
