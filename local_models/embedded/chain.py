"""Types chained backwards: which call must come first so that an argument can be had.

A tool wants an argument of kind ``smiles`` and the question has a name, which is of
kind ``compound``: any tool that yields a property of kind ``smiles`` and whose required
arguments can be filled by a ``compound`` will do, and the cheapest is taken. The rule
knows kinds only, no tool by name.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ...tools.contract import Cost, Reference, ToolSpec, catalogue
from .plan import Step, Value
from .words import Mention

_BY_LABEL = {
    "QTY": ("quantity",),
    "UNIT": ("unit",),
    "NUM": ("number",),
    "EQN": ("equation",),
    "EXPR": ("expression",),
    "FILE": ("text",),
}
_BY_DETAIL = {
    "smiles": ("smiles", "compound"),
    "cas": ("cas", "compound"),
    "inchi": ("inchi", "compound"),
    "inchikey": ("inchi_key", "compound"),
    "formula": ("formula", "compound"),
    "name": ("compound",),
    "ambiguous": ("compound", "formula"),
}
_COSTS = [Cost.INSTANT, Cost.SECONDS, Cost.MINUTES]
_DEEPEST = 2
#: Kinds of argument that take any entity as it was written.
_ANYTHING = {"text", "quantity", "expression"}


def kinds_of(mention: Mention) -> tuple[str, ...]:
    """The semantic kinds that an entity is of, as it stands."""
    if mention.label == "MOL":
        return _BY_DETAIL.get(mention.detail, ("compound",))
    return _BY_LABEL.get(mention.label, ("text",))


@dataclass(frozen=True, slots=True)
class Chained:
    """The value for an argument and the steps that must run before."""

    value: Value
    steps: tuple[Step, ...] = ()


class Chainer:
    """Finds the calls that turn an entity into what an argument needs.

    Args:
        tools: the tools that may be called.
    """

    def __init__(self, tools: Iterable[ToolSpec]) -> None:
        self._tools = sorted(tools, key=lambda t: (_COSTS.index(t.cost), t.name))

    def reach(self, kind: str | None, mention: Mention) -> Chained | None:
        """How to get a value of this kind from this entity; ``None`` if there is no way."""
        offered = kinds_of(mention)
        if kind is None or kind in offered or (kind in _ANYTHING and mention.label != "MOL"):
            return Chained(mention.text)
        return self._through(kind, mention, _DEEPEST)

    def _through(self, kind: str, mention: Mention, depth: int) -> Chained | None:
        if depth == 0:
            return None
        best: tuple[tuple[int, int, int], Chained] | None = None
        for tool in self._tools:
            found = _yielded(tool, kind)
            argument = _only_required(tool)
            if found is None or argument is None:
                continue
            position, property_name = found
            needed = tool.kinds.get(argument)
            if needed == kind or needed is None:
                continue
            before = self.reach(needed, mention) if needed in kinds_of(mention) else None
            before = before or self._through(needed, mention, depth - 1)
            if before is None:
                continue
            step = Step(f"{tool.name}_{mention.label.lower()}{mention.number}", tool.name,
                        ((argument, before.value),))  # fmt: skip
            chained = Chained(Reference(step.name, property_name), (*before.steps, step))
            rank = (_COSTS.index(tool.cost), len(chained.steps), position)
            if best is None or rank < best[0]:
                best = (rank, chained)
        return best[1] if best else None


def _yielded(tool: ToolSpec, kind: str) -> tuple[int, str] | None:
    for position, name in enumerate(tool.yields):
        spec = catalogue().get(name)
        if spec is not None and spec.kind == kind:
            return position, name
    return None


def _only_required(tool: ToolSpec) -> str | None:
    required = [n for n, f in tool.arguments.model_fields.items() if f.is_required()]
    return required[0] if len(required) == 1 else None
