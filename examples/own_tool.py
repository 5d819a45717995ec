"""A tool of your own, and a model that calls it; here the model is a script.

    python examples/own_tool.py

In a package of yours, name the tool in the entry-point group ``labhand.tools`` and give it
frames (CONTRIBUTING.md); then the embedded planner knows how to use it, too.
"""

from typing import Annotated

from langchain_core.messages import AIMessage
from pydantic import Field

from labhand import Session
from labhand.testing.scripted import ScriptedChatModel, call
from labhand.tools.contract import Finding, PropertySpec, Quantity, ToolRegistry, tool

ABSORBANCE = PropertySpec(
    name="absorbance", label="absorbance", description="decadic absorbance", minimum=0, decimals=3
)


@tool(
    yields=["absorbance"],
    method="Beer-Lambert law",
    reference="IUPAC Gold Book, doi:10.1351/goldbook.B00626",
    where="inline",
    properties=[ABSORBANCE],
)
def absorbance(
    molar_absorptivity: Annotated[float, Field(gt=0, description="in L/(mol cm)")],
    concentration: Annotated[float, Field(ge=0, description="in mol/L")],
    path_length: Annotated[float, Field(gt=0, description="in cm")] = 1.0,
) -> Finding:
    """Absorbance of a dilute solution by the Beer-Lambert law."""
    value = molar_absorptivity * concentration * path_length
    return Finding((Quantity(property="absorbance", value=value),))


def main() -> None:
    """Ask for the absorbance of a solution."""
    step = AIMessage(
        "",
        tool_calls=[call("absorbance", "c1", molar_absorptivity=15000, concentration=2e-5)],
    )
    model = ScriptedChatModel(script=[step, "The absorbance is {o1.absorbance}."])
    with Session(model=model, registry=ToolRegistry([absorbance])) as session:
        print(session.ask("Absorbance at 15000 L/(mol cm) and 2e-5 mol/L?").answer)


if __name__ == "__main__":
    main()
