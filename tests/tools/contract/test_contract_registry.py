"""The registry finds tools without importing them, and names near ones."""

from __future__ import annotations

import subprocess
import sys

import pytest

from labhand.testing import tools as examples
from labhand.tools.contract import ToolRegistry
from labhand.tools.contract.errors import ToolDefinitionError, UnknownToolError
from labhand.tools.contract.properties import PropertySpec, catalogue


def test_a_registry_of_given_tools() -> None:
    registry = ToolRegistry([examples.share, examples.text_length], builtin=False)
    assert registry.names() == ["share", "text_length"]
    assert registry["share"] is examples.share
    assert [t.name for t in registry] == ["share", "text_length"]
    assert "share" in registry
    assert "hang" not in registry


def test_a_near_name_is_offered() -> None:
    registry = examples.example_registry()
    with pytest.raises(UnknownToolError, match=r"Did you mean text_length") as caught:
        registry["textlength"]
    assert caught.value.data["name"] == "textlength"
    with pytest.raises(UnknownToolError, match=r"See the list of tools"):
        registry["qqqqqqqqqqq"]


def test_a_name_belongs_to_one_tool() -> None:
    registry = ToolRegistry([examples.share], builtin=False)
    registry.add(examples.share)
    import dataclasses

    with pytest.raises(ToolDefinitionError, match="two tools"):
        registry.add(dataclasses.replace(examples.hang, name="share"))


def test_the_properties_of_a_tool_join_the_catalogue_once() -> None:
    ToolRegistry([examples.share], builtin=False)
    assert catalogue()["test_share"] == examples.SHARE
    other = PropertySpec(name="test_share", label="another", description="")
    with pytest.raises(ToolDefinitionError, match="defined twice"):
        catalogue().add(other)


def test_names_import_no_tool_and_no_engine() -> None:
    program = (
        "import sys; from labhand.tools.contract import ToolRegistry;"
        "names = ToolRegistry().names();"
        "loaded = {m.rpartition('.')[2] for m in sys.modules if m.startswith('labhand.tools.')};"
        "print(sorted(loaded & set(names)), sorted({'rdkit', 'pint', 'chemicals', 'numpy',"
        " 'langchain'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[] []"
