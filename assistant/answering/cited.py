"""A passage as the checks see it: its figures, names, addresses and sentences, read once."""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.answering.figures import Figure, figures
from assistant.answering.glossary_terms import stated
from assistant.answering.hostile import links, solicitations
from assistant.answering.numerals import plain_numbers
from assistant.answering.office_names import name_text
from assistant.answering.polarity import Claim, claims
from assistant.answering.sentences import sentences
from knowledge.passage import Passage
from knowledge.tokens import tokens

_QUOTE_CHARS = 200
_JAPANESE_RUN = re.compile("[\u3400-\u9fff々ァ-ヶー]{2,}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One sentence, of a reply or of a passage, read for comparison."""

    text: str
    figures: tuple[Figure, ...]
    words: frozenset[str]  # search tokens
    names: frozenset[str]  # runs of kanji and katakana, as in Japan
    claims: frozenset[Claim]
    terms: frozenset[str] = frozenset()  # official terms of a Japanese sentence, under their usual spelling


@dataclass(frozen=True, slots=True, kw_only=True)
class CitedPassage:
    """A passage that a reply may cite."""

    passage: Passage
    figures: tuple[Figure, ...]  # of title, headings and text
    names: str  # title, headings and text as `name_text`
    links: frozenset[str]  # of the text, and the passage's own address
    readings: tuple[Reading, ...]  # of its text; every `text` is a piece of the passage's
    words: frozenset[str]  # all search tokens of its title and sentences
    claims: frozenset[Claim]  # all that its sentences claim
    solicitations: frozenset[tuple[str, str]]


def read_sentence(text: str, language: str) -> Reading:
    """The sentence, read for comparison."""
    return Reading(
        text=text,
        figures=figures(text, language),
        words=frozenset(tokens(text, language)),
        names=frozenset(_JAPANESE_RUN.findall(name_text(text))),
        claims=claims(plain_numbers(text, language), language),
        terms=stated(text) if language == "ja" else frozenset(),
    )


def read_passage(passage: Passage) -> CitedPassage:
    """The passage, read for comparison; its sentences are cut to 200 characters, so that quotes stay short."""
    whole = "\n".join((passage.title, *passage.path, passage.text))
    pieces = [piece for part in sentences(passage.text) for piece in _pieces(part)]
    readings = tuple(read_sentence(piece, passage.language) for piece in pieces)
    return CitedPassage(
        passage=passage,
        figures=figures(whole, passage.language),
        names=name_text(whole),
        links=frozenset((*links(whole), *links(passage.url))),
        readings=readings,
        words=frozenset(tokens(passage.title, passage.language)).union(*(reading.words for reading in readings)),
        claims=frozenset[Claim]().union(*(reading.claims for reading in readings)),
        solicitations=solicitations(whole),
    )


def _pieces(sentence: str) -> list[str]:
    """The sentence without outer space, in pieces of at most 200 characters, cut after a comma where there is one."""
    pieces = []
    rest = sentence.strip()
    while len(rest) > _QUOTE_CHARS:
        commas = [match.end() for match in re.finditer("[、，,;；]", rest[:_QUOTE_CHARS])]
        at = commas[-1] if commas and commas[-1] > _QUOTE_CHARS // 2 else _QUOTE_CHARS
        pieces.append(rest[:at].strip())
        rest = rest[at:].strip()
    return [piece for piece in (*pieces, rest) if piece]
