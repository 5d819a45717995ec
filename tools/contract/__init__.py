"""The contract of a tool: what goes in, what comes out, and how it is asked for."""

from __future__ import annotations

from .errors import LabhandError, NotApplicableError, NotFoundError, ToolInputError
from .frames import Frame, FrameSet
from .kinds import (
    Cas,
    Compound,
    Equation,
    Expression,
    Formula,
    Kind,
    QuantityText,
    Smiles,
    UnitText,
)
from .observation import Artifact, Finding, NewFile, Observation, references
from .program import Call, Program, Reference, Slot, parse_program
from .properties import PropertySpec, catalogue
from .quantity import Quantity
from .registry import ToolRegistry
from .tool import Cost, ToolSpec, Touch, tool
from .validate import validate_tool

__all__ = [
    "Artifact",
    "Call",
    "Cas",
    "Compound",
    "Cost",
    "Equation",
    "Expression",
    "Finding",
    "Formula",
    "Frame",
    "FrameSet",
    "Kind",
    "LabhandError",
    "NewFile",
    "NotApplicableError",
    "NotFoundError",
    "Observation",
    "Program",
    "PropertySpec",
    "Quantity",
    "QuantityText",
    "Reference",
    "Slot",
    "Smiles",
    "ToolInputError",
    "ToolRegistry",
    "ToolSpec",
    "Touch",
    "UnitText",
    "catalogue",
    "parse_program",
    "references",
    "tool",
    "validate_tool",
]
