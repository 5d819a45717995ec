"""Model names: what a person may write after ``--model``, and which of them work here.

==========================  =====================================================
``embedded``                the built-in planner: no key, no network
``embedded:rules``          its rule-based version, kept as the baseline
``scripted:PATH``           turns from a file (demonstrations and tests)
``openai:NAME``             a model of OpenAI; needs OPENAI_API_KEY
``server:URL[#NAME]``       any OpenAI-compatible server: llama.cpp, vLLM, Ollama, …
``local:NAME``              a GGUF file in this process (not available yet)
``PROVIDER:NAME``           any other provider that LangChain's ``init_chat_model`` knows
==========================  =====================================================
"""

from __future__ import annotations

import difflib
import importlib.util
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit, urlunsplit

from ..tools.contract.errors import ConfigurationError

ModelKind = Literal["embedded", "scripted", "openai", "server", "local", "langchain"]

#: The forms, each with an example of how it is written.
FORMS: dict[ModelKind, str] = {
    "embedded": "embedded",
    "scripted": "scripted:turns.jsonl",
    "openai": "openai:gpt-4o-mini",
    "server": "server:http://127.0.0.1:8080/v1",
    "local": "local:NAME",
    "langchain": "anthropic:NAME",
}

#: provider → (module that LangChain imports, variable of its key); the common ones,
#: for ``describe_models`` and missing keys. ``init_chat_model`` knows more.
PROVIDERS: dict[str, tuple[str, str]] = {
    "anthropic": ("langchain_anthropic", "ANTHROPIC_API_KEY"),
    "google_genai": ("langchain_google_genai", "GOOGLE_API_KEY"),
    "mistralai": ("langchain_mistralai", "MISTRAL_API_KEY"),
    "groq": ("langchain_groq", "GROQ_API_KEY"),
    "deepseek": ("langchain_deepseek", "DEEPSEEK_API_KEY"),
    "xai": ("langchain_xai", "XAI_API_KEY"),
    "ollama": ("langchain_ollama", ""),
}

EMBEDDED_VERSIONS = ("rules",)


@dataclass(frozen=True, slots=True)
class ModelName:
    """A parsed model name; ``str()`` gives its normal spelling.

    Attributes:
        kind: which of the forms it is.
        name: what follows the colon (for a server: the model behind ``#``, may be empty).
        url: address of a server, with its path; ``None`` for the other kinds.
    """

    kind: ModelKind
    name: str = ""
    url: str | None = None

    def __str__(self) -> str:
        if self.kind == "server":
            return f"server:{self.url}" + (f"#{self.name}" if self.name else "")
        if self.kind == "langchain":
            return self.name
        return f"{self.kind}:{self.name}" if self.name else self.kind


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """A model name, whether it can be used here and now, and why (not)."""

    name: str
    available: bool
    why: str


def parse_model_name(text: str) -> ModelName:
    """Read a model name.

    >>> from labhand.local_models.names import parse_model_name
    >>> parse_model_name("server:http://127.0.0.1:8080#qwen")
    ModelName(kind='server', name='qwen', url='http://127.0.0.1:8080/v1')

    Raises:
        ConfigurationError: it has none of the known forms; near ones are named.
    """
    text = text.strip()
    if not text.isprintable():
        raise ConfigurationError(
            "the model name holds characters that cannot be printed.",
            f"Known forms: {', '.join(FORMS.values())}.",
        )
    head, colon, rest = text.partition(":")
    rest = rest.strip()
    match head:
        case "embedded":
            return _embedded(rest, bool(colon))
        case "server":
            return _server(rest)
        case "openai" | "scripted" | "local":
            if not rest:
                raise ConfigurationError(
                    f"the model name {text!r} names no model.", f"Write for example {FORMS[head]}."
                )
            return ModelName(head, rest)
        case _:
            return _other(text)


def _embedded(version: str, given: bool) -> ModelName:
    if given and version not in EMBEDDED_VERSIONS:
        raise ConfigurationError(
            f"there is no embedded model {version!r}.",
            f"Write embedded or {' or '.join(f'embedded:{v}' for v in EMBEDDED_VERSIONS)}.",
        )
    return ModelName("embedded", version)


def _server(text: str) -> ModelName:
    address, _, model = text.partition("#")
    remedy = f"Write for example {FORMS['server']}, or {FORMS['server']}#NAME to choose a model."
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname, parts.port
    except ValueError:
        host, parts = None, urlsplit("")
    if parts.scheme not in ("http", "https") or not host:
        raise ConfigurationError("the address of the server is not a URL.", remedy)
    # Names are logged and shown, so nothing that may be a secret can be part of one.
    if parts.username is not None or parts.password is not None or parts.query:
        raise ConfigurationError(
            "the address of a server holds no user, password or query.",
            "Give the key as the setting api_key or by api_key_command.",
        )
    path = parts.path.rstrip("/") or "/v1"
    return ModelName(
        "server", model.strip(), urlunsplit((parts.scheme, parts.netloc, path, "", ""))
    )


def _other(text: str) -> ModelName:
    # Only spellings close to our own forms are refused here; what LangChain knows,
    # LangChain says (its table is not repeated).
    head = text.partition(":")[0].lower()
    near = difflib.get_close_matches(head, list(FORMS), n=2, cutoff=0.75)
    if not text or any(c.isspace() for c in text) or near:
        known = ", ".join(FORMS.values())
        asked = f"Did you mean {' or '.join(FORMS[n] for n in near)}? " if near else ""  # type: ignore[index]
        raise ConfigurationError(
            f"there is no model {text[:80]!r}." if text else "the model name is empty.",
            f"{asked}Known forms: {known}.",
        )
    return ModelName("langchain", text)


def describe_models(environment: Mapping[str, str]) -> list[ModelInfo]:
    """Which forms of model work here, for ``/model`` and ``labhand doctor``.

    Looks only at the environment given and at which packages are installed: no
    package is imported, no key is tried, and no server is asked.
    """
    found = [
        ModelInfo("embedded", True, "built in; needs no key and no network"),
        ModelInfo("embedded:rules", True, "the rule-based planner; needs no key and no network"),
        _keyed("openai:NAME", "langchain_openai", "OPENAI_API_KEY", environment),
        ModelInfo("server:URL", True, "any OpenAI-compatible server that runs at this address"),
        ModelInfo("local:NAME", False, "not available yet; serve the GGUF and use server:URL"),
    ]
    for provider, (module, variable) in PROVIDERS.items():
        found.append(_keyed(f"{provider}:NAME", module, variable, environment))
    return found


def _keyed(name: str, module: str, variable: str, environment: Mapping[str, str]) -> ModelInfo:
    if importlib.util.find_spec(module) is None:
        return ModelInfo(name, False, f"not installed: pip install {module.replace('_', '-')}")
    if variable and not environment.get(variable, "").strip():
        return ModelInfo(name, False, f"{variable} is not set")
    return ModelInfo(name, True, f"{variable} is set" if variable else "needs no key")
