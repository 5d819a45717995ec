"""The factory: keys, missing packages, and what is never said."""

from __future__ import annotations

import email.utils
import sys
import time

import pytest
from langchain_core.messages import AIMessage

from labhand.local_models.explain import explain_model_error, retry_after_s, scrub
from labhand.local_models.factory import make_model
from labhand.local_models.resilient import ResilientChatModel, RetryPolicy
from labhand.local_models.settings import ModelSettings, find_key
from labhand.local_models.truncation import reject_truncated
from labhand.testing.fake_openai import FakeOpenAI, Status
from labhand.testing.scripted import BreaksOff, ScriptedChatModel, call
from labhand.tools.contract.errors import (
    ConfigurationError,
    LabhandError,
    MissingExtraError,
    MissingKeyError,
    ModelUnavailableError,
)

KEY = "sk-proj-abcDEF123456789verysecret"


def gone(label: str = "it") -> ModelUnavailableError:
    return ModelUnavailableError(f"{label} is gone.", reason="connection")


def test_openai_without_a_key_says_what_to_set() -> None:
    with pytest.raises(MissingKeyError, match="OPENAI_API_KEY is not set") as caught:
        make_model("openai:gpt-4o-mini", environment={})
    assert "export OPENAI_API_KEY" in caught.value.remedy


def test_an_openai_key_is_sent_and_never_shown() -> None:
    with FakeOpenAI(["ok", Status(401, f"Incorrect API key provided: {KEY}.")]) as server:
        settings = ModelSettings(base_url=server.url, max_retries=0)
        model = make_model(
            "openai:gpt-4o-mini", settings=settings, environment={"OPENAI_API_KEY": KEY}
        )
        assert model.invoke("hi").text == "ok"
        assert server.requests[-1].headers["authorization"] == f"Bearer {KEY}"
        with pytest.raises(MissingKeyError) as caught:
            model.invoke("hi")
    shown = [repr(model), str(model), str(model._identifying_params), repr(caught.value.to_dict())]
    assert not any(KEY in text for text in shown)


@pytest.mark.parametrize("status", [400, 401, 404, 422, 429, 500])
def test_no_error_repeats_a_key(status: int) -> None:
    said = f"request with {KEY} and Authorization: Bearer {KEY} failed"
    with FakeOpenAI([Status(status, said)]) as server:
        settings = ModelSettings(base_url=server.url, max_retries=0, api_key=KEY)
        model = make_model("openai:m", settings=settings, environment={})
        with pytest.raises(LabhandError) as caught:
            model.invoke("hi")
    assert KEY not in f"{caught.value!r} {caught.value} {dict(caught.value.data)}"
    assert KEY not in repr(settings)
    assert KEY not in settings.model_dump_json()


@pytest.mark.parametrize(
    "text",
    [
        "Incorrect API key provided: sk-abc123def456.",
        "Authorization: Bearer abcdefgh",
        'api_key="12345"',
        "key AIzaSyA1234567890abcdefghijklmnopq refused",
    ],
)
def test_what_looks_like_a_key_is_scrubbed(text: str) -> None:
    for secret in ("sk-abc123", "abcdefgh", "12345", "AIzaSy"):
        assert secret not in scrub(text)


def test_ordinary_sentences_are_not_scrubbed() -> None:
    text = "This model's maximum context length is 8192 tokens, you asked for 9000."
    assert scrub(text) == text


def test_a_command_may_print_the_key() -> None:
    command = f'{sys.executable} -c "print(12345)"'
    settings = ModelSettings(api_key_command=command)
    assert find_key("X", "m", settings, {}).get_secret_value() == "12345"


@pytest.mark.parametrize("code", ["import sys; print(98765); sys.exit(3)", "pass"])
def test_a_command_that_fails_is_said_without_its_output(code: str) -> None:
    settings = ModelSettings(api_key_command=f'{sys.executable} -c "{code}"')
    with pytest.raises(MissingKeyError, match="gave none") as caught:
        find_key("X", "m", settings, {})
    assert "98765" not in str(caught.value)


def test_a_provider_that_is_not_installed_names_its_package() -> None:
    with pytest.raises(MissingExtraError) as caught:
        make_model("anthropic:claude-sonnet-4-5", environment={})
    assert "pip install langchain-anthropic" in caught.value.remedy


def test_an_unknown_model_is_a_configuration_error() -> None:
    for name in ("nonsense-model", "nonsense:model"):
        with pytest.raises(ConfigurationError, match="there is no model"):
            make_model(name, environment={})


