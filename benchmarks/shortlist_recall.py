"""How often the short-list of tools holds every tool that a question needs.

    python benchmarks/shortlist_recall.py

The questions are the answerable ones of ``tests/local_models/embedded/questions.toml``;
the tools wanted are those of the programs given there. By weighted words, and by words and
MiniLM together where it is installed.
"""

from __future__ import annotations

import time
import tomllib
from pathlib import Path

from labhand.agents.toolbox import Shortlist
from labhand.rag.embedding import MiniLMEmbedder, available
from labhand.tools.contract import ToolRegistry

QUESTIONS = Path(__file__).resolve().parent.parent / "tests/local_models/embedded/questions.toml"
SIZES = (3, 6, 8, 10)


def questions() -> list[tuple[str, set[str]]]:
    """The questions that stand alone, with the tools of the first right program."""
    styles = tomllib.loads(QUESTIONS.read_text("utf-8"))["style"].values()
    entries = [e for style in styles for e in style["questions"]]
    return [
        (e["ask"], {call.partition("|")[0] for call in e["want"]})
        for e in entries
        if e["want"] and not e.get("after")
    ]


def main() -> None:
    """Print recall at each size, and the time a choice takes."""
    registry = ToolRegistry()
    asked = [(q, w) for q, w in questions() if w <= set(registry.names())]
    ways = {"words": None}
    if available():
        ways["words and MiniLM"] = MiniLMEmbedder().embed
    for name, embedder in ways.items():
        for size in SIZES:
            shortlist = Shortlist(registry, limit=size, embedder=embedder)
            shortlist.choose("warm up")
            started = time.perf_counter()
            held = sum(w <= set(shortlist.choose(q)) for q, w in asked)
            each = (time.perf_counter() - started) / len(asked) * 1e3
            share = held / len(asked)
            print(
                f"{name:16} best {size}: {held} of {len(asked)} ({share:.1%}), {each:.1f} ms each"
            )


if __name__ == "__main__":
    main()
