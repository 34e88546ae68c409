"""Text in Latin letters: the six languages of residents that use them, Japanese in romaji, Nepali as it is typed.

Residents type without accents and mix in Japanese terms (juminhyo, sodai gomi), where a general identifier errs; so
three voices are added: small words that few languages have, the runs of letters in our own texts, and py3langid.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from typing import Protocol

from assistant.language.folding import unaccented
from assistant.language.grams import MOST, load_grams
from assistant.language.small_words import office_terms, small_words

# Right on the Latin columns of ntrex128 .997, of municipal_crosslingual .997; fastText's small model .982 and .962,
# lingua .991 and .986 (each alone, on the development parts, 2026-11).
_CODES = {"en": "en", "vi": "vi", "pt": "pt-BR", "es": "es", "id": "id", "tl": "fil"}
# Other languages of residents; more of them would claim romaji and unaccented Vietnamese.
_STRANGERS = ("fr", "de", "it", "nl", "tr", "uz", "ro", "pl", "sv", "fi", "hu", "cs")
_LANGUAGES = ("en", "vi", "pt-BR", "es", "id", "fil", "ja", "ne", "und")
_WORD = re.compile(r"[a-z\u00c0-\u024f\u1e00-\u1eff']+")
_QUOTES = str.maketrans("’‘ʻʼ`´", "''''''")
# One syllable can be read in one way only, so that a long word costs no more than its letters.
_ROMAJI = re.compile(
    r"(?:(?:([kstpc])(?=\1)|t(?=c))?(?:[kgszjtdnhbpmrf]y|sh|ch|ts|[kgsztdnhbpmyrwfj])?[aeiou](?:h(?![aeiouy]))?|n(?![aeiouy])'?|n')+"
)
_CARD = re.compile(r"\bmy ?number(?: card)?\b|\bzairyu card\b")  # names in every language
_MARKS = {"vi": re.compile("[ăđơưằ-ẵ\u1ea0-\u1ef9]"), "pt-BR": re.compile("[ãõ]|ç"), "es": re.compile("[ñ¿¡]")}
_MARK_VOTE = {"vi": 1.0, "pt-BR": 0.6, "es": 0.8}
_BY_LETTERS = 0.75  # what py3langid and our runs of letters count beside the small words' share of the text
_BY_GRAMS = 0.75
_PRIOR_OF_WORD = 1.8  # what the conversation's language counts for one or two words, and for more
_PRIOR = 0.3
_EVERYWHERE = frozenset("ok okay yes no hi hello bye thanks please sorry my number card".split())
_SHORT = 8  # words of a question in a chat
_MIXED_IN = 0.3  # what English counts where it is mixed into another language


class Identifier(Protocol):
    """What ranks languages by the letters of a text."""

    def rank(self, text: str) -> list[tuple[str, float]]:
        """(language code, probability 0-1), most likely first."""
        ...


@lru_cache(maxsize=1)
def load_identifier() -> Identifier:
    """py3langid restricted to residents' languages in Latin letters; loads its model once (about 0.8 s)."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # heavy: not at our import

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages([*_CODES, *_STRANGERS])
    loaded: Identifier = identifier
    return loaded


