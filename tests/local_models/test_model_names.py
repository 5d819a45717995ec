"""Model names: every form, and what a wrong one is answered with."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labhand.local_models.names import describe_models, parse_model_name
from labhand.local_models.prices import cost_usd
from labhand.tools.contract.errors import ConfigurationError


@pytest.mark.parametrize(
    "text",
    [
        "embedded",
        "embedded:rules",
        "scripted:/tmp/turns.jsonl",
        "openai:gpt-4o",
        "server:http://127.0.0.1:8080/v1",
        "server:https://example.org/api/v1#qwen/qwen3:8b",
        "local:smollm2",
        "anthropic:claude-sonnet-4-5",
        "gpt-4o",
    ],
)
def test_names_round_trip(text: str) -> None:
    assert str(parse_model_name(text)) == text
    assert parse_model_name(f"  {text} ") == parse_model_name(text)


def test_a_server_without_a_path_gets_v1() -> None:
    assert parse_model_name("server:http://localhost:11434").url == "http://localhost:11434/v1"
    assert parse_model_name("server:http://localhost:11434/").url == "http://localhost:11434/v1"


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("", "embedded"),
        ("embeded", "Did you mean embedded"),
        ("sever:http://x/v1", "Did you mean server:"),
        ("embedded:large", "embedded:rules"),
        ("openai:", "openai:gpt-4o-mini"),
        ("server:127.0.0.1:8080", "server:http://127.0.0.1:8080/v1"),
        ("server:ftp://x/v1", "server:http"),
        ("server:http://[::1", "server:http"),
        ("server:http://x:99999999/v1", "server:http"),
        ("what is this", "Known forms"),
        ("openai:a\nb", "Known forms"),
    ],
)
def test_wrong_names_say_what_would_be_right(text: str, hint: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        parse_model_name(text)
    assert hint in caught.value.remedy


@pytest.mark.parametrize(
    "text",
    [
        "server:http://me:hunter2secret@host/v1",
        "server:http://host/v1?key=hunter2secret",
        "server:hunter2secret",
    ],
)
def test_what_may_be_a_secret_is_refused_and_not_repeated(text: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        parse_model_name(text)
    assert "hunter2" not in f"{caught.value!r} {caught.value.data}"


@given(st.text(max_size=60))
def test_any_text_is_a_name_or_a_configuration_error(text: str) -> None:
    try:
        parsed = parse_model_name(text)
    except ConfigurationError:
        return
    assert parse_model_name(str(parsed)) == parsed


@given(st.sampled_from(["server", "openai", "embedded", "local"]), st.text(max_size=40))
def test_any_text_behind_a_known_form(head: str, rest: str) -> None:
    try:
        parsed = parse_model_name(f"{head}:{rest}")
    except ConfigurationError:
        return
    assert parse_model_name(str(parsed)) == parsed


def test_what_is_available_depends_on_the_environment_alone() -> None:
    without = {m.name: m for m in describe_models({})}
    with_key = {m.name: m for m in describe_models({"OPENAI_API_KEY": "sk-secret"})}
    assert without["embedded"].available
    assert not without["openai:NAME"].available
    assert "OPENAI_API_KEY" in without["openai:NAME"].why
    assert with_key["openai:NAME"].available
    assert not any("sk-secret" in m.why for m in with_key.values())
    assert all(m.why for m in without.values())


def test_prices_are_known_unknown_and_never_zero_by_default() -> None:
    # OpenAI's price list: gpt-4o-mini is 0.15 USD per million input tokens, 0.60 per output.
    assert cost_usd("openai:gpt-4o-mini", 1_000_000, 0) == pytest.approx(0.15)
    assert cost_usd("openai:gpt-4o-mini", 0, 1_000_000) == pytest.approx(0.60)
    assert cost_usd("gpt-4o-mini", 1000, 10) == cost_usd("openai:gpt-4o-mini", 1000, 10)
    assert cost_usd("openai:no-such-model", 10, 10) is None
    for own in ("embedded", "local:x", "server:http://127.0.0.1/v1", "scripted:x.jsonl"):
        assert cost_usd(own, 10, 10) is None
    with pytest.raises(ValueError, match="negative"):
        cost_usd("openai:gpt-4o-mini", -1, 0)


def test_prices_touch_no_network() -> None:
    from labhand.testing.no_network import no_network

    with no_network():
        assert cost_usd("openai:gpt-4o", 1000, 1000)


def test_importing_names_factory_and_prices_is_light() -> None:
    code = (
        "import sys; import labhand.local_models.names, labhand.local_models.factory, "
        "labhand.local_models.prices, labhand.local_models.settings; "
        "bad = {m.partition('.')[0] for m in sys.modules} & "
        "{'langchain', 'langchain_core', 'langchain_openai', 'openai', 'genai_prices', 'rdkit'}; "
        "sys.exit(str(bad) if bad else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
