"""Scripts as files: both forms say the same, and every mistake is named with its place."""

from __future__ import annotations

from pathlib import Path

import pytest
from langchain_core.messages import AIMessage, HumanMessage

from labhand.local_models.factory import make_model
from labhand.testing.scripted import read_script
from labhand.tools.contract.errors import ConfigurationError, ModelUnavailableError

JSONL = """
{"calls": [{"name": "molar_mass", "args": {"smiles": "CCO"}}], "usage": [3, 4]}

{"text": "It weighs {o1.molar_mass}."}
"""
TOML = """
[[turn]]
calls = [{ name = "molar_mass", args = { smiles = "CCO" } }]
usage = [3, 4]

[[turn]]
text = "It weighs {o1.molar_mass}."
"""


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(("name", "text"), [("s.jsonl", JSONL), ("s.toml", TOML)])
def test_both_forms_through_the_factory(tmp_path: Path, name: str, text: str) -> None:
    model = make_model(f"scripted:{write(tmp_path, name, text)}")
    first = model.invoke("how heavy is ethanol?")
    assert first.tool_calls[0]["name"] == "molar_mass"
    assert first.tool_calls[0]["args"] == {"smiles": "CCO"}
    assert first.usage_metadata is not None
    assert first.usage_metadata["total_tokens"] == 7
    assert model.invoke("and?").text == "It weighs {o1.molar_mass}."
    with pytest.raises(ConfigurationError):
        model.invoke("more?")


def test_ids_differ_between_turns_and_agree_between_runs(tmp_path: Path) -> None:
    line = '{"calls": [{"name": "t"}, {"name": "t"}], "repeat": true}\n'
    path = write(tmp_path, "s.jsonl", line)

    def run() -> list[str | None]:
        model = make_model(f"scripted:{path}")
        messages: list = [HumanMessage("q")]
        ids = []
        for _ in range(3):
            reply = model.invoke(messages)
            messages.append(reply)
            ids += [c["id"] for c in reply.tool_calls]
        return ids

    assert run() == run()
    assert len(set(run())) == 6


def test_malformed_calls_errors_and_cut_turns(tmp_path: Path) -> None:
    text = (
        '{"calls": [{"name": "t", "args": "{oops"}]}\n'
        '{"text": "half", "finish_reason": "length"}\n'
        '{"error": "the model is out for lunch."}\n'
    )
    model = make_model(f"scripted:{write(tmp_path, 's.jsonl', text)}")
    bad = model.invoke("x")
    assert isinstance(bad, AIMessage)
    assert bad.invalid_tool_calls[0]["args"] == "{oops"
    assert model.invoke("x").response_metadata["finish_reason"] == "length"
    with pytest.raises(ModelUnavailableError, match="out for lunch"):
        model.invoke("x")


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("s.jsonl", '{"text": "a"}\n{oops\n', "line 2 is not JSON"),
        ("s.jsonl", '{"texte": "a"}', "line 1"),
        ("s.jsonl", '["a"]', "line 1"),
        ("s.jsonl", "{}", "a turn has a text, calls, or an error"),
        ("s.jsonl", '{"text": "a", "error": "b"}', "has nothing else"),
        ("s.jsonl", '{"text": "a", "repeat": true}\n{"text": "b"}', "only the last"),
        ("s.jsonl", "\n\n", "has no turn"),
        ("s.toml", 'text = "a"', "no script"),
        ("s.toml", "[[turn]", "is not TOML"),
    ],
)
def test_mistakes_are_named_with_their_place(
    tmp_path: Path, name: str, text: str, said: str
) -> None:
    with pytest.raises(ConfigurationError) as caught:
        read_script(write(tmp_path, name, text))
    assert said in str(caught.value)


def test_a_missing_or_binary_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="cannot be read"):
        make_model(f"scripted:{tmp_path / 'none.jsonl'}")
    (tmp_path / "b.jsonl").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigurationError, match="cannot be read"):
        make_model(f"scripted:{tmp_path / 'b.jsonl'}")
