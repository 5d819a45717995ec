"""OpenAI and every server that speaks its interface.

The HTTP client is made here, because it has to be of the library that the installed
``openai`` uses (``httpx2`` since openai 3, ``httpx`` before), and because requests to
this machine must not go through a proxy. ``langchain_openai`` (about a second to
import) is loaded when a model is made, not before.
"""

from __future__ import annotations

import importlib
import ipaddress
import json
import urllib.error
import urllib.request
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from pydantic import SecretStr

from ..tools.contract.errors import ConfigurationError, ModelUnavailableError
from .names import ModelName
from .settings import ModelSettings

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

#: Sent to servers that want no key. The person's OPENAI_API_KEY is never sent to them.
NO_KEY = "no-key-needed"
LARGEST_LIST = 1_000_000


def openai_model(name: str, key: SecretStr, settings: ModelSettings) -> BaseChatModel:
    """A model of OpenAI (or of ``settings.base_url``); its own retries are off."""
    address = {"base_url": settings.base_url} if settings.base_url else {}
    return _chat_openai(name, key, settings, settings.base_url, **address)


def server_model(
    parsed: ModelName, settings: ModelSettings, environment: Mapping[str, str]
) -> BaseChatModel:
    """A model of an OpenAI-compatible server, which is asked for its list of models once.

    A server that wants a key gets the one of the settings or of ``SERVER_API_KEY``.

    Raises:
        ModelUnavailableError: nothing answers at the address.
        ConfigurationError: no model is named and the server offers none.
    """
    assert parsed.url is not None
    key = settings.api_key or SecretStr(environment.get("SERVER_API_KEY") or NO_KEY)
    offered = served_models(parsed.url, key, settings.connect_timeout_s)
    if not parsed.name and not offered:
        raise ConfigurationError(
            f"the server at {parsed.url} does not say which models it has.",
            f"Name one: server:{parsed.url}#NAME; if it wants a key, set SERVER_API_KEY.",
        )
    name = parsed.name or offered[0]
    return _chat_openai(
        name, key, settings, parsed.url, base_url=parsed.url, use_responses_api=False
    )


def served_models(url: str, key: SecretStr, timeout_s: float) -> list[str]:
    """The models that a server lists at ``URL/models``; empty if it keeps no such list.

    Raises:
        ModelUnavailableError: nothing answers there within ``timeout_s`` seconds.
    """
    request = urllib.request.Request(
        f"{url}/models", headers={"Authorization": f"Bearer {key.get_secret_value()}"}
    )
    handlers: list[Any] = [urllib.request.ProxyHandler({})] if is_loopback(url) else []
    try:
        with urllib.request.build_opener(_NoRedirect, *handlers).open(
            request, timeout=timeout_s
        ) as reply:
            listing = json.loads(reply.read(LARGEST_LIST))
        return [str(entry["id"]) for entry in listing["data"]]
    except urllib.error.HTTPError:
        return []  # It answers; a refusal shows in the first real request.
    except (OSError, TimeoutError) as error:
        reason = "it did not answer in time" if _timed_out(error) else "nothing listens there"
        failure = ModelUnavailableError(
            f"the model server at {url} cannot be reached: {reason}.",
            "Start the server, or check the address.",
            reason="timeout" if _timed_out(error) else "connection",
        )
    except (ValueError, KeyError, TypeError):
        return []
    except Exception as error:  # http.client has its own tree for what is not HTTP
        failure = ModelUnavailableError(
            f"what answers at {url} is no model server ({type(error).__name__}).",
            "Check the address and the port.",
            reason="garbage",
        )
    raise failure


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirect would carry the key to whatever address the server names."""

    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        """Follow none: the reply counts as an error of the server."""


def is_loopback(url: str) -> bool:
    """True for an address on this machine."""
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def http_client(settings: ModelSettings, url: str | None) -> Any:
    """A client of the HTTP library that the installed ``openai`` works with."""
    import openai

    library = importlib.import_module(
        "httpx2" if int(openai.__version__.partition(".")[0]) >= 3 else "httpx"
    )
    timeout = library.Timeout(settings.timeout_s, connect=settings.connect_timeout_s)
    return library.Client(timeout=timeout, trust_env=url is None or not is_loopback(url))


def _chat_openai(
    name: str, key: SecretStr, settings: ModelSettings, url: str | None, **more: Any
) -> BaseChatModel:
    from langchain_openai import ChatOpenAI

    chosen = {
        "temperature": settings.temperature,
        "max_tokens": settings.max_tokens,
        "seed": settings.seed,
    }
    client = http_client(settings, url)
    return ChatOpenAI(
        model=name,
        api_key=key,
        max_retries=0,
        stream_usage=True,
        timeout=client.timeout,
        http_client=client,
        **{k: v for k, v in chosen.items() if v is not None},
        **more,
    )


def _timed_out(error: OSError) -> bool:
    reason = getattr(error, "reason", error)
    return isinstance(reason, TimeoutError) or isinstance(error, TimeoutError)
