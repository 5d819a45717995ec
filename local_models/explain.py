"""From a provider's exception to one sentence with a remedy.

Every provider's client has its own exceptions, but they share names
(``RateLimitError``, ``APITimeoutError``, ``ModelNotFoundError``, ``ConnectError`` …)
and a ``status_code``. So exceptions are sorted by these, and no client is imported.

The result carries ``data['reason']``, one of ``REASONS``, and for some
``data['retry_after_s']``. Keys never pass: what the provider said is scrubbed.
"""

from __future__ import annotations

import email.utils
import re
import time
from collections.abc import Iterable
from typing import Any, Literal

from ..tools.contract.errors import (
    ConfigurationError,
    LabhandError,
    MissingExtraError,
    MissingKeyError,
    ModelUnavailableError,
)

Reason = Literal[
    "auth",
    "quota",
    "rate_limit",
    "timeout",
    "connection",
    "server",
    "not_found",
    "context_length",
    "bad_request",
    "garbage",
    "not_installed",
    "unknown",
]

#: Reasons that may be gone a moment later.
TRANSIENT: frozenset[str] = frozenset({"rate_limit", "timeout", "connection", "server"})

#: Class names anywhere in the exception's ancestry → reason; the first that fits decides.
_BY_CLASS: tuple[tuple[Reason, frozenset[str]], ...] = (
    ("context_length", frozenset({"ContextOverflowError", "LengthFinishReasonError"})),
    (
        "auth",
        frozenset(
            {
                "AuthenticationError",
                "PermissionDeniedError",
                "ModelAuthenticationError",
                "ModelPermissionDeniedError",
            }
        ),
    ),
    ("rate_limit", frozenset({"RateLimitError", "ModelRateLimitError"})),
    ("not_found", frozenset({"NotFoundError", "ModelNotFoundError"})),
    (
        "timeout",
        frozenset({"APITimeoutError", "ModelTimeoutError", "TimeoutException", "TimeoutError"}),
    ),
    (
        "connection",
        frozenset(
            {"APIConnectionError", "ModelConnectionError", "TransportError", "ConnectionError"}
        ),
    ),
    ("server", frozenset({"InternalServerError", "ModelAPIError"})),
    (
        "bad_request",
        frozenset(
            {"BadRequestError", "UnprocessableEntityError", "ModelInvalidRequestError"},
        ),
    ),
    # A client that trips over the reply's shape met something that is no reply.
    (
        "garbage",
        frozenset(
            {
                "APIResponseValidationError",
                "ValueError",
                "AttributeError",
                "TypeError",
                "KeyError",
                "IndexError",
            }
        ),
    ),
    ("not_installed", frozenset({"ImportError"})),
)

_BY_STATUS: dict[int, Reason] = {
    401: "auth",
    403: "auth",
    404: "not_found",
    408: "timeout",
    413: "context_length",
    429: "rate_limit",
}

_CONTEXT = re.compile(r"context.{0,12}(length|window|size)|maximum context|too many tokens", re.I)
_QUOTA = re.compile(r"insufficient_quota|exceeded your current quota|billing", re.I)
_KEY_WANTED = re.compile(r"api[_ -]?key|credential|access token", re.I)
_VARIABLE = re.compile(r"\b[A-Z][A-Z0-9_]*_(?:API_)?(?:KEY|TOKEN)\b")

# What looks like a secret: a vendor's key prefix, a bearer token, a named value, or any
# long run that mixes letters and digits.
_SECRET = re.compile(
    r"(?:sk|pk|rk|gsk|xai|key|hf|ghp)[-_][A-Za-z0-9_\-*.]{6,}"
    r"|(?:bearer|basic)\s+\S+"
    r"|(?:api[_-]?key|token|secret|password|authorization)[\"']?\s*[=:]"
    r"\s*(?:bearer\s+|basic\s+)?[\"']?[^\s\"',}]+"
    r"|\b(?=[A-Za-z_\-]*\d)(?=[\d_\-]*[A-Za-z])[A-Za-z0-9_\-]{24,}\b",
    re.I,
)


def scrub(text: str, secrets: Iterable[str] = ()) -> str:
    """The text without what is, or looks like, a key.

    >>> from labhand.local_models.explain import scrub
    >>> scrub("Incorrect API key provided: sk-abc123def456")
    'Incorrect API key provided: …'
    """
    for secret in secrets:
        if secret:
            text = text.replace(secret, "…")
    return _SECRET.sub("…", text)


def explain_model_error(
    exception: BaseException, model_name: str, *, secrets: Iterable[str] = ()
) -> LabhandError:
    """Our error for what a provider's client raised; errors of ours are returned as they are.

    Args:
        model_name: the name as the person wrote it.
        secrets: texts that must not appear, besides what looks like a key.
    """
    if isinstance(exception, LabhandError):
        return exception
    reason = classify(exception)
    said = _said(exception, secrets)
    data: dict[str, Any] = {"model": model_name, "reason": reason}
    wait = retry_after_s(exception)
    if wait is not None:
        data["retry_after_s"] = wait
    return _SENTENCES[reason](model_name, said, wait, data)


