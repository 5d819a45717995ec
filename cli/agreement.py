"""Do several models agree? Their quantities are compared, not their words.

Two values are compared when they are the same property of the same entity under the same
conditions; they agree within the tolerance that the property has in the catalogue, after
conversion to one unit.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from ..agents.reply import EvidencedQuantity, Reply
from ..tools.contract import LabhandError, PropertySpec, catalogue
from ..tools.contract.units import convert

#: For a property that states no tolerance of its own.
DEFAULT_RELATIVE = 1e-3

Key = tuple[str, str, tuple[tuple[str, str], ...]]


def agreement(names: Sequence[str], replies: Sequence[Reply]) -> dict[str, Any]:
    """Compare the quantities of replies, one a model.

    Returns:
        ``agree`` (``None`` when there is nothing to compare), ``statuses`` by model,
        ``compared`` and ``disagreements``: each with property, entity, conditions, unit,
        the values by model, and the models that do not give it (``missing``).
    """
    by_model = dict(zip(names, replies, strict=False))
    groups: dict[Key, dict[str, list[EvidencedQuantity]]] = {}
    for name, reply in by_model.items():
        for quantity in reply.quantities:
            groups.setdefault(_key(quantity), {}).setdefault(name, []).append(quantity)
    compared, disagreements, single = [], [], []
    for key, found in groups.items():
        record = _record(key, found, by_model)
        if len(found) < 2:
            single.append(record)
            continue
        compared.append(record)
        if not record["agree"]:
            disagreements.append(record)
    return {
        "agree": not disagreements if compared else None,
        "statuses": {name: reply.status for name, reply in by_model.items()},
        "compared": compared,
        "disagreements": disagreements,
        "given_by_one_model": single,
    }


def _key(quantity: EvidencedQuantity) -> Key:
    entity = " ".join((quantity.entity or "").split())
    return quantity.property, entity, tuple(sorted(quantity.conditions.items()))


def _record(
    key: Key, found: dict[str, list[EvidencedQuantity]], by_model: dict[str, Reply]
) -> dict[str, Any]:
    name, entity, conditions = key
    spec = catalogue().get(name)
    unit = next(iter(found.values()))[0].unit
    unit = spec.unit if spec and spec.unit else unit
    values = {m: [_in_unit(q, unit) for q in quantities] for m, quantities in found.items()}
    first, *others = values.values()
    return {
        "property": name,
        "entity": entity or None,
        "conditions": dict(conditions),
        "unit": unit,
        "values": {m: v[0] if len(v) == 1 else v for m, v in values.items()},
        "missing": [m for m in by_model if m not in found],
        "agree": all(_same_sets(first, other, spec) for other in others),
    }


def _in_unit(quantity: EvidencedQuantity, unit: str | None) -> Any:
    if not quantity.is_number or unit is None or quantity.unit in (None, unit):
        return quantity.value
    try:
        return convert(float(quantity.value), quantity.unit or "", unit)  # type: ignore[arg-type]
    except LabhandError:
        return f"{quantity.value} {quantity.unit}"


def _same_sets(one: list[Any], other: list[Any], spec: PropertySpec | None) -> bool:
    """The same values in any order (two readings of a name have none)."""
    left = list(other)
    for value in one:
        match = next((v for v in left if same_value(value, v, spec)), None)
        if match is None:
            return False
        left.remove(match)
    return not left


def same_value(one: Any, other: Any, spec: PropertySpec | None) -> bool:
    """Whether two values of a property are the same within its tolerance.

    >>> from labhand.cli.agreement import same_value
    >>> same_value(194.19, 194.194, None), same_value(194.2, 195.2, None), same_value(True, 1, None)
    (True, False, False)
    """
    if isinstance(one, list) and isinstance(other, list):
        pairs = zip(one, other, strict=False)
        return len(one) == len(other) and all(same_value(a, b, spec) for a, b in pairs)
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, int | float) and isinstance(other, int | float):
        if isinstance(one, int) and isinstance(other, int) and _exact(spec):
            return one == other
        relative = spec.relative_tolerance if spec else None
        absolute = spec.absolute_tolerance if spec else None
        if relative is None and absolute is None:
            relative = DEFAULT_RELATIVE
        return math.isclose(one, other, rel_tol=relative or 0.0, abs_tol=absolute or 0.0)
    return str(one).strip() == str(other).strip()


def _exact(spec: PropertySpec | None) -> bool:
    return spec is None or (spec.relative_tolerance is None and spec.absolute_tolerance is None)
