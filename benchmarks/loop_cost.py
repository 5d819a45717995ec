"""What the loop itself costs per model step, beside LangChain's bare loop in the same run.

One step is a model call and a tool call; the model is scripted and the tool does nothing.
Five steps a turn, as a real question has; the median over turns is printed.

    python benchmarks/loop_cost.py
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

from langchain.agents import create_agent
from langchain_core.messages import AIMessage
from langchain_core.tools import tool as langchain_tool
from pydantic import Field

from labhand.agents.session import Session
from labhand.testing.executor import InlineExecutor
from labhand.testing.scripted import ScriptedChatModel, call
from labhand.tools.contract import Finding, PropertySpec, Quantity, ToolRegistry, tool

STEPS, TURNS = 5, 60
COUNT = PropertySpec(name="bench_count", label="count", description="a count")
Number = Annotated[int, Field(description="a number")]


@tool(yields=["bench_count"], method="none", where="inline", properties=[COUNT])
def count(number: Number) -> Finding:
    """Give a number back."""
    return Finding((Quantity(property="bench_count", value=number),))


@langchain_tool("count")
def bare_count(number: int) -> str:
    """Give a number back."""
    return str(number)


def script(answer: str) -> list[Any]:
    steps = [AIMessage("", tool_calls=[call("count", f"c{i}", number=i)]) for i in range(STEPS)]
    return [*steps, answer]


def per_step(ask: Callable[[], Any]) -> float:
    """Median milliseconds per step over the turns."""
    for _ in range(3):
        ask()
    times = []
    for _ in range(TURNS):
        started = time.perf_counter()
        ask()
        times.append((time.perf_counter() - started) / STEPS * 1e3)
    return statistics.median(times)


def main() -> None:
    """Measure both loops and print milliseconds per step and their ratio."""
    many = TURNS + 3
    bare = create_agent(ScriptedChatModel(script=script("done") * many), [bare_count])
    bare_ms = per_step(lambda: bare.invoke({"messages": "go"}))
    registry = ToolRegistry([count], builtin=False)
    with (
        tempfile.TemporaryDirectory() as folder,
        Session(
            model=ScriptedChatModel(script=script("done") * many),
            home=Path(folder),
            registry=registry,
            executor=lambda store, tools: InlineExecutor(tools, store.ledger),
        ) as session,
    ):

        def ask() -> None:
            session.clear()
            session.ask("go")

        ours_ms = per_step(ask)
    print(f"LangChain's bare loop  {bare_ms:.2f} ms a step")
    print(f"labhand's loop         {ours_ms:.2f} ms a step (log and ledger on disk included)")
    print(f"ratio                  {ours_ms / bare_ms:.1f}")


if __name__ == "__main__":
    main()
