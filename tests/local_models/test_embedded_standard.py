"""The embedded planner through the factory, and LangChain's own standard tests of it."""

from __future__ import annotations

from langchain_tests.unit_tests import ChatModelUnitTests

from labhand.local_models.embedded.model import EmbeddedPlanner
from labhand.local_models.factory import make_model
from labhand.testing.no_network import no_network
from labhand.tools.contract import ToolRegistry


class TestEmbeddedStandard(ChatModelUnitTests):
    """langchain-tests for the embedded planner."""

    @property
    def chat_model_class(self) -> type[EmbeddedPlanner]:
        return EmbeddedPlanner

    @property
    def chat_model_params(self) -> dict:
        return {}

    @property
    def has_tool_calling(self) -> bool:
        return False  # it calls tools, but binds them by a copy of itself

    @property
    def has_structured_output(self) -> bool:
        return False  # it plans tool calls; it cannot fill an arbitrary schema


def test_both_names_make_it_without_key_or_network() -> None:
    with no_network():
        for name in ("embedded", "embedded:rules"):
            model = make_model(name, registry=ToolRegistry(), environment={})
            assert isinstance(model, EmbeddedPlanner)
            assert model.masks_entities
            assert model.invoke("hello").text
