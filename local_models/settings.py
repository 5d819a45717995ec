"""What can be set about a model: sampling, limits, address and key."""

from __future__ import annotations

import shlex
import subprocess
from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from ..tools.contract.errors import MissingKeyError

KEY_COMMAND_SECONDS = 15.0


class ModelSettings(BaseModel):
    """Settings of one model; ``None`` leaves a choice to the provider.

    Attributes:
        temperature: sampling temperature; ``None`` by default because some models refuse one.
        max_tokens: most tokens of one reply.
        timeout_s: longest wait for the next bytes of a reply, in seconds.
        connect_timeout_s: longest wait for a connection, in seconds.
        max_retries: further attempts after a transient failure (429, 5xx, connection).
        total_timeout_s: no new attempt starts this many seconds after the first one did.
        seed: asked of the provider for repeatable sampling, where it has that.
        base_url: another address for ``openai:NAME`` (a proxy, a gateway).
        api_key: the key itself; never shown, logged or written.
        api_key_command: a command that prints the key (``pass show openai``), run
            without a shell and only when the key is needed.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    temperature: float | None = Field(default=None, ge=0.0, le=2.0)
    max_tokens: int | None = Field(default=None, ge=1)
    timeout_s: float = Field(default=60.0, gt=0.0)
    connect_timeout_s: float = Field(default=3.0, gt=0.0)
    max_retries: int = Field(default=2, ge=0, le=10)
    total_timeout_s: float = Field(default=180.0, gt=0.0)
    seed: int | None = None
    base_url: str | None = None
    api_key: SecretStr | None = None
    api_key_command: str | None = None


def find_key(
    variable: str, model: str, settings: ModelSettings, environment: Mapping[str, str]
) -> SecretStr:
    """The key of a model: from the settings, their command, or the environment.

    Args:
        variable: the environment variable that usually holds it.
        model: the model's name as the person wrote it, for the sentence.

    Raises:
        MissingKeyError: none of the three gives a key; the remedy says what to set.
    """
    if settings.api_key is not None and settings.api_key.get_secret_value().strip():
        return settings.api_key
    if settings.api_key_command:
        return _key_from_command(settings.api_key_command, model)
    key = environment.get(variable, "").strip()
    if not key:
        raise MissingKeyError(
            f"{model} needs an API key, and {variable} is not set.",
            f"Set it with 'export {variable}=…', or choose a model that needs none, "
            "such as 'embedded'.",
            model=model,
            variable=variable,
        )
    return SecretStr(key)


def _key_from_command(command: str, model: str) -> SecretStr:
    # What the command printed is never repeated in an error: it may be the key.
    try:
        done = subprocess.run(
            shlex.split(command),
            capture_output=True,
            text=True,
            timeout=KEY_COMMAND_SECONDS,
            check=False,
            stdin=subprocess.DEVNULL,
        )
    except (OSError, ValueError, subprocess.TimeoutExpired) as error:
        reason = type(error).__name__
    else:
        lines = done.stdout.strip().splitlines()
        if done.returncode == 0 and lines:
            return SecretStr(lines[0].strip())
        reason = f"exit code {done.returncode}" if done.returncode else "no output"
    raise MissingKeyError(
        f"the command that should print the key of {model} gave none ({reason}).",
        "Run the command of the setting api_key_command by hand, or set api_key.",
        model=model,
    )