def rank_latin(text: str, *, prior: str | None) -> tuple[str, float]:
    """(language, confidence 0-1) of a text in Latin letters; a text without words gives the prior, or "ja".

    "ja" is Japanese in romaji, "ne" Nepali as people type it, "und" a language that we do not know, such as French.
    """
    lower = text.translate(_QUOTES).casefold()[:MOST]
    rest = _CARD.sub(" ", lower)
    words = latin_words(rest) or latin_words(lower)
    if not words:
        return prior or "ja", 0.3
    plain = [unaccented(word) for word in words]
    if prior and (not latin_words(rest) or _bare(plain, prior)):
        return prior, 0.5
    lower = rest if latin_words(rest) else lower
    votes = _word_votes(plain)
    for language, pattern in _MARKS.items():
        votes[language] += _MARK_VOTE[language] * bool(pattern.search(lower))
    if votes["ja"] and not _sounds_japanese(words):
        votes["ja"] *= 0.2
    likely = load_grams("latin").rank(words)
    romaji = likely["ja"] if _sounds_japanese(words) else 0.0
    strange = _by_letters(lower, len(words), votes, 1.0 - romaji)
    short = min(1.0, _SHORT / len(words))  # our texts are short questions; news they know less well than py3langid
    for language, probability in likely.items():
        votes[language] += _BY_GRAMS * probability * (1.0 - strange) * short
    if _mixed(plain):
        votes["en"] *= _MIXED_IN
    votes["en"] += 0.2 if len(words) == 1 else 0.0  # a bare word such as 'passport'
    if prior in votes or prior == "ja-x-easy":
        votes["ja" if prior == "ja-x-easy" else str(prior)] += _PRIOR_OF_WORD if _few(plain) else _PRIOR
    best = max(votes, key=lambda name: votes[name])
    return best, min(0.99, votes[best] / sum(votes.values()) + 0.1)


def _bare(words: list[str], prior: str) -> bool:
    """True for the name of a thing (juminhyo; passport, for who writes in another script): it is in no language."""
    if len(words) <= 3 and all(word in office_terms() for word in words):
        return True
    return prior not in (*_LANGUAGES, "ja-x-easy") and _few(words)


def _few(words: list[str]) -> bool:
    """True for one or two words that no language has for itself."""
    return len(set(words)) <= 2 and not any(word in small_words() and word not in _EVERYWHERE for word in words)


def latin_words(text: str) -> list[str]:
    """The words of a casefolded text that are written in Latin letters."""
    return [stripped for word in _WORD.findall(text) if (stripped := word.strip("'"))]


def grammar_words(words: list[str]) -> int:
    """How many of the words are small words of the one language, romaji left aside, that has most of them."""
    owners = small_words()
    found = dict.fromkeys(_LANGUAGES, 0)
    for word in words:
        for language in owners.get(unaccented(word), ()):
            found[language] += 1
    return max(count for language, count in found.items() if language != "ja")


def _without_terms(lower: str) -> str:
    """The text without Japanese terms, which look Finnish or Swahili to an identifier; all of it where none is left."""
    known = office_terms()
    rest = _WORD.sub(lambda found: "" if found[0] in known else found[0], lower)
    return rest if _WORD.search(rest) else lower


def _mixed(words: list[str]) -> bool:
    """True when another language than English has two small words of its own: English words are mixed in everywhere."""
    owners = small_words()
    alone = Counter(owners[word][0] for word in set(words) if len(owners.get(word, ())) == 1)
    return any(count >= 2 for language, count in alone.items() if language not in ("en", "ja", "und"))


def _by_letters(lower: str, words: int, votes: dict[str, float], share: float) -> float:
    """Adds py3langid's probabilities; how sure (0-1) it is that the language is none of ours."""
    strange = 0.0
    for code, probability in load_identifier().rank(_without_terms(lower)):
        if code in _CODES:
            votes[_CODES[code]] += _BY_LETTERS * probability
        else:
            strange += probability
    strange *= share * min(1.0, max(0, words - 2) / 3)  # two words are too few to call a language unknown
    votes["und"] += _BY_LETTERS * strange
    return strange


def _word_votes(words: list[str]) -> dict[str, float]:
    """How much of the text is small words of each language; a word of several languages is shared among them."""
    owners, known = small_words(), office_terms()
    votes = dict.fromkeys(_LANGUAGES, 0.0)
    terms = 0
    for word in words:
        terms += word in known
        for owner in owners.get(word, ()):
            votes[owner] += 1.0 / len(owners[word]) / len(words)
    only_terms = terms and not any(value for name, value in votes.items() if name != "ja")
    votes["ja"] += terms / len(words) * (1.0 if only_terms else 0.2 if votes["ja"] else 0.0)
    return votes


def _sounds_japanese(words: list[str]) -> bool:
    """True when nearly every word could be romaji."""
    return sum(bool(_ROMAJI.fullmatch(word)) for word in words) >= 0.8 * len(words)