def classify(exception: BaseException) -> Reason:
    """The reason behind a provider's exception."""
    text = f"{getattr(exception, 'code', '')} {exception}"
    status = getattr(exception, "status_code", None) or getattr(
        getattr(exception, "response", None), "status_code", None
    )
    names = {kind.__name__ for kind in type(exception).__mro__}
    reason: Reason | None = next((r for r, classes in _BY_CLASS if names & classes), None)
    if isinstance(status, int) and reason in (None, "bad_request", "garbage"):
        by_status = _BY_STATUS.get(status) or ("server" if status >= 500 else "bad_request")
        reason = by_status if status >= 400 else reason
    if reason in ("bad_request", None) and _CONTEXT.search(text):
        return "context_length"
    if reason == "rate_limit" and _QUOTA.search(text):
        return "quota"
    # Clients complain of a missing key by whatever exception their constructor has.
    if reason in (None, "garbage") and _KEY_WANTED.search(text):
        return "auth"
    return reason or "unknown"


def retry_after_s(exception: BaseException) -> float | None:
    """Seconds that the provider asks to wait (``retry-after`` as seconds or date), if any."""
    headers = getattr(getattr(exception, "response", None), "headers", None)
    if headers is None:
        return None
    for name, scale in (("retry-after-ms", 1e-3), ("retry-after", 1.0)):
        text = headers.get(name)
        if text is None:
            continue
        try:
            return max(0.0, float(text) * scale)
        except ValueError:
            when = email.utils.parsedate_tz(text)
            if when is not None:
                return max(0.0, email.utils.mktime_tz(when) - time.time())
    return None


def _said(exception: BaseException, secrets: Iterable[str]) -> str:
    body = getattr(exception, "body", None)
    text = body.get("message") if isinstance(body, dict) else None
    line = str(text or exception).strip().splitlines()[:1]
    cleaned = scrub(line[0] if line else "", secrets)
    return cleaned[:200].rstrip(" .")


def _auth(model: str, said: str, wait: float | None, data: dict[str, Any]) -> LabhandError:
    named = _VARIABLE.search(said)
    variable = named.group(0) if named else "the variable of its provider (OPENAI_API_KEY, …)"
    return MissingKeyError(
        f"{model} was not used, because its key is missing or was refused.",
        f"Check {variable}, or choose another model.",
        **data,
    )


def _rate_limit(model: str, said: str, wait: float | None, data: dict[str, Any]) -> LabhandError:
    when = f"in {wait:.0f} s" if wait is not None else "in a minute"
    return ModelUnavailableError(
        f"{model} refuses for now, because too much was asked of it (429).",
        f"Try again {when}, or choose another model.",
        **data,
    )


def _not_found(model: str, said: str, wait: float | None, data: dict[str, Any]) -> LabhandError:
    return ConfigurationError(
        f"the provider does not know the model {model}" + (f" ({said})." if said else "."),
        "Check the spelling of the model's name and the address.",
        **data,
    )


def _not_installed(model: str, said: str, wait: float | None, data: dict[str, Any]) -> LabhandError:
    found = re.search(r"pip install (?:-U )?([a-z0-9][a-z0-9\-]*)", said)
    module = re.search(r"No module named '([\w]+)", said)
    package = found or module
    name = package.group(1).replace("_", "-") if package else "the package of its provider"
    return MissingExtraError(
        f"{model} needs a package that is not installed.", f"Run: pip install {name}", **data
    )


def _sentence(what: str, remedy: str, *, quote: bool = False) -> Any:
    def make(model: str, said: str, wait: float | None, data: dict[str, Any]) -> LabhandError:
        quoted = f" ({said})" if quote and said else ""
        return ModelUnavailableError(f"{model} {what}{quoted}.", remedy, **data)

    return make


_SENTENCES: dict[Reason, Any] = {
    "auth": _auth,
    "rate_limit": _rate_limit,
    "not_found": _not_found,
    "not_installed": _not_installed,
    "quota": _sentence(
        "refuses, because the account has no quota left",
        "Look at the provider's billing page, or choose another model.",
    ),
    "timeout": _sentence(
        "did not answer in time",
        "Raise timeout_s if the model is slow, or choose another model.",
    ),
    "connection": _sentence(
        "cannot be reached, or broke off the connection",
        "Check that the server runs and that the address is right, or choose another model.",
    ),
    "server": _sentence(
        "failed on its side", "Try again later, or choose another model.", quote=True
    ),
    "context_length": _sentence(
        "cannot read a conversation of this length",
        "Shorten it with /compact or /clear, or choose a model with a longer context.",
    ),
    "bad_request": _sentence(
        "refused the request", "Check the model's settings, or choose another model.", quote=True
    ),
    "garbage": _sentence(
        "sent a reply that is not in the form of its interface",
        "Check that the address belongs to an OpenAI-compatible server (it often ends in /v1).",
    ),
    "unknown": _sentence(
        "failed for a reason that is not known here",
        "Try again, or choose another model.",
        quote=True,
    ),
}
