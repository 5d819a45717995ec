"""The toolbox: tools as LangChain knows them, and the short-list that fits a question."""

from __future__ import annotations

import itertools
import math
import re
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from langchain_core.tools import BaseTool, StructuredTool

from ..tools.contract import ToolRegistry, ToolSpec, catalogue
from ..tools.execution.types import ToolExecutor

Embedder = Callable[[list[str]], list[list[float]]]


def langchain_tools(registry: ToolRegistry, executor: ToolExecutor) -> list[BaseTool]:
    """Every tool of the registry as a LangChain tool over the executor.

    The schema is passed as JSON schema, so that arguments are checked in one place only
    (the executor), with one kind of sentence for what is wrong.
    """
    return [_langchain_tool(spec, executor) for spec in registry]


def _langchain_tool(spec: ToolSpec, executor: ToolExecutor) -> BaseTool:
    def run(**arguments: Any) -> tuple[str, dict[str, Any]]:
        observation = executor.run(spec.name, arguments)
        return observation.for_model(), {"observation": observation.model_dump(mode="json")}

    return StructuredTool(
        name=spec.name,
        description=spec.summary,
        args_schema=spec.json_schema(),
        func=run,
        response_format="content_and_artifact",
    )


class Shortlist:
    """Chooses the tools that fit a question, so that a small model sees few signatures.

    By weighted words (the tools' names, summaries, choices and ways of asking are the
    documents), and where an embedder is given by similarity of meaning too: then the best of
    both rankings come by turns. Tools that another one needs first are added: whatever
    yields the kind that an argument wants.

    Args:
        limit: most tools to offer before those that are needed first.
    """

    def __init__(
        self, registry: ToolRegistry, *, limit: int = 10, embedder: Embedder | None = None
    ) -> None:
        self._registry = registry
        self._limit = limit
        self._embedder = embedder
        self._documents: dict[str, Counter[str]] | None = None
        self._vectors: dict[str, list[float]] = {}

    def choose(self, question: str) -> list[str]:
        """Names of the tools to offer, best first; all of them if there are few."""
        names = self._registry.names()
        if len(names) <= self._limit:
            return names
        words = self._word_scores(question)
        fitting = [n for n in names if words[n] > 0] or names
        best = sorted(fitting, key=lambda n: (-words[n], n))
        if self._embedder is not None:
            meaning = self._embedding_scores(question, self._embedder)
            near = sorted(names, key=lambda n: (-meaning[n], n))
            turns = itertools.chain.from_iterable(itertools.zip_longest(near, best))
            best = [n for n in dict.fromkeys(turns) if n is not None]
        best = best[: self._limit]
        return [*best, *self._needed_first(best)]

    def _word_scores(self, question: str) -> dict[str, float]:
        documents = self._read()
        total = len(documents)
        frequency = Counter(w for words in documents.values() for w in words)
        asked = set(_words(question))
        return {
            name: sum(
                math.log(1 + total / frequency[w]) * words[w] / (words[w] + 1.5)
                for w in asked
                if w in words
            )
            for name, words in documents.items()
        }

    def _embedding_scores(self, question: str, embedder: Embedder) -> dict[str, float]:
        if not self._vectors:
            specs = list(self._registry)
            texts = [f"{s.name.replace('_', ' ')}: {s.summary}" for s in specs]
            vectors = embedder(texts)
            self._vectors = {s.name: v for s, v in zip(specs, vectors, strict=True)}
        (query,) = embedder([question])
        return {
            name: sum(a * b for a, b in zip(query, vector, strict=True))
            for name, vector in self._vectors.items()
        }

    def _read(self) -> dict[str, Counter[str]]:
        if self._documents is None:
            self._documents = {spec.name: Counter(_document(spec)) for spec in self._registry}
        return self._documents

    def _needed_first(self, names: Sequence[str]) -> list[str]:
        known = catalogue()
        wanted = {kind for n in names for kind in self._registry[n].kinds.values()}
        added: list[str] = []
        for spec in self._registry:
            kinds = {p.kind for y in spec.yields if (p := known.get(y)) is not None}
            if spec.name not in names and "compound" in spec.kinds.values() and kinds & wanted:
                added.append(spec.name)
        return added


def _document(spec: ToolSpec) -> list[str]:
    frames = spec.frames()
    ways = " ".join(a for f in frames.frames for a in f.ask)
    choices = " ".join(w for c in frames.choices.values() for ws in c.values() for w in ws)
    return _words(f"{spec.name.replace('_', ' ')} {spec.summary} {ways} {choices}")


def _words(text: str) -> list[str]:
    return [w.rstrip("s") for w in re.findall(r"[a-z]+", text.lower()) if len(w) > 2]
