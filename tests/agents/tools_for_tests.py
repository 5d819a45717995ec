"""Three small tools with exact results, for tests of the loop."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from labhand.tools.contract import (
    Cost,
    Finding,
    NotFoundError,
    PropertySpec,
    Quantity,
    ToolSpec,
    Touch,
    tool,
)

Name = Annotated[str, Field(description="name of a sample")]
MASS = PropertySpec(
    name="weighed_mass",
    label="mass of the sample",
    description="weighed",
    unit="g",
    decimals=3,
    minimum=0,
)
MASSES = {"A": 12.345, "B": 67.89, "broken": -1.0}


@tool(yields=["weighed_mass"], method="a balance", where="inline", properties=[MASS])
def weigh(sample: Name) -> Finding:
    """Weigh a sample."""
    if sample not in MASSES:
        raise NotFoundError(f"there is no sample {sample!r}.", "Samples are A and B.")
    mass = Quantity(property="weighed_mass", value=MASSES[sample], unit="g", entity=sample)
    return Finding((mass,), summary="Weighed.")


@tool(
    yields=["weighed_mass"],
    method="a balance",
    where="inline",
    properties=[MASS],
    touches=Touch.WRITE,
)
def tare(sample: Name) -> Finding:
    """Set a sample's mass to zero."""
    return Finding((Quantity(property="weighed_mass", value=0.0, unit="g", entity=sample),))


@tool(
    yields=["weighed_mass"],
    method="a faulty balance",
    where="inline",
    properties=[MASS],
    cost=Cost.INSTANT,
)
def crash(sample: Name) -> Finding:
    """A tool with an error in it."""
    raise ZeroDivisionError(f"cannot weigh {sample}")


TOOLS: tuple[ToolSpec, ...] = (weigh, tare, crash)
