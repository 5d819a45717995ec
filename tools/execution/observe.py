"""From what a tool found to what the ledger keeps: checked, and short enough to read."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any

from ..contract import Artifact, Finding, NewFile, Observation, Quantity, ToolSpec, catalogue
from ..contract.errors import ToolDefinitionError

#: What a model is given of one observation, in characters.
LONGEST_TEXT = 6000
#: A list with more entries, and a result that is too long, become files ...
LONGEST_LIST = 50
#: ... of which the observation keeps the first rows.
FIRST_ROWS = 20
_LONGEST_SUMMARY = 1500
_LONGEST_WARNING = 300
_COLUMNS = ("property", "item", "value", "unit", "entity", "conditions", "uncertainty")
_COLUMNS_OF_ORIGIN = ("nature", "source", "flag")


def observe(
    spec: ToolSpec,
    finding: Finding,
    *,
    observation_id: str,
    arguments: Mapping[str, Any],
    artifacts: Sequence[Artifact] = (),
    seconds: float = 0.0,
    cached: bool = False,
    call_id: str = "",
) -> Observation:
    """The observation of a finding, with every quantity checked against the catalogue.

    A value outside the physical bounds of its property is flagged and warned of.

    Raises:
        ToolDefinitionError: a property is unknown, not among ``yields``, or has a unit
            of another dimension.
    """
    quantities = tuple(_checked(spec, q) for q in finding.quantities)
    impossible = [
        f"{q.property} = {q.value} {q.unit or ''}".rstrip() + f" is not physical: {q.flag}"
        for q in quantities
        if q.flag
    ]
    return Observation(
        id=observation_id,
        tool=spec.name,
        version=spec.version,
        arguments=dict(arguments),
        quantities=quantities,
        artifacts=tuple(artifacts),
        text=finding.summary,
        method=finding.method or spec.method,
        reference=finding.reference or spec.reference,
        warnings=tuple(dict.fromkeys((*finding.warnings, *impossible))),
        trusted=spec.trusted,
        seconds=seconds,
        cached=cached,
        call_id=call_id,
    )


def _checked(spec: ToolSpec, quantity: Quantity) -> Quantity:
    if quantity.property not in spec.yields:
        raise ToolDefinitionError(
            f"the tool {spec.name} returned {quantity.property!r}, which is not among what it "
            "yields.",
            f"Add it to yields, or return only {', '.join(spec.yields)}.",
            tool=spec.name,
            property=quantity.property,
        )
    return catalogue().checked(quantity)


def shortened(observation: Observation) -> tuple[Observation, list[NewFile]]:
    """An observation that a model can read, and the files that hold what was cut.

    Values in lists of more than 50 entries, and results of more than 6000 characters, go
    to ``values.csv``; the observation keeps the first 20 and says so. A single text that
    does not fit is left to the file altogether, since half a structure is a wrong one.
    """
    long_list = any(_is_long(q.value) for q in observation.quantities)
    if not long_list and len(observation.for_model()) <= LONGEST_TEXT:
        return observation, []
    files: list[NewFile] = []
    text, warnings, words = _short_words(observation)
    if words:
        files.append(NewFile("summary.txt", words, description="the whole summary and warnings"))
    cut = [_first_entries(q) for q in observation.quantities]
    draft = observation.model_copy(update={"text": text, "warnings": warnings})
    kept = _that_fit(draft, cut)
    if kept != list(observation.quantities):
        files.append(
            NewFile("values.csv", _table(observation.quantities), "text/csv", "all values")
        )
        text = f"{text} {_note(observation.quantities, kept)}".strip()
    shorter = draft.model_copy(update={"text": text, "quantities": tuple(kept)})
    return shorter, files


def _is_long(value: Any) -> bool:
    return isinstance(value, list) and len(value) > LONGEST_LIST


def _first_entries(quantity: Quantity) -> Quantity:
    value = quantity.value
    if not isinstance(value, list) or not _is_long(value):
        return quantity
    # The condition keeps an answer that refers to it from passing for the whole list.
    shown = {**quantity.conditions, "shown": f"first {FIRST_ROWS} of {len(value)}"}
    return quantity.model_copy(update={"value": value[:FIRST_ROWS], "conditions": shown})


def _short_words(observation: Observation) -> tuple[str, tuple[str, ...], str]:
    """Text and warnings cut to a readable length, and all of them if anything was cut."""
    text, warnings = observation.text, observation.warnings
    short = text if len(text) <= _LONGEST_SUMMARY else text[: _LONGEST_SUMMARY - 1] + "…"
    first = tuple(
        w if len(w) <= _LONGEST_WARNING else w[: _LONGEST_WARNING - 1] + "…"
        for w in warnings[:FIRST_ROWS]
    )
    if len(warnings) > len(first):
        first = (*first[:-1], "there are more warnings, in summary.txt")
    if sum(map(len, first)) > _LONGEST_SUMMARY:
        first = (*first[:4], "there are more warnings, in summary.txt")
    if short == text and first == warnings:
        return text, warnings, ""
    return short, first, "\n".join([text, *(f"warning: {w}" for w in warnings)])


def _that_fit(draft: Observation, quantities: Sequence[Quantity]) -> list[Quantity]:
    """The first quantities that a model can be shown; all of them if they fit."""
    room = LONGEST_TEXT - 400  # for the note and the lines of the files
    if len(draft.model_copy(update={"quantities": tuple(quantities)}).for_model()) <= room:
        return list(quantities)
    kept: list[Quantity] = []
    for quantity in quantities:
        if len(kept) == FIRST_ROWS:
            break
        trial = draft.model_copy(update={"quantities": (*kept, quantity)})
        if len(trial.for_model()) <= room:
            kept.append(quantity)
    return kept


def _note(everything: Sequence[Quantity], kept: Sequence[Quantity]) -> str:
    notes = [f"{q.property}: {q.conditions['shown']}." for q in kept if "shown" in q.conditions]
    if len(kept) < len(everything):
        notes.append(f"{len(kept)} of {len(everything)} results are shown.")
    return " ".join([*notes, "All are in values.csv."])


def _table(quantities: Sequence[Quantity]) -> str:
    """Every value as a row of CSV; the entries of a list are numbered from one."""
    buffer = io.StringIO()
    # With "\n" alone for the end of a row, a "\r" in a value would not be quoted.
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow([*_COLUMNS, *_COLUMNS_OF_ORIGIN])
    for q in quantities:
        conditions = "; ".join(f"{k}: {v}" for k, v in q.conditions.items())
        rest = (q.unit, q.entity, conditions, q.uncertainty, q.nature, q.source, q.flag)
        if isinstance(q.value, list):
            for item, entry in enumerate(q.value, start=1):
                writer.writerow([q.property, item, entry, *rest])
        else:
            writer.writerow([q.property, "", q.value, *rest])
    return buffer.getvalue()
