"""How much reacts, how much forms, and what runs out first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from ..contract import (
    Compound,
    Equation,
    Finding,
    Kind,
    Quantity,
    QuantityText,
    ToolInputError,
    tool,
)
from ._amounts import GasState, fraction, gas_state, moles
from ._balance import Balanced, balance_text
from ._equation import Species
from ._names import find_species
from ._weights import REFERENCE, method, molar_mass_of

_TIE = 1e-9  # relative difference of extents below which no reagent is in excess


@dataclass(frozen=True, slots=True)
class _Reaction:
    """A balanced reaction of which a given amount runs.

    ``extent`` [mol] is the amount of reaction: n of a species = coefficient × extent.
    ``given`` holds the amounts [mol] that were given, by formula.
    """

    balanced: Balanced
    extent: float
    given: dict[str, float]
    gas: GasState | None

    def coefficient(self, species: Species) -> int:
        return self.balanced.coefficients[self.balanced.equation.species.index(species)]

    def amount(self, species: Species) -> float:
        """Amount [mol] of a species that reacts or forms."""
        return self.coefficient(species) * self.extent

    def is_product(self, species: Species) -> bool:
        return species in self.balanced.equation.products


@tool(
    yields=(
        "product_mass",
        "product_amount",
        "limiting_reagent",
        "required_mass",
        "required_amount",
        "remaining_mass",
        "remaining_amount",
        "product_volume",
        "expected_product_mass",
        "percent_yield",
        "balanced_equation",
    ),
    method="stoichiometry of the balanced equation, standard atomic weights",
    reference=REFERENCE,
)
def stoichiometry(
    equation: Equation,
    amount: QuantityText,
    of: Compound,
    wanted: Annotated[
        Compound | None, Kind("compound"), Field(description="species asked for; default: all")
    ] = None,
    second_amount: Annotated[
        QuantityText | None, Kind("quantity"), Field(description="amount of a second reactant")
    ] = None,
    second_of: Annotated[
        Compound | None, Kind("compound"), Field(description="the second reactant")
    ] = None,
    percent_yield: Annotated[
        QuantityText | None, Kind("quantity"), Field(description="expected yield, e.g. '85%'")
    ] = None,
    obtained: Annotated[
        QuantityText | None,
        Kind("quantity"),
        Field(description="what was obtained of the product, e.g. '25 g': gives the percent yield"),
    ] = None,
    temperature: Annotated[
        QuantityText | None, Kind("quantity"), Field(description="of the gases, e.g. '25 °C'")
    ] = None,
    pressure: Annotated[
        QuantityText | None, Kind("quantity"), Field(description="of the gases, e.g. '1 atm'")
    ] = None,
) -> Finding:
    """Amounts in a reaction: from an amount of one species (or two, with the limiting reagent) to
    the mass and amount of the wanted species, or of all. The equation is balanced first.

    Species are named by formula or common name. A product that is wanted gives
    ``product_mass``, a reactant ``required_mass``. Amounts are masses, amounts of substance,
    or volumes of ideal gases at ``temperature`` and ``pressure``.

    Raises:
        ToolInputError: the equation does not balance, or an amount is none.
        NotFoundError: a species is not part of the equation.
    """
    balanced = balance_text(equation)
    gas = gas_state(temperature, pressure)
    reaction, notes = _run(balanced, gas, (amount, of), (second_amount, second_of))
    target = find_species(wanted, balanced.equation.species) if wanted else None
    quantities = [
        *(_targets(reaction, target)),
        *(_leftovers(reaction)),
        *(_yields(reaction, target, percent_yield, obtained)),
        Quantity(property="balanced_equation", value=str(balanced), entity=equation.strip()),
    ]
    notes += [n for n in balanced.notes if n not in notes]
    if any(q.property == "percent_yield" and float(str(q.value)) > 100 for q in quantities):
        notes.append("more than the theoretical mass was obtained: the product is not pure or dry")
    return Finding(tuple(quantities), method=f"stoichiometry; {method()}", warnings=tuple(notes))


def _run(
    balanced: Balanced,
    gas: GasState | None,
    first: tuple[str, str],
    second: tuple[str | None, str | None],
) -> tuple[_Reaction, list[str]]:
    """Extent of the reaction from what was given."""
    entries = [_given(balanced, gas, *first)]
    amount, of = second
    if (amount is None) != (of is None):
        raise ToolInputError(
            "the second amount and its species belong together.",
            "Give both second_amount and second_of, or neither.",
        )
    if amount is not None and of is not None:
        entries.append(_given(balanced, gas, amount, of))
        _check_two_reactants(balanced, entries)
    extents = [n / balanced.coefficients[i] for i, n in entries]
    species = balanced.equation.species
    given = {species[i].text: n for i, n in entries}
    reaction = _Reaction(balanced, min(extents), given, gas)
    others = [s.text for s in balanced.equation.reactants if s.text not in given]
    notes: list[str] = []
    if others and not any(reaction.is_product(species[i]) for i, _ in entries):
        notes.append(f"assumed to be there in sufficient amount: {', '.join(others)}")
    return reaction, notes


def _given(balanced: Balanced, gas: GasState | None, amount: str, of: str) -> tuple[int, float]:
    species = find_species(of, balanced.equation.species)
    return balanced.equation.species.index(species), moles(amount, species, gas)


def _check_two_reactants(balanced: Balanced, entries: list[tuple[int, float]]) -> None:
    reactants = len(balanced.equation.reactants)
    if entries[0][0] == entries[1][0]:
        raise ToolInputError("both amounts are of the same species.", "Add them up first.")
    if any(i >= reactants for i, _ in entries):
        raise ToolInputError(
            "a limiting reagent is one of two reactants, and one of the amounts is a product's.",
            "Give the product's amount as 'obtained' for a percent yield.",
        )


def _targets(reaction: _Reaction, target: Species | None) -> Iterator[Quantity]:
    """Mass and amount of the wanted species, or of all that were not given."""
    equation = reaction.balanced.equation
    if target is not None:
        yield from _of_species(reaction, target)
        return
    for species in (*equation.products, *equation.reactants):
        if species.text not in reaction.given:
            yield from _of_species(reaction, species)


def _of_species(reaction: _Reaction, species: Species) -> Iterator[Quantity]:
    role = "product" if reaction.is_product(species) else "required"
    amount = reaction.amount(species)
    if species.readings[0].atoms:
        mass = amount * molar_mass_of(species.readings[0], species.text)
        yield Quantity(property=f"{role}_mass", value=mass, unit="g", entity=species.text)
    yield Quantity(property=f"{role}_amount", value=amount, unit="mol", entity=species.text)
    if reaction.gas and role == "product" and species.state.lower() in ("", "g", "gas", "vap"):
        yield Quantity(
            property="product_volume",
            value=reaction.gas.volume(amount),
            unit="L",
            entity=species.text,
            conditions=reaction.gas.conditions,
        )


def _leftovers(reaction: _Reaction) -> Iterator[Quantity]:
    """The limiting reagent and what is left of the other one, where two were given."""
    reactants = [s for s in reaction.balanced.equation.reactants if s.text in reaction.given]
    if len(reactants) < 2:
        return
    left = {s.text: reaction.given[s.text] - reaction.amount(s) for s in reactants}
    excess = [s for s in reactants if left[s.text] > _TIE * reaction.given[s.text]]
    limiting = [s.text for s in reactants if s not in excess]
    name = limiting[0] if excess else "none (the amounts match exactly)"
    yield Quantity(property="limiting_reagent", value=name, entity=str(reaction.balanced))
    for species in reactants:
        amount = max(left[species.text], 0.0) if species in excess else 0.0
        mass = amount * molar_mass_of(species.readings[0], species.text)
        if species in excess or not excess:
            yield Quantity(property="remaining_mass", value=mass, unit="g", entity=species.text)
            yield Quantity(
                property="remaining_amount", value=amount, unit="mol", entity=species.text
            )


def _yields(
    reaction: _Reaction, target: Species | None, percent: str | None, obtained: str | None
) -> Iterator[Quantity]:
    """Expected mass from a percent yield, or the percent yield from what was obtained."""
    if percent is None and obtained is None:
        return
    products = reaction.balanced.equation.products
    product = target or (products[0] if len(products) == 1 else None)
    if product is None or not reaction.is_product(product):
        raise ToolInputError(
            "a yield belongs to a product, and which one is not said.",
            f"Name it as wanted: one of {', '.join(s.text for s in products)}.",
        )
    theory = reaction.amount(product)
    weight = molar_mass_of(product.readings[0], product.text)
    if percent is not None:
        share = fraction(percent)
        yield Quantity(
            property="expected_product_mass",
            value=theory * weight * share,
            unit="g",
            entity=product.text,
            conditions={"percent yield": f"{100 * share:g} %"},
        )
    if obtained is not None:
        found = moles(obtained, product, reaction.gas)
        yield Quantity(
            property="percent_yield", value=100.0 * found / theory, unit="%", entity=product.text
        )
