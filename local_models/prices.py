"""What a model call cost in US dollars, from the price list inside ``genai-prices``.

The list is the snapshot that the installed version carries: nothing is fetched. A model
that it does not know costs ``None``, never zero.
"""

from __future__ import annotations

from .names import parse_model_name

#: Names of ours → names of genai-prices, where they differ.
_PROVIDER_ALIASES = {
    "google_genai": "google",
    "google_vertexai": "google",
    "mistralai": "mistral",
    "xai": "x-ai",
    "bedrock": "aws",
    "bedrock_converse": "aws",
    "azure_openai": "azure",
}


def cost_usd(model_name: str, input_tokens: int, output_tokens: int) -> float | None:
    """Price of one or more calls in US dollars, or ``None`` where it is not known.

    Models that run here or on a server of one's own have no price.

    Args:
        model_name: a name as in ``names.py``.

    Raises:
        ConfigurationError: ``model_name`` is no model name.
        ValueError: a count of tokens is negative.
    """
    if input_tokens < 0 or output_tokens < 0:
        raise ValueError("a count of tokens is never negative")
    parsed = parse_model_name(model_name)
    if parsed.kind == "openai":
        provider, model = "openai", parsed.name
    elif parsed.kind == "langchain":
        head, colon, rest = parsed.name.partition(":")
        provider, model = (head, rest) if colon else (None, head)
    else:
        return None
    return _look_up(model, provider, input_tokens, output_tokens)


def _look_up(
    model: str, provider: str | None, input_tokens: int, output_tokens: int
) -> float | None:
    from genai_prices import Usage, calc_price

    if provider is not None:
        provider = _PROVIDER_ALIASES.get(provider, provider)
    usage = Usage(input_tokens=input_tokens, output_tokens=output_tokens)
    try:
        price = calc_price(usage, model_ref=model, provider_id=provider)
    except LookupError:
        return None
    return float(price.total_price)
