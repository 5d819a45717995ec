"""Prompt and short-list: the strategy's system prompt over the tools that fit the question."""

from __future__ import annotations

from collections.abc import Callable

from langchain_core.messages import SystemMessage

from .base import Middleware, ModelHandler, ModelRequest, ModelResponse

ToolChoice = Callable[[str], list[str]]
SystemPrompt = Callable[[list[str]], str]


class Prompting(Middleware):
    """Offers a model the tools that fit, with a prompt that describes the house rules.

    A planner of the house (``masks_entities``) weighs all tools itself and needs no
    prompt.

    Args:
        choose: question → names of the tools to offer.
        system_prompt: names of the tools offered → text of the system message.
    """

    def __init__(self, choose: ToolChoice, system_prompt: SystemPrompt) -> None:
        super().__init__()
        self._choose = choose
        self._system_prompt = system_prompt
        self._turn = 0
        self._offered: list[str] = []
        self._prompt = SystemMessage("")

    def wrap_model_call(
        self,
        request: ModelRequest,
        handler: ModelHandler,
    ) -> ModelResponse:
        """Choose once a turn; the same choice serves all its steps."""
        if getattr(request.model, "masks_entities", False):
            return handler(request)
        context = request.runtime.context
        if self._turn != context.turn:
            self._turn = context.turn
            self._offered = self._choose(context.question)
            self._prompt = SystemMessage(self._system_prompt(self._offered))
        offered = set(self._offered)
        tools = [t for t in request.tools if getattr(t, "name", None) in offered]
        return handler(request.override(tools=tools, system_message=self._prompt))
