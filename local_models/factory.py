"""From a model's name to a LangChain chat model.

::

    from labhand.local_models.factory import make_model
    model = make_model("embedded")
    model = make_model("server:http://127.0.0.1:8080/v1")

Which names there are stands in ``names.py``. Providers' packages are imported when a
model of theirs is made. Every model that needs a network is wrapped by
``ResilientChatModel``.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..tools.contract.errors import (
    ConfigurationError,
    LabhandError,
)
from .explain import explain_model_error
from .names import FORMS, ModelName, parse_model_name
from .settings import ModelSettings, find_key

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

    from ..tools.contract import ToolRegistry

Embedder = Callable[[list[str]], list[list[float]]]


def make_model(
    name: str,
    *,
    settings: ModelSettings | None = None,
    embedder: Embedder | None = None,
    registry: ToolRegistry | None = None,
    environment: Mapping[str, str] | None = None,
) -> BaseChatModel:
    """The chat model of this name.

    Args:
        settings: sampling, limits, address and key.
        embedder: for the embedded planner: texts → vectors (``MiniLMEmbedder().embed``).
        registry: for the embedded planner: the tools that it plans with.
        environment: where keys are looked up (default: the process's environment).

    Raises:
        ConfigurationError: there is no such model, or its file is wrong.
        MissingKeyError: its key is not set; the remedy says what to set.
        MissingExtraError: its provider's package is not installed.
        ModelUnavailableError: its server does not answer.
    """
    settings = settings or ModelSettings()
    environment = os.environ if environment is None else environment
    parsed = parse_model_name(name)
    match parsed.kind:
        case "embedded":
            from .embedded.model import EmbeddedPlanner

            tools: dict[str, Any] = {} if registry is None else {"registry": registry}
            return EmbeddedPlanner(embedder=embedder, model_name=str(parsed), **tools)
        case "scripted":
            from .script_file import read_script
            from .scripted import ScriptedChatModel

            script = read_script(Path(parsed.name).expanduser())
            return ScriptedChatModel(script=script.turns, repeat_last=script.repeat_last)
        case "local":
            raise _no_local_model(parsed)
        case "openai":
            return _openai(parsed, settings, environment)
        case "server":
            from .endpoint import server_model

            return _resilient(server_model(parsed, settings, environment), str(parsed), settings)
        case "langchain":
            return _langchain(parsed, settings, environment)


def _openai(
    parsed: ModelName, settings: ModelSettings, environment: Mapping[str, str]
) -> BaseChatModel:
    key = find_key("OPENAI_API_KEY", str(parsed), settings, environment)
    from .endpoint import openai_model

    return _resilient(openai_model(parsed.name, key, settings), str(parsed), settings, key)


def _langchain(
    parsed: ModelName, settings: ModelSettings, environment: Mapping[str, str]
) -> BaseChatModel:
    from langchain.chat_models import init_chat_model

    wanted: dict[str, Any] = {
        "temperature": settings.temperature,
        "max_tokens": settings.max_tokens,
        "base_url": settings.base_url,
    }
    if settings.api_key is not None or settings.api_key_command:
        wanted["api_key"] = find_key("", str(parsed), settings, environment).get_secret_value()
    chosen = {k: v for k, v in wanted.items() if v is not None}
    try:
        model = init_chat_model(parsed.name, **chosen)
    except Exception as error:
        failure = _not_made(error, parsed)
    else:
        return _resilient(model, str(parsed), settings, *_secrets(settings))
    raise failure


def _not_made(error: Exception, parsed: ModelName) -> LabhandError:
    text = str(error)
    if isinstance(error, ValueError) and ("infer" in text or "nsupported" in text):
        return ConfigurationError(
            f"there is no model {str(parsed)[:80]!r}, and LangChain does not know its provider.",
            f"Known forms: {', '.join(FORMS.values())}.",
        )
    return explain_model_error(error, str(parsed))


def _resilient(
    model: BaseChatModel, label: str, settings: ModelSettings, *secrets: Any
) -> BaseChatModel:
    from .resilient import ResilientChatModel, RetryPolicy

    return ResilientChatModel(
        inner=model,
        label=label,
        policy=RetryPolicy(retries=settings.max_retries, total_s=settings.total_timeout_s),
        secrets=tuple(secrets) or _secrets(settings),
    )


def _secrets(settings: ModelSettings) -> tuple[Any, ...]:
    return (settings.api_key,) if settings.api_key is not None else ()


def _no_local_model(parsed: ModelName) -> ConfigurationError:
    return ConfigurationError(
        f"{parsed} cannot be loaded into this process yet.",
        f"Serve the file with 'llama-server -m {parsed.name}.gguf --jinja --port 8080' or "
        f"'python -m llama_cpp.server --model {parsed.name}.gguf --port 8080', and use "
        f"{FORMS['server']}.",
    )
