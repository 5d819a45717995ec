"""What "it", "both", "these two" and "the second one" point to."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from . import split
from .words import Mention, Token, entity_token

_PLURAL = frozenset({"they", "their", "them", "these", "those", "both"})
_ORDINAL = {"first": 0, "former": 0, "second": 1, "latter": -1, "third": 2, "last": -1}
_DEMONSTRATIVE = frozenset({"these", "those"})
_NUMBERS = {"two": 2, "three": 3, "2": 2, "3": 3}
_ONES = frozenset({"one", "ones", "molecule", "compound", "compounds", "molecules", "drug"})


def resolved(
    tokens: list[Token],
    own: tuple[Mention, ...],
    before: tuple[Mention, ...],
    ever: tuple[Mention, ...] = (),
    group: tuple[Mention, ...] = (),
) -> list[Token]:
    """The tokens with what they point to put in.

    Args:
        tokens: one sentence or request.
        own: entities of the sentence itself.
        before: what was spoken of last.
        ever: every molecule of the conversation, the latest last.
        group: the molecules of the last question about several.
    """
    if not any(m.label == "MOL" for m in own):
        last = tuple(m for m in before if m.label == "MOL")
        several = last if len(last) >= 2 else (ever or last)
        tokens = _one_of(tokens, last if len(last) >= 2 else group or _as_named(several))
        if not any(t.is_entity and t.mentions[0].label == "MOL" for t in tokens):
            tokens = _all_of(tokens, last, several)
        if any(t.is_entity and t.mentions[0].label == "MOL" for t in tokens):
            return tokens
    if not split.has_pronoun(tokens):
        return tokens
    labels = {m.label for m in own}
    molecules = tuple(m for m in before if m.label == "MOL")
    if molecules and "MOL" not in labels and "UNIT" not in labels:
        return split.with_pronouns(tokens, molecules)
    amounts = tuple(m for m in before if m.label == "QTY")
    if amounts and labels == {"UNIT"}:
        return split.with_pronouns(tokens, amounts[-1:])
    return split.with_pronouns(tokens, molecules) if "MOL" not in labels else tokens


def _as_named(molecules: tuple[Mention, ...]) -> tuple[Mention, ...]:
    """In the order in which they were first named."""
    return tuple(sorted(molecules, key=lambda m: m.number))


def _one_of(tokens: list[Token], several: tuple[Mention, ...]) -> list[Token]:
    """ "The second one" of several molecules."""
    for place, token in enumerate(tokens):
        after = tokens[place + 1].word if place + 1 < len(tokens) else ""
        alone = token.word in ("former", "latter")
        if token.word not in _ORDINAL or not (alone or after in _ONES):
            continue
        index = _ORDINAL[token.word]
        if len(several) < 2 or index >= len(several):
            continue
        start = place - 1 if place and tokens[place - 1].word == "the" else place
        end = place + 1 if alone else place + 2
        out = [*tokens[:start], entity_token((several[index],)), *tokens[end:]]
        return [t for t in out if t.word != "s"]
    return tokens


def _all_of(
    tokens: list[Token], last: tuple[Mention, ...], several: tuple[Mention, ...]
) -> list[Token]:
    """ "These two", "both", "their", "which one": the molecules last spoken of, or the last two."""
    words = [t.word for t in tokens]
    chosen = _chosen(words, last, several)
    if not chosen:
        return tokens
    stand_in = entity_token(chosen)
    out: list[Token] = []
    position, of = 0, False
    while position < len(tokens):
        word = words[position]
        following = words[position + 1 : position + 3]
        if word == "their":
            of = True
        elif word in _PLURAL or (word == "the" and following[:1] and following[0] in _NUMBERS):
            out.append(stand_in)
            while following and (following[0] in _NUMBERS or following[0] in _ONES):
                following.pop(0)
                position += 1
        elif word == "which" and following[:1] == ["one"]:
            out += [tokens[position], stand_in]
            position += 1
        else:
            out.append(tokens[position])
        position += 1
    return [*out, Token("of", "of"), stand_in] if of else out


def _chosen(
    words: list[str], last: tuple[Mention, ...], several: Sequence[Mention]
) -> tuple[Mention, ...]:
    number = next(
        (
            _NUMBERS[b]
            for a, b in itertools.pairwise(words)
            if a in _DEMONSTRATIVE | {"the", "both"} and b in _NUMBERS
        ),
        None,
    )
    if number is not None or "both" in words:
        wanted = number or 2
        pool = last if len(last) >= wanted else tuple(several)
        return tuple(pool[-wanted:]) if len(pool) >= wanted else ()
    which = any(a == "which" and b == "one" for a, b in itertools.pairwise(words))
    if not which and not _PLURAL & set(words):
        return ()
    if len(last) >= 2:
        return last
    return tuple(several) if len(several) == 2 else ()  # of more, nobody knows which
