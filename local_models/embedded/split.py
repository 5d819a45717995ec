"""A question taken apart: sentences, requests joined by "and", lists of entities, pronouns."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence

from .words import FILLERS, Mention, Token, entity_token

_ENDS = frozenset(".?!;")
_JOINS = frozenset({"and", "plus", "then", "also", "&", ",", ";", "or"})
_HARMLESS = frozenset(
    """approximate exact typical calculated predicted estimated measured literature correct precise
    usual actual general total overall value values number pls possess known asap today now quick
    current average mean compare calculate compute determine estimate predict report evaluate
    provide state specify obtain list rank count""".split()
)
_AND = frozenset({"and", "plus", "also", "&"})
_PREPOSITIONS = frozenset("of for in about from at with".split())
_BETWEEN = frozenset({"of", "for", "the", "that", "in", "both", "also"})
_LISTING = frozenset({"and", "or", ",", "&", "/", "vs", "versus", "+", "plus"})
_POSSESSIVE = frozenset({"its", "their"})
_PRONOUNS = frozenset({"it", "they", "them", "itself", "both"})
_NOUNS = frozenset({"molecule", "compound", "substance", "one", "drug", "chemical", "material"})
_POINTING = frozenset({"this", "that", "the", "same", "these", "those"})
_ASKING = frozenset(
    """what which how is does can calculate compute give why find determine tell show who where
    when need want convert draw balance know report estimate predict""".split()
)
_POLITE = (
    ("please",), ("kindly",), ("thank", "you"), ("thanks",), ("hi",), ("hello",), ("hey",),
    ("ok",), ("okay",), ("labhand",), ("quick", "question"), ("i", "was", "wondering"),
    ("just", "curious"), ("good", "morning"), ("good", "evening"), ("dear",), ("um",), ("uh",),
)  # fmt: skip
_DEGREE = frozenset(
    "more most less least higher lower highest lowest larger largest smaller".split()
)
_AROUND = frozenset("in with by into from at against".split())
_CONDITIONS = frozenset("by using via at under according".split())
_AMOUNTS = frozenset({"mass", "substance", "volume"})
_QUESTION = frozenset("what which how is does can where when".split())
_ELLIPTIC = frozenset(
    """and what about how for the same now then also of with in to at do again is ok again instead
    but as well too well hmm so case a an it one use using try let us using on next
    compare""".split()
) | {",", "?", ".", "!", ":"}


def polite_off(tokens: Sequence[Token]) -> list[Token]:
    """Without greetings and thanks."""
    out = list(tokens)
    for phrase in _POLITE:
        size = len(phrase)
        position = 0
        while position + size <= len(out):
            if tuple(t.word for t in out[position : position + size]) == phrase:
                del out[position : position + size]
            else:
                position += 1
    while out and out[0].word in {",", ".", "!", ":", ";"}:
        out.pop(0)
    return out


def sentences(tokens: Sequence[Token]) -> list[list[Token]]:
    """Cut after full stops, question marks, exclamation marks and semicolons."""
    parts: list[list[Token]] = [[]]
    for token in tokens:
        if token.word in _ENDS:
            parts.append([])
        else:
            parts[-1].append(token)
    return [p for p in parts if any(t.word.isalnum() or t.is_entity for t in p)]


def grouped(tokens: Sequence[Token]) -> list[Token]:
    """Lists of like entities ("A, B and of C") drawn together into one token."""
    out: list[Token] = []
    position = 0
    while position < len(tokens):
        token = tokens[position]
        if not token.is_entity or token.mentions[0].label not in ("MOL", "QTY", "EQN", "EXPR"):
            out.append(token)
            position += 1
            continue
        mentions = list(token.mentions)
        position += 1
        while (following := _next_of_list(tokens, position, mentions[0])) is not None:
            position, more = following
            mentions += more
        out.append(entity_token(tuple(dict.fromkeys(mentions))))
    return out


def _next_of_list(
    tokens: Sequence[Token], position: int, first: Mention
) -> tuple[int, tuple[Mention, ...]] | None:
    cursor, listed = position, False
    while cursor < len(tokens) and not tokens[cursor].is_entity:
        word = tokens[cursor].word
        if word in _LISTING:
            listed = True
        elif not (listed and word in _BETWEEN):
            return None
        cursor += 1
    if not listed or cursor >= len(tokens) or tokens[cursor].mentions[0].label != first.label:
        return None
    if first.label == "QTY" and tokens[cursor].mentions[0].detail != first.detail:
        return None
    return cursor + 1, tokens[cursor].mentions


def compared(tokens: Sequence[Token], base: Callable[[str], str | None]) -> list[Token] | None:
    """A comparison rewritten as one question about all that is compared, else ``None``.

    "Is A denser than B?" → "is dense A, B". What is larger is for the reader to see: the
    values of each are given, and no verdict. ``base`` gives the stem of a comparative.
    """
    words = [t.word for t in tokens]
    molecules = [t for t in tokens if t.is_entity and t.mentions[0].label == "MOL"]
    mentions = tuple(dict.fromkeys(m for t in molecules for m in t.mentions))
    marked = "than" in words or {"which", "what", "who"} & set(words) or "compare" in words
    if len(mentions) < 2 or not marked:
        return None
    out: list[Token] = []
    changed = "than" in words
    for place, token in enumerate(tokens):
        if token in molecules:
            if place and words[place - 1] in _AROUND:
                return None  # "more soluble in A": A is not compared
            if token is molecules[0]:
                out.append(entity_token(mentions))
        elif token.word in _DEGREE or token.word == "than":
            changed = True
        elif token.word in _LISTING and molecules[0] not in tokens[place:]:
            continue
        elif (root := base(token.word)) is not None:
            out.append(Token(root, root))
            changed = True
        else:
            out.append(token)
    return out if changed else None


def requests(tokens: Sequence[Token]) -> list[list[Token]]:
    """Cut at words that join requests; each part keeps its own words only."""
    parts: list[list[Token]] = [[]]
    for token in tokens:
        if token.word in _JOINS:
            parts.append([])
        else:
            parts[-1].append(token)
    return [p for p in parts if p]


def listed_requests(tokens: Sequence[Token]) -> list[list[Token]]:
    """The requests that an "and" joins to others; what a comma cuts off may be an aside."""
    parts: list[list[Token]] = [[]]
    joined: list[bool] = [False]
    for token in tokens:
        if token.word in _JOINS:
            strong = token.word in _AND
            joined[-1] = joined[-1] or (strong and bool(parts[-1]))
            parts.append([])
            joined.append(strong)
        else:
            parts[-1].append(token)
    return [p for p, j in zip(parts, joined, strict=True) if p and j]


def completed(parts: Sequence[Sequence[Token]]) -> list[list[list[Token]]]:
    """For each part, the ways in which it may be meant, given its neighbours.

    "melting and boiling point of X" → "melting" may be "melting of X" and "melting point of X".
    """
    ways: list[list[list[Token]]] = []
    for index, part in enumerate(parts):
        options = [list(part)]
        if not any(t.is_entity for t in part):
            for other in [*parts[index + 1 :], *reversed(parts[:index])]:
                tail = _tail(other)
                if tail:
                    options.append([*part, *tail])
                    head = _head_noun(other)
                    if head is not None and head.word not in [t.word for t in part]:
                        options.append([*part, head, *tail])
                    break
        elif index and not any(not t.is_entity and t.word not in _ELLIPTIC for t in part):
            options.append([*(t for t in parts[index - 1] if not t.is_entity), *part])
        ways.append(options)
    return ways


def _tail(tokens: Sequence[Token]) -> list[Token]:
    """From the last preposition before an entity on, or the entity alone."""
    place = next((i for i, t in enumerate(tokens) if t.is_entity), None)
    if place is None:
        return []
    start = place
    while start > 0 and tokens[start - 1].word in _PREPOSITIONS | {"the", "a"}:
        start -= 1
    return list(tokens[start : place + 1])


def _head_noun(tokens: Sequence[Token]) -> Token | None:
    place = next((i for i, t in enumerate(tokens) if t.is_entity), 0)
    while place > 0 and tokens[place - 1].word in _PREPOSITIONS | {"the", "a"}:
        place -= 1
    return tokens[place - 1] if place > 0 else None


def conditions(tokens: Sequence[Token]) -> list[list[Token]]:
    """Phrases like "at high altitude", "by XLOGP3", "at its boiling point"."""
    found: list[list[Token]] = []
    for place, token in enumerate(tokens):
        if token.word in _CONDITIONS:
            rest = itertools.dropwhile(lambda t: t.word in FILLERS, tokens[place + 1 :])
            phrase = list(itertools.islice(itertools.takewhile(_is_content, rest), 3))
            compares = any(t.word == "than" for t in phrase)  # "at a lower temperature than"
            found += [[token, *phrase]] if phrase and not compares else []
    return found


def _is_content(token: Token) -> bool:
    return token.word.isalnum() and not token.is_entity and token.word not in FILLERS


def head_noun(tokens: Sequence[Token]) -> Token | None:
    """What is asked for in "the … of X": the word before "of" and an entity."""
    for one, of, entity in zip(tokens, tokens[1:], tokens[2:], strict=False):
        if of.word == "of" and entity.is_entity and one.word.isalpha():
            return None if one.word.endswith("ed") else one  # "log P (calculated) of X"
    return None


def qualifiers(tokens: Sequence[Token]) -> list[Token]:
    """Words that narrow down what is asked for: "hydrogen" in "number of hydrogen atoms in X",
    "tablets" in "density of X tablets". Where they are lost, something else is answered."""
    found: list[Token] = []
    for place, token in enumerate(tokens):
        if not token.word.isalpha() or token.is_entity or token.word in FILLERS | _HARMLESS:
            continue
        before = tokens[place - 1] if place else None
        after = tokens[place + 1 : place + 3]
        opens = before is None or before.word in ("of", "many", "the", "what")
        noun = len(after) == 2 and after[0].word.isalpha() and after[0].word not in FILLERS
        if opens and noun and after[1].word in ("of", "in") and len(token.word) > 1:
            found.append(token)
        if before is not None and before.is_entity and place + 1 == len(tokens) > 2:
            found.append(token)
    return found


def introduces(token: Token, following: Token | None) -> bool:
    """True for "the compound", and "the SMILES" before one: it says what kind of thing comes."""
    details = {m.detail for m in following.mentions} if following else set[str]()
    return token.word in _NOUNS or any(d and token.word.startswith(d) for d in details)


def ordinal(tokens: Sequence[Token]) -> int | None:
    """ "The first one", "2", "b": which of two or three options is meant."""
    words = [
        t.word
        for t in tokens
        if t.word not in {"the", "one", "please", "option", "i", "mean"} | _ENDS
    ]
    places = ({"first", "1", "a", "former"}, {"second", "2", "b", "latter"}, {"third", "3", "c"})
    found = [n for n, names in enumerate(places) if len(words) == 1 and words[0] in names]
    return found[0] if found else None


def has_pronoun(tokens: Sequence[Token]) -> bool:
    """True if the tokens point at something said before."""
    words = [t.word for t in tokens]
    if any(w in _POSSESSIVE | _PRONOUNS or w == "that" for w in words):
        return True
    return any(a in _POINTING and b in _NOUNS for a, b in itertools.pairwise(words))


def is_aside(tokens: Sequence[Token]) -> bool:
    """True for words that tell about the person and ask nothing: "I am making up a buffer"."""
    words = [t.word for t in tokens if t.word not in {"so", "well", "hmm", "sorry"}]
    return not words or words[0] in {"i", "we", "my", "our", "the", "there", "here"}


def is_context(tokens: Sequence[Token]) -> bool:
    """True for "I need 0.1 mol of it": an amount is told before something is asked."""
    amounts = any(m.label == "QTY" and m.detail in _AMOUNTS for t in tokens for m in t.mentions)
    return amounts and is_aside(tokens) and not _QUESTION & {t.word for t in tokens}


def is_intensive(tokens: Sequence[Token]) -> bool:
    """True for a question whose answer does not depend on an amount told before."""
    words = {t.stem for t in tokens}
    heavy = words & {
        "mass",
        "weight",
        "weigh",
        "heavy",
        "gram",
        "g",
        "volume",
        "mole",
        "many",
        "much",
    }
    return bool(_QUESTION & {t.word for t in tokens}) and (
        not heavy or bool(words & {"molar", "molecular", "formula"})
    )


def context_amounts(parts: Sequence[Sequence[Token]]) -> set[Mention]:
    """Amounts that were only told, where the last sentence asks for what needs none."""
    if len(parts) < 2 or not is_intensive(parts[-1]):
        return set()
    told = [p for p in parts[:-1] if is_context(p)]
    return {m for p in told for t in p for m in t.mentions if m.detail in _AMOUNTS}


def asks(tokens: Sequence[Token]) -> bool:
    """True if a word of asking stands anywhere."""
    return any(t.word in _ASKING for t in tokens)


def with_pronouns(tokens: Sequence[Token], mentions: tuple[Mention, ...]) -> list[Token]:
    """Pronouns replaced by the molecules that they stand for."""
    if not mentions:
        return list(tokens)
    stand_in = entity_token(mentions)
    out: list[Token] = []
    append = False
    position = 0
    while position < len(tokens):
        word = tokens[position].word
        following = tokens[position + 1].word if position + 1 < len(tokens) else ""
        if word in _POSSESSIVE:
            append = True
        elif word in _PRONOUNS or (word == "that" and mentions[0].label == "QTY"):
            out.append(stand_in)
        elif word in _POINTING and following in _NOUNS:
            out.append(stand_in)
            position += 1
        else:
            out.append(tokens[position])
        position += 1
    if append and not any(t.is_entity and t.mentions == mentions for t in out):
        of = Token("of", "of")
        out += [of, stand_in]
    return out


def is_elliptic(tokens: Sequence[Token]) -> bool:
    """True if there is nothing but entities and words like "and what about"."""
    return any(t.is_entity for t in tokens) and all(
        t.is_entity or t.word in _ELLIPTIC for t in tokens
    )


def follows_up(tokens: Sequence[Token]) -> bool:
    """True if the tokens begin like a follow-up."""
    words = [t.word for t in tokens[:3]]
    return bool(words) and (
        words[0] in {"and", "also", "now", "then", "but", "same", "ditto"}
        or words[:2] in (["what", "about"], ["how", "about"], ["the", "same"], ["as", "well"])
    )
