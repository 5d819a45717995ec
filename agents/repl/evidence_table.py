"""Evidence as tables and panels: what was run, what came out, and where it comes from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rich import box
from rich.console import Console, Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from ...tools.contract import Observation, Quantity, catalogue, references
from ..rendering import format_quantity
from ..reply import Reply
from .blocks import print_trimmed
from .sanitise import clean, one_line

#: Values shown in a panel or a row's group; the rest is counted.
MOST_VALUES = 5
DRAWING = "drawing"


def label_of(quantity: Quantity, but: Mapping[str, str] | None = None) -> str:
    """The property as it stands in a sentence, with its conditions but for those in ``but``."""
    spec = catalogue().get(quantity.property)
    label = spec.label if spec else quantity.property.replace("_", " ")
    own = {k: v for k, v in quantity.conditions.items() if (but or {}).get(k) != v}
    return one_line(f"{label} ({conditions_text(own)})" if own else label, 80)


def conditions_text(conditions: Mapping[str, str]) -> str:
    """``temperature 298.15 K, pressure 1 bar``."""
    return one_line(", ".join(f"{k} {v}" for k, v in conditions.items()), 120)


def common_conditions(quantities: Sequence[Quantity]) -> dict[str, str]:
    """The conditions that all of several quantities share; of a single one, none."""
    if len(quantities) < 2:
        return {}
    first = quantities[0].conditions.items()
    return {k: v for k, v in first if all(q.conditions.get(k) == v for q in quantities)}


def value_of(quantity: Quantity, most: int = 200) -> str:
    """The value as a person reads it, on one line."""
    return one_line(format_quantity(quantity), most)


def evidence_table(reply: Reply) -> Table | None:
    """What an answer rests on, a value a row; ``None`` when nothing was run.

    Of an observation that the answer does not refer to, only the first value is shown.
    """
    if not reply.observations:
        return None
    table = _table("id", "tool", "what", "value", "method · source")
    used = {(q.evidence, q.property, str(q.value)) for q in reply.quantities}
    for observation in reply.observations:
        named = [
            q for q in _readable(observation) if (observation.id, q.property, str(q.value)) in used
        ]
        _add_rows(table, observation, named or _readable(observation)[:1])
    return table


def ledger_table(observations: Iterable[Observation]) -> Table:
    """Every observation of a session, with its first values."""
    table = _table("id", "tool", "what", "value", "method · source")
    for observation in observations:
        _add_rows(table, observation, _readable(observation))
    return table


def _table(*columns: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold")
    for column in columns:
        narrow = column in ("id", "tool", "reference")
        table.add_column(column, overflow="fold", no_wrap=narrow, style="dim" if narrow else "")
    return table


def _readable(observation: Observation) -> list[Quantity]:
    return [q for q in observation.quantities if q.property != DRAWING]


def _add_rows(table: Table, observation: Observation, quantities: Sequence[Quantity]) -> None:
    first = True
    for quantity in quantities[:MOST_VALUES]:
        source = observation.method
        if quantity.source and quantity.source not in source:
            source = f"{source} · {quantity.source}" if source else quantity.source
        own = quantity.entity and str(quantity.entity) not in str(quantity.value)
        entity = f" of {quantity.entity}" if own else ""
        table.add_row(
            observation.id if first else "",
            observation.tool if first else "",
            Text(one_line(label_of(quantity) + entity, 120)),
            Text(value_of(quantity)),
            Text(one_line(source or observation.reference, 120), style="dim"),
        )
        first = False
    if first:
        table.add_row(observation.id, observation.tool, Text(one_line(observation.text)), "", "")
    if len(quantities) > MOST_VALUES:
        table.add_row("", "", f"… {len(quantities) - MOST_VALUES} more", "", "")


def warnings_of(reply: Reply) -> list[str]:
    """Every warning that the answer does not say itself, once, with its source mark."""
    found: dict[str, str] = {}
    said = " ".join(reply.answer.split())
    for observation in reply.observations:
        for warning in observation.warnings:
            if " ".join(warning.split()).rstrip(".") in said:
                continue
            found.setdefault(one_line(warning, 400), observation.id)
    return [f"{text} [{source}]" for text, source in found.items()]


def arguments_grid(arguments: Mapping[str, Any]) -> Table:
    """Name and value of each argument, a line each."""
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="cyan", no_wrap=True)
    grid.add_column(overflow="fold")
    for name, value in arguments.items():
        if value is not None:
            shown = ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
            grid.add_row(name, Text(one_line(shown, 300)))
    return grid


def duration(seconds: float) -> str:
    """A time as a person reads it.

    >>> from labhand.agents.repl.evidence_table import duration
    >>> duration(0.0123), duration(2.34), duration(75)
    ('12 ms', '2.3 s', '1 min 15 s')
    """
    if seconds < 1:
        return f"{seconds * 1000:.0f} ms"
    if seconds < 60:
        return f"{seconds:.1f} s"
    return f"{int(seconds) // 60} min {int(seconds) % 60} s"


def tool_panel(
    observation: Observation, seconds: float, cached: bool, warnings: Sequence[str]
) -> Panel:
    """A finished call: arguments, key values, time, and whether it came from the cache."""
    quantities = _readable(observation)
    shown = quantities[:MOST_VALUES]
    common = common_conditions(shown)
    values = Table.grid(padding=(0, 2))
    values.add_column(no_wrap=True)
    values.add_column(overflow="fold")
    labels = [f"→ {label_of(q, common)}" for q in shown]
    for label, quantity in zip(labels, shown, strict=True):
        value = Text(value_of(quantity), style="bold")
        if labels.count(label) > 1 and quantity.source:
            value.append(f"  {one_line(quantity.source, 48)}", style="not bold dim")
        values.add_row(Text(label), value)
    parts: list[RenderableType] = [arguments_grid(observation.arguments), values]
    if len(quantities) > len(shown):
        more = len(quantities) - len(shown)
        parts.append(Text(f"  … {more} more: /evidence {observation.id}", style="dim"))
    if common:
        parts.append(Text(conditions_text(common), style="dim"))
    parts += [Text(f"file {clean(a.path)}", style="dim") for a in observation.artifacts]
    parts += [Text(f"! {one_line(w, 300)}", style="yellow") for w in warnings]
    # The seconds of a cached result are those of the run that it came from.
    marks = [observation.id, "cached" if cached else duration(seconds)]
    return Panel(
        Group(*parts),
        title=f"[bold]{observation.tool}[/]",
        title_align="left",
        subtitle=" · ".join(marks),
        subtitle_align="right",
        border_style="dim",
        box=box.ROUNDED,
    )


def failure_panel(tool: str, arguments: Mapping[str, Any], error: str, message: str) -> Panel:
    """A call that ended in an error, which the model was told."""
    return Panel(
        Group(arguments_grid(arguments), Text(one_line(message, 500), style="red")),
        title=f"[bold]{one_line(tool, 60)}[/]",
        title_align="left",
        subtitle=one_line(error, 60),
        subtitle_align="right",
        border_style="red",
    )


def print_observation(console: Console, observation: Observation) -> None:
    """Everything the ledger has of one observation."""
    console.print(f"[bold]{observation.id}[/]  {observation.tool}")
    console.print(arguments_grid(observation.arguments))
    for group in _groups(observation):
        _print_group(console, group)
    lines = [("method", observation.method), ("reference", observation.reference)]
    lines += [("warning", w) for w in observation.warnings]
    lines += [("file", f"{a.path} (sha256 {a.sha256[:12]}…)") for a in observation.artifacts]
    for name, text in lines:
        if text:
            console.print(Text(f"{name}: {one_line(text, 1000)}", style="dim"))
    trust = "trusted" if observation.trusted else "written by others, not trusted"
    took = duration(observation.seconds) + (", from the cache" if observation.cached else "")
    console.print(Text(f"{trust} · {took}", style="dim"))
    print_drawings(console, observation)


def _groups(observation: Observation) -> list[dict[str, Quantity]]:
    """Values under their references: those of one entity (one reading of a name) together."""
    every = {r: q for r, q in references(observation).items() if q.property != DRAWING}
    groups: dict[tuple[str, str], dict[str, Quantity]] = {}
    for reference, quantity in every.items():
        key = (quantity.entity or "", conditions_text(quantity.conditions))
        groups.setdefault(key, {})[reference] = quantity
    # A table of its own for every single value (a curve over temperature) helps nobody.
    return list(groups.values()) if len(every) >= 2 * len(groups) else [every]


def _print_group(console: Console, group: Mapping[str, Quantity]) -> None:
    """A table of values; what all of them share is said once, above it."""
    quantities = list(group.values())
    common = common_conditions(quantities)
    entities, origins = ({f(q) for q in quantities} for f in (lambda q: q.entity or "", _origin))
    columns = ["reference", "what", "value"]
    columns += (["of"] if len(entities) > 1 else []) + (["source"] if len(origins) > 1 else [])
    table = _table(*columns)
    for reference, quantity in group.items():
        row = [f"{{{reference}}}", label_of(quantity, common), value_of(quantity, 2000)]
        row += [one_line(quantity.entity or "", 200)] if len(entities) > 1 else []
        row += [one_line(_origin(quantity), 200)] if len(origins) > 1 else []
        table.add_row(*(Text(cell) for cell in row))
    shared = [*(entities if len(entities) == 1 else ()), conditions_text(common)]
    shared += origins if len(origins) == 1 else []
    said = " · ".join(one_line(text, 300) for text in shared if text)
    if said:
        console.print(Text(said, style="italic"))
    if print_trimmed(console, table):
        console.print()


def _origin(quantity: Quantity) -> str:
    return " · ".join(s for s in (quantity.nature, quantity.source or "") if s)


def print_drawings(console: Console, observation: Observation) -> None:
    """Print the drawings of an observation as they are, line by line."""
    for quantity in observation.named(DRAWING):
        text = clean(str(quantity.value))
        console.print(Text(text, no_wrap=True, overflow="crop"), highlight=False)
        console.print()
