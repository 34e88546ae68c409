"""A text as words: morphemes, of which those that make up one official term are joined."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from knowledge import japanese
from knowledge.glossary import Term, terms
from knowledge.japanese import Morpheme

ASIDE = "\ue000"
"""The sign that stands for an explanation in brackets while a sentence is rewritten."""

CONTENT = frozenset({"名詞", "動詞", "形容詞", "形状詞", "副詞", "代名詞", "連体詞", "接続詞", "感動詞"})
"""Parts of speech that carry meaning of their own."""


@dataclass(frozen=True, slots=True)
class Word:
    """語: one word with its grammar; an official term is one word however long."""

    text: str
    lemma: str  # 終止形
    normal: str  # usual spelling of the lemma
    reading: str  # hiragana
    pos: tuple[str, ...]  # 品詞 in four steps, 活用型, 活用形
    start: int  # place in the text that was cut
    term: Term | None = None

    @property
    def end(self) -> int:
        """Where the word ends in the text that was cut."""
        return self.start + len(self.text)

    @property
    def kind(self) -> str:
        """品詞: 名詞, 動詞, 助詞 and so on."""
        return self.pos[0]

    @property
    def form(self) -> str:
        """活用形, such as 連用形-一般; "*" when it does not inflect."""
        return self.pos[5]

    @property
    def noun(self) -> bool:
        """True for what stands like a noun, also its prefixes and suffixes."""
        return self.pos[0] == "名詞" or self.pos[:2] == ("接尾辞", "名詞的")

    @property
    def numeral(self) -> bool:
        """True for figures, written in digits or in kanji."""
        return self.pos[1] == "数詞"

    @property
    def name(self) -> bool:
        """True for the name of a person, a place or a thing."""
        return self.pos[1] == "固有名詞"


_NOUN = ("名詞", "普通名詞", "一般", "*", "*", "*")


def words(text: str, *, joined: bool = True) -> list[Word]:
    """The text's words, official terms joined unless told otherwise; in a row they are the text. Never raises."""
    # Sudachi takes the middle dot of 日曜日・祝日 for a part of a word.
    found = list(japanese.morphemes(text.replace("・", "、")))
    return list(_joined(text, found)) if joined else [_word(text, [morpheme], None) for morpheme in found]


def plain_word(text: str) -> Word:
    """A word that we put in ourselves, which nothing changes any more."""
    return Word(text, text, text, "", ("補助記号", "*", "*", "*", "*", "*"), 0)


@lru_cache(maxsize=1)
def official_terms() -> Mapping[str, Term]:
    """Every spelling of an official term → the term; where two share one, that of which it is the usual spelling."""
    held = {form: term for term in reversed(terms()) for form in reversed(term.ja)}
    return held | {term.ja[0]: term for term in reversed(terms())}


@lru_cache(maxsize=1)
def _lengths() -> Mapping[str, tuple[int, ...]]:
    """The first two characters of the terms → their lengths, longest first."""
    found: dict[str, set[int]] = {}
    for form in official_terms():
        if len(form) > 1:
            found.setdefault(form[:2], set()).add(len(form))
    return {start: tuple(sorted(lengths, reverse=True)) for start, lengths in found.items()}


def _joined(text: str, found: list[Morpheme]) -> Iterator[Word]:
    ends = {m.start + len(m.text): n for n, m in enumerate(found)}
    at = 0
    while at < len(found):
        first = found[at]
        last = at
        term: Term | None = None
        for length in _lengths().get(text[first.start : first.start + 2], ()):
            form = text[first.start : first.start + length]
            if first.start + length in ends and form in official_terms():
                term, last = official_terms()[form], ends[first.start + length]
                break
        yield _word(text, found[at : last + 1], term)
        at = last + 1


def _word(text: str, parts: list[Morpheme], term: Term | None) -> Word:
    first = parts[0]
    if len(parts) == 1:
        own = text[first.start : first.start + len(first.text)]
        return Word(own, first.lemma, first.normal, first.reading, first.pos, first.start, term)
    whole = text[first.start : parts[-1].start + len(parts[-1].text)]
    pos = parts[-1].pos if parts[-1].pos[0] == "名詞" and parts[-1].pos[1] != "固有名詞" else _NOUN
    return Word(whole, whole, whole, "".join(m.reading for m in parts), pos, first.start, term)
