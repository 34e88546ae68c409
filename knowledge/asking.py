"""A question as slots: for each idea its own words and, with a weight, the words that guides may use for it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from knowledge import chinese, japanese, law_references
from knowledge.glossary import Term, terms
from knowledge.phrasebook import PhraseBook, Reading
from knowledge.readings import readings
from knowledge.thesaurus import Link, Relation, links
from knowledge.tokens import asked_tokens, is_chinese

MOST_ALTERNATIVES = 6  # of a slot, best first: more cost time and bring noise
_TRUST = {Relation.SAME: 0.9, Relation.MEANS: 0.8, Relation.NEAR: 0.4}
_LEAST = 0.15  # weight below which an alternative is left out
_ARTICLE = 2.5  # weight of an article that is named with its law: who gives it means it
_LONGEST = 4  # tokens of a Japanese phrase that is looked up
_FADE = (1.0, 0.85, 0.75, 0.65, 0.55, 0.5)  # later words of a translation are less usual
_KANA = re.compile(r"[\u3041-\u3096ー]{4,}")
_IN_EVERY_QUESTION = frozenset({"手続き", "必要"})  # every procedure has them: they say nothing of which one

Words = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Alternative:
    """Search tokens that stand together for a slot's idea."""

    words: Words
    weight: float  # 1 for what was asked itself, less for another word for it


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """One idea of the question: a passage meets it by the best of its alternatives (Pirkola, SIGIR 1998)."""

    alternatives: tuple[Alternative, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What search looks for."""

    slots: tuple[Slot, ...]
    articles: frozenset[str] = frozenset()  # tokens of law articles that are named with their law
    letters: str = ""  # what to compare letter by letter: the question, or what it means in Japanese
    known: float = 1.0  # 0-1: share of the question that was understood
    texts: tuple[str, ...]  # to embed: the question and, where it is known, what it means in Japanese


class Asking:
    """Turns questions into slots by the thesaurus, the glossary and the lexicon; safe to use from many threads."""

    def __init__(
        self, book: PhraseBook | None = None, thesaurus: Iterable[Link] | None = None,
        glossary: Iterable[Term] | None = None,
    ) -> None:  # fmt: skip
        self._book = book or PhraseBook()
        self._readings = {read: ja for read, ja in readings(terms() if glossary is None else glossary).items()
                          if len(read) > 3}  # fmt: skip
        self._links = tuple(links() if thesaurus is None else thesaurus)
        self._known: dict[Words, tuple[Alternative, ...]] | None = None

    def asked(self, text: str, language: str) -> Asked:
        """The question's slots, in order of the question."""
        if language.startswith("ja") or japanese.has_kana(text):
            text = japanese.plain(text)
        articles, rest = law_references.asked_tokens(text) if "条" in text else ([], text)
        named = [Slot(alternatives=_by_number(ways)) for ways in articles]
        exact = frozenset(way for ways in articles for way in ways[:-1])
        words = asked_tokens(rest, language)
        if japanese.has_kana(text) or (language.startswith("ja") and not text.isascii()):  # ASCII may be romaji
            words = [word for word in words if word not in _IN_EVERY_QUESTION] or words
            return Asked(slots=(*named, *self._japanese(words, text)), texts=(text,), articles=exact, letters=text)
        reading = self._book.read(text, language)
        slots = named + _own(words, reading) + [_translated(found.meanings) for found in reading.found]
        if is_chinese(text, language):
            slots += [_slot([word], 0.7) for word in _shared_words(text)]
        gloss = " ".join(found.meanings[0][0] for found in reading.found)
        texts = (text, gloss) if gloss else (text,)
        letters = " ".join(texts) if is_chinese(text, language) else gloss or text
        return Asked(slots=tuple(slots), texts=texts, articles=exact, letters=letters, known=reading.known)

    def _japanese(self, words: list[str], text: str) -> Iterable[Slot]:
        known = self._thesaurus()
        at = 0
        while at < len(words):
            for end in range(min(len(words), at + _LONGEST), at, -1):
                key = tuple(words[at:end])
                if end == at + 1 or key in known:
                    own = Alternative(words=key, weight=1.0)
                    yield Slot(alternatives=(own, *known.get(key, ())[:MOST_ALTERNATIVES]))
                    at = end
                    break
        for run in _KANA.findall(text):
            yield from _by_reading(run, self._readings)

    def _thesaurus(self) -> dict[Words, tuple[Alternative, ...]]:
        if self._known is None:
            self._known = _compiled(self._links)
        return self._known


def _compiled(found: Iterable[Link]) -> dict[Words, tuple[Alternative, ...]]:
    """Tokens of what is said → alternatives, best first."""
    held: dict[Words, dict[Words, float]] = {}
    apart: set[tuple[Words, Words]] = set()
    for link in found:
        said, official = _tokens(link.said), _tokens(link.official)
        if not said or not official or said == official:
            continue
        if link.relation is Relation.NOT:
            apart |= {(said, official), (official, said)}
            continue
        weight = link.weight * _TRUST[link.relation]
        ways = [(said, official)] if link.relation is Relation.MEANS else [(said, official), (official, said)]
        for one, other in ways:
            options = held.setdefault(one, {})
            options[other] = max(options.get(other, 0.0), weight)
    return {
        said: tuple(
            Alternative(words=official, weight=weight)
            for official, weight in sorted(options.items(), key=lambda item: (-item[1], item[0]))
            if weight >= _LEAST and (said, official) not in apart
        )
        for said, options in held.items()
    }


def _by_number(ways: tuple[str, ...]) -> tuple[Alternative, ...]:
    """An article: surest with its law, less by its number alone."""
    *named, number = ways
    return (*(Alternative(words=(way,), weight=_ARTICLE) for way in named), Alternative(words=(number,), weight=1.0))


def _own(words: list[str], reading: Reading) -> list[Slot]:
    """The question's own words: passages in its language have them, and names are the same in all."""
    return [_slot([word], 1.0) for word in dict.fromkeys(words)]


def _translated(meanings: Iterable[Words]) -> Slot:
    options: dict[Words, float] = {}
    for meaning in meanings:
        for fade, japanese_words in zip(_FADE, meaning, strict=False):
            found = _tokens(japanese_words)
            if found:
                options[found] = max(options.get(found, 0.0), fade)
    best = sorted(options.items(), key=lambda item: -item[1])[:MOST_ALTERNATIVES]
    return Slot(alternatives=tuple(Alternative(words=words, weight=weight) for words, weight in best))


def _slot(words: Iterable[str], weight: float) -> Slot:
    return Slot(alternatives=(Alternative(words=tuple(words), weight=weight),))


def _shared_words(text: str) -> list[str]:
    """Chinese words that Japanese writes alike: 国民健康保险 is 国民健康保険."""
    return list(dict.fromkeys(word for word in japanese.tokens(chinese.japanese_form(text)) if len(word) > 1))


def _by_reading(run: str, readings: dict[str, Words]) -> Iterable[Slot]:
    """Terms whose reading stands in a run of kana, for people who type no kanji."""
    for start in range(len(run)):
        for end in range(len(run), start + 3, -1):
            written = readings.get(run[start:end])
            if written:
                yield _translated([written])
                return


@lru_cache(maxsize=20_000)
def _tokens(text: str) -> Words:
    return tuple(japanese.tokens(text))
