"""From a strategy, the tools and the examples to the system prompt."""

from __future__ import annotations

from collections.abc import Sequence

from ..tools.contract.errors import StrategyError
from ..tools.contract.registry import ToolRegistry
from ..tools.contract.tool import ToolSpec
from .examples import WorkedExample, worked_examples
from .strategy import Strategy
from .templates import fill_template
from .texts import reasoning_text, rules_text


def system_prompt(
    strategy: Strategy, *, tools: Sequence[ToolSpec], examples: Sequence[WorkedExample] = ()
) -> str:
    """The system prompt. The same arguments always give the same text.

    Args:
        tools: the ones that the model is given in this step.
        examples: see ``examples_for``; exactly as the strategy wants them.

    Raises:
        StrategyError: examples are given to a strategy without, or lacking where it
            has some.
    """
    values = {
        "persona": strategy.persona,
        "rules": rules_text(),
        "reasoning": reasoning_text(strategy.reasoning),
        "tools": "\n".join(map(tool_line, tools)) or "(none)",
    }
    if examples:
        values["examples"] = "\n\n".join(map(str, examples))
    if bool(examples) != (strategy.examples.mode != "none"):
        raise StrategyError(
            f"the strategy {strategy.name} has examples of mode {strategy.examples.mode!r}, "
            f"and {len(examples)} are given.",
            "Take them from examples_for.",
        )
    return fill_template(strategy.system, values).strip() + "\n"


def examples_for(strategy: Strategy, registry: ToolRegistry) -> list[WorkedExample]:
    """The fixed examples of a strategy: its own list first, the rest from the tools' frames.

    Raises:
        StrategyError: its examples depend on the question (mode ``nearest``).
    """
    wanted = strategy.examples
    if wanted.mode == "none":
        return []
    if wanted.mode == "nearest":
        raise StrategyError(
            f"the examples of the strategy {strategy.name} depend on the question.",
            "Rank them by their question with examples_of, and give the nearest ones.",
        )
    own = [WorkedExample("", e.question, e.calls, e.answer) for e in wanted.list]
    drawn = worked_examples(registry, wanted.count - len(own), wanted.seed)
    return [*own, *drawn]


def tool_line(spec: ToolSpec) -> str:
    """A tool in one line: its call, what it does, and which properties it gives."""
    return f"- {spec.signature}: {spec.summary} Gives: {', '.join(spec.yields)}."
