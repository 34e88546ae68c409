"""やさしい日本語に書き換える: procedure text by the rules of the government's guideline, sentence by sentence.

Source of the rules: 出入国在留管理庁・文化庁『在留支援のためのやさしい日本語ガイドライン』(2020).
Short sentences of one idea each, no honorifics, few passives, everyday words, what must stay explained, Western years.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from assistant.language.plain.cutting import cut, uncut
from assistant.language.plain.dates import dated
from assistant.language.plain.explaining import Explaining
from assistant.language.plain.honorifics import without_honorifics
from assistant.language.plain.keeping import keeps
from assistant.language.plain.replacing import replaced
from assistant.language.plain.sentences import Piece, pieces
from assistant.language.plain.wishes import asked_for, done_first
from assistant.language.plain.word import ASIDE, Word, words

_EXPLAINED = re.compile("（＝[^（）]*）")
_UPON = re.compile("の(?:上|うえ)")
_LAST = 3  # the attempt that changes nothing
_JAPANESE = re.compile("[ぁ-ゖァ-ヺ\u3400-\u9fff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rewritten:
    """One sentence of the source and what became of it."""

    start: int  # place of source in the text, characters
    source: str  # with its list mark before and its line end behind
    lead: str  # list mark, heading mark, cell border: stays
    sentences: tuple[str, ...]  # one or more plain sentences; empty for a blank line
    tail: str  # line end
    fell_back: bool  # True when the rules would have changed what it says, so that its words stayed

    @property
    def end(self) -> int:
        """Where the source ends in the text."""
        return self.start + len(self.source)

    @property
    def text(self) -> str:
        """What stands in the place of source."""
        return self.lead + "".join(self.sentences) + self.tail

    @property
    def changed(self) -> bool:
        """True when the plain text differs from the source."""
        return self.text != self.source


@dataclass(frozen=True, slots=True, kw_only=True)
class Plain:
    """A text in やさしい日本語, with the way back to its source; the sources of its parts in a row are the text."""

    parts: tuple[Rewritten, ...]

    @property
    def text(self) -> str:
        """The whole plain text."""
        return "".join(part.text for part in self.parts)

    @property
    def sentences(self) -> tuple[str, ...]:
        """All plain sentences in order."""
        return tuple(sentence for part in self.parts for sentence in part.sentences)


def plain(text: str, *, today: date | None = None) -> Plain:
    """The text in やさしい日本語. Never raises.

    Figures, dates, amounts, telephone numbers, addresses, names and official terms stay; a sentence in which they, a
    limit (以内, 前) or what must and can be done would change keeps its own words and is only explained. `today`, the
    day on which the text holds true, gives 来年 its year. Plain text comes out as it went in.
    """
    explaining = Explaining(text)
    parts, at = [], 0
    for piece in pieces(text):
        sentences, fell_back = _sentences(piece, explaining, today)
        source = piece.lead + piece.text + piece.tail
        parts.append(
            Rewritten(
                start=at, source=source, lead=piece.lead, sentences=sentences, tail=piece.tail, fell_back=fell_back
            )
        )
        at += len(source)
    return Plain(parts=tuple(parts))


def _sentences(piece: Piece, explaining: Explaining, today: date | None) -> tuple[tuple[str, ...], bool]:
    if not piece.text:
        return (), False
    if not _JAPANESE.search(piece.text):
        return (dated(piece.text, today=today),), False
    asides = [] if ASIDE in piece.text else _EXPLAINED.findall(piece.text)
    text = _EXPLAINED.sub(ASIDE, piece.text) if asides else piece.text
    source = words(text)
    for n, attempt in enumerate(_attempts(text, source, today)):
        bare = ["".join(word.text for word in sentence) for sentence in attempt]
        if n == _LAST or keeps(text, "".join(bare), source):
            heading = "#" in piece.lead  # stays short: its words are explained below
            sentences = bare if heading else [explaining.written(sentence) for sentence in attempt]
            return tuple(_restored(sentences, asides)), n > 1
    raise AssertionError("the last attempt always holds")


def _restored(sentences: Iterable[str], asides: Iterable[str]) -> Iterator[str]:
    """The sentences with the explanations that their source had already."""
    held = iter(asides)
    for sentence in sentences:
        yield re.sub(ASIDE, lambda _: next(held), sentence) if asides else sentence


def _attempts(text: str, source: list[Word], today: date | None) -> Iterator[list[list[Word]]]:
    """Ways to write the sentence: easier words and cut, easier words, its own with better dates, its own."""
    shown = dated(text, today=today)
    easy = without_honorifics(done_first(source if shown == text else words(shown)) if _UPON.search(shown) else shown)
    found = source if easy == text else words(easy)
    if "お願い" in easy:
        easy = asked_for(easy, found)
        found = words(easy)
    easier = replaced(easy, found)
    found = found if easier == easy else words(easier)
    yield cut(found)
    yield [uncut(found)]
    yield [source if shown == text else words(shown)]
    yield [source]
