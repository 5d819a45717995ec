"""Balance a reaction equation."""

from __future__ import annotations

from ..contract import Equation, Finding, Quantity, tool
from ._balance import balance_text


@tool(
    yields=("balanced_equation", "coefficients", "is_balanced_as_given"),
    method="exact linear algebra over the rationals (conservation of elements and charge)",
    reference="Blakley, J. Chem. Educ. 1982, 59, 728, doi:10.1021/ed059p728",
    where="inline",
)
def balance_reaction(equation: Equation) -> Finding:
    """Balance a reaction equation: elements and charge, smallest whole-number coefficients.

    Takes any usual arrow, states such as (aq), ions (Fe3+, SO4^2-), electrons (e-), brackets,
    hydrates (CuSO4·5H2O) and names that stand for formulas. A species on both sides of
    the arrow is left out and named in a warning. It does not predict products.

    >>> from labhand.tools.reactions.balance_reaction import balance_reaction
    >>> balance_reaction(equation="C3H8 + O2 -> CO2 + H2O").quantities[0].value
    'C3H8 + 5 O2 -> 3 CO2 + 4 H2O'

    Raises:
        ToolInputError: the equation does not parse, cannot be balanced, or has several
            independent balances; the message says why.
    """
    balanced = balance_text(equation)
    entity = equation.strip()
    quantities = (
        Quantity(property="balanced_equation", value=str(balanced), entity=entity),
        Quantity(property="coefficients", value=list(balanced.coefficients), entity=entity),
        Quantity(property="is_balanced_as_given", value=balanced.as_given, entity=entity),
    )
    return Finding(quantities, warnings=balanced.notes)
