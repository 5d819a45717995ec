"""What a tool returns (``Finding``) and what the ledger keeps of it (``Observation``)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from .quantity import Quantity


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file that a tool made: its name, media type and content (bytes or text).

    The executor writes it under the session's folder and hashes it; tools
    themselves never choose where files go.
    """

    name: str
    content: bytes | str
    media_type: str = "text/plain"
    description: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """The result of a tool function.

    Attributes:
        quantities: every value found, each with property, unit, entity and conditions.
            The first ones are the most important.
        summary: one or two sentences for a person and a model; no number in it
            that is not also among the quantities.
        method: software and version, model or table, level of theory. It overrides
            the decorator's ``method`` when it depends on the input.
        reference: literature source; overrides the decorator's.
        warnings: what a careful reader must know (ambiguity, range, salts, stereo).
        files: files to keep as artifacts.
    """

    quantities: tuple[Quantity, ...]
    summary: str = ""
    method: str = ""
    reference: str = ""
    warnings: tuple[str, ...] = ()
    files: tuple[NewFile, ...] = field(default=())


class Artifact(BaseModel):
    """A file kept with an observation."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    path: str
    sha256: str
    bytes: int
    media_type: str = "text/plain"
    description: str = ""


class Observation(BaseModel):
    """One entry of the evidence ledger: what was run, with what, and what came out.

    ``id`` is unique within a session (``o1``, ``o2``, …); an answer refers to a value
    as ``{o1.molar_mass}``. ``seconds`` of a cached observation is the time the
    original run took.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    tool: str
    version: str = "1"
    arguments: dict[str, Any] = Field(default_factory=dict)
    quantities: tuple[Quantity, ...] = ()
    artifacts: tuple[Artifact, ...] = ()
    text: str = ""
    method: str = ""
    reference: str = ""
    warnings: tuple[str, ...] = ()
    trusted: bool = True
    seconds: float = 0.0
    cached: bool = False
    call_id: str = ""

    def named(self, property_name: str) -> tuple[Quantity, ...]:
        """The quantities of this property, in order; empty when there is none."""
        return tuple(q for q in self.quantities if q.property == property_name)

    def for_model(self) -> str:
        """The observation as a language model reads it: one line a value, with its reference.

        >>> from labhand.tools.contract import Observation, Quantity
        >>> mass = Quantity(property="molar_mass", value=18.015, unit="g/mol", entity="O")
        >>> print(Observation(id="o1", tool="molar_mass", quantities=(mass,)).for_model())
        o1 molar_mass
        {o1.molar_mass} = 18.015 g/mol (O)
        """
        lines = [f"{self.id} {self.tool}" + (f": {self.text}" if self.text else "")]
        lines += [
            f"{{{reference}}} = {_plain(quantity)}"
            for reference, quantity in references(self).items()
        ]
        lines += [f"file: {a.path} ({a.description or a.media_type})" for a in self.artifacts]
        lines += [f"warning: {w}" for w in self.warnings]
        return "\n".join(lines)


def references(observation: Observation) -> Mapping[str, Quantity]:
    """Every quantity under the name by which an answer may refer to it.

    A property that occurs once is ``o1.smiles``; one that occurs several times is
    ``o1.smiles[1]``, ``o1.smiles[2]``, … (counted from one).
    """
    totals: dict[str, int] = {}
    for quantity in observation.quantities:
        totals[quantity.property] = totals.get(quantity.property, 0) + 1
    seen: dict[str, int] = {}
    found: dict[str, Quantity] = {}
    for quantity in observation.quantities:
        name = quantity.property
        seen[name] = seen.get(name, 0) + 1
        suffix = f"[{seen[name]}]" if totals[name] > 1 else ""
        found[f"{observation.id}.{name}{suffix}"] = quantity
    return found


def _plain(quantity: Quantity) -> str:
    value = quantity.value
    text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    unit = f" {quantity.unit}" if quantity.unit else ""
    spread = f" ± {quantity.uncertainty:g}" if quantity.uncertainty is not None else ""
    notes = [quantity.entity or "", *(f"{k}: {v}" for k, v in quantity.conditions.items())]
    if quantity.nature in ("measured", "predicted"):
        notes.append(quantity.nature)
    if quantity.flag:
        notes.append(f"NOT PHYSICAL: {quantity.flag}")
    noted = "; ".join(n for n in notes if n)
    return f"{text}{spread}{unit}" + (f" ({noted})" if noted else "")