def test_a_local_model_says_how_to_serve_it() -> None:
    with pytest.raises(ConfigurationError, match="cannot be loaded") as caught:
        make_model("local:smollm2")
    assert "llama-server" in caught.value.remedy
    assert "server:http" in caught.value.remedy


def test_settings_refuse_what_they_do_not_know() -> None:
    with pytest.raises(ValueError, match="temprature"):
        ModelSettings(temprature=1)  # type: ignore[call-arg]


# -- retries ------------------------------------------------------------------------


def resilient(script: list, **policy: object) -> tuple[ResilientChatModel, list[float]]:
    waits: list[float] = []
    model = ResilientChatModel(
        inner=ScriptedChatModel(script=script),
        label="m",
        policy=RetryPolicy(sleep=waits.append, **policy),  # type: ignore[arg-type]
    )
    return model, waits


def test_waits_double_up_to_a_bound() -> None:
    model, waits = resilient([gone()] * 6, retries=5, base_s=1, longest_s=4)
    with pytest.raises(ModelUnavailableError):
        model.invoke("hi")
    assert len(waits) == 5
    for wait, most in zip(waits, [1, 2, 4, 4, 4], strict=True):
        assert 0.9 * most <= wait <= most


def test_what_the_server_asks_to_wait_is_read() -> None:
    class Reply:
        def __init__(self, **headers: str) -> None:
            self.headers = {k.replace("_", "-"): v for k, v in headers.items()}

    class Refused(Exception):
        def __init__(self, **headers: str) -> None:
            self.response = Reply(**headers)

    soon = email.utils.formatdate(time.time() + 20, usegmt=True)
    assert retry_after_s(Refused(retry_after="7")) == 7.0
    assert retry_after_s(Refused(retry_after_ms="250", retry_after="9")) == 0.25
    assert 15 < (retry_after_s(Refused(retry_after=soon)) or 0) <= 20
    assert retry_after_s(Refused(retry_after="whenever")) is None
    assert retry_after_s(Refused()) is None
    assert retry_after_s(ValueError()) is None


def test_a_stream_is_tried_again_only_before_its_first_piece() -> None:
    model, waits = resilient([gone(), "fine"])
    assert "".join(c.text for c in model.stream("hi")) == "fine"
    assert len(waits) == 1
    model, waits = resilient([BreaksOff("half", gone()), "fine"])
    with pytest.raises(ModelUnavailableError):
        list(model.stream("hi"))
    assert waits == []


def test_an_interrupt_is_not_swallowed() -> None:
    def interrupted(messages: list) -> AIMessage:
        raise KeyboardInterrupt

    model, waits = resilient([interrupted, "fine"])
    with pytest.raises(KeyboardInterrupt):
        model.invoke("hi")
    assert waits == []


def test_unknown_exceptions_become_one_sentence() -> None:
    class Odd(Exception):
        pass

    error = explain_model_error(Odd("first line\nsecond line"), "m")
    assert isinstance(error, ModelUnavailableError)
    assert "first line" in error.message
    assert "second line" not in str(error)
    same = ConfigurationError("ours.")
    assert explain_model_error(same, "m") is same


def test_only_cut_messages_are_rejected() -> None:
    whole = AIMessage("", tool_calls=[call("t", "c1")], response_metadata={"finish_reason": "stop"})
    assert reject_truncated(whole) is whole
    for key, value in [("stop_reason", "max_tokens"), ("finish_reason", "MAX_TOKENS")]:
        cut = AIMessage("", tool_calls=[call("t", "c1")], response_metadata={key: value})
        assert reject_truncated(cut).tool_calls == []


def test_models_that_bind_tools_by_a_copy_keep_them() -> None:
    # EmbeddedPlanner.bind_tools gives a copy of itself, not a binding.
    class Copying(ScriptedChatModel):
        allowed: tuple = ()

        def bind_tools(self, tools, *, tool_choice=None, **kwargs):
            return self.model_copy(update={"allowed": tuple(tools)})

        def _next(self, messages):
            return AIMessage(f"{len(self.allowed)} tools")

    def weigh(smiles: str) -> str:
        """Weigh it."""
        return smiles

    wrapped = ResilientChatModel(inner=Copying(), label="m")
    assert wrapped.bind_tools([weigh]).invoke("hi").text == "1 tools"
