"""ふりがな: how the words of a text are read, over the kanji (ruby) or in brackets after them."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from assistant.language.plain.counters import Counted, counted
from assistant.language.plain.word import Word, words
from knowledge.glossary import rows

KANJI = re.compile("[\u3400-\u9fff\uf900-\ufaff々〆]")
"""A character that gets a reading."""

_RUN = re.compile("[\u3400-\u9fff\uf900-\ufaff々〆]+|[^\u3400-\u9fff\uf900-\ufaff々〆]+")
_TO_HIRAGANA = {code: code - 0x60 for code in range(0x30A1, 0x30F7)}
_READ = re.compile("[ぁ-ゖー]+")
_TAIL = re.compile("(?<=[\u3400-\u9fff々])[ぁ-ゖ]+$")
_HAS_READING = re.compile("[（(]([ぁ-ゖー・ 　]+)(?:＝[^（）]*)?[）)]")


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of a text, and how it is read where it has kanji or a counted number."""

    text: str
    reading: str | None = None  # hiragana


@dataclass(frozen=True, slots=True)
class _Rule:
    reading: str
    before: re.Pattern[str] | None
    after: re.Pattern[str] | None


def furigana(text: str, *, own: Mapping[str, str] | None = None) -> tuple[Span, ...]:
    """The text in spans; joined they are the text. Kana after a kanji stand outside it: 引(ひ)っ越(こ)す.

    Official terms are read as our glossary says, numbers with their counters, what our list names as it says, all
    else by the dictionary. `own` are a town's readings of its names (北浜 → きたはま), which go before all. A word with
    its reading behind it in brackets gets none. Arbitrary text never raises.
    """
    return tuple(_tight(_spans(text, words(text), own or {})))


def to_html(spans: Iterable[Span], *, every: bool = True) -> str:
    """Escaped HTML with <ruby>; `every`: at each place, else at the first of each word."""
    return "".join(
        f"<ruby>{html.escape(text)}<rp>（</rp><rt>{html.escape(reading)}</rt><rp>）</rp></ruby>"
        if reading else html.escape(text)
        for text, reading in _shown(spans, every)
    )  # fmt: skip


def to_brackets(spans: Iterable[Span], *, every: bool = False) -> str:
    """Text with readings in brackets; `every`: at each place, else at the first of each word."""
    return "".join(f"{text}（{reading}）" if reading else text for text, reading in _shown(spans, every))


def to_kana(spans: Iterable[Span]) -> str:
    """The text as it is read."""
    return "".join(span.reading or span.text for span in spans)


def aligned(text: str, reading: str) -> tuple[Span, ...]:
    """A word's kanji with their part of its reading; the whole word as one span where the parts can't be told."""
    if not KANJI.search(text):
        return (Span(text),)
    runs = [(run, KANJI.match(run) is not None) for run in _RUN.findall(text)]
    return parted(runs, reading) or (Span(text, reading),)


def parted(runs: Sequence[tuple[str, bool]], reading: str) -> tuple[Span, ...] | None:
    """The runs of a word as spans, those that are True with their part of the reading; None where they don't fit it."""
    pattern = "".join("(.+?)" if read else re.escape(run.translate(_TO_HIRAGANA)) for run, read in runs)
    found = re.fullmatch(pattern, reading)
    if found is None:
        return None
    held = iter(found.groups())
    return tuple(Span(run, next(held)) if read else Span(run) for run, read in runs)


def _shown(spans: Iterable[Span], every: bool) -> Iterator[tuple[str, str | None]]:
    seen: set[Span] = set()
    for span in spans:
        yield span.text, span.reading if every or span not in seen else None
        seen.add(span)


def _spans(text: str, found: Sequence[Word], own: Mapping[str, str]) -> Iterator[Span]:
    numbers = {number.start: number for number in counted(text)}
    names = _names(text, own)
    at = 0
    for word in found:
        if word.end <= at:
            continue
        official = word.term is not None and word.term.ja[0] == word.text
        for place in range(max(at, word.start), word.end):
            if place < at:
                continue
            taken = names.get(place) or (None if official else numbers.get(place))
            if taken:
                yield from _part(text, word, at, place)
                yield from _told(text, place, taken)
                at = taken.end
        if at < word.end:
            yield from _part(text, word, max(at, word.start), word.end)
            at = word.end


def _told(text: str, start: int, taken: Counted) -> Iterator[Span]:
    piece = text[start : taken.end]
    if _HAS_READING.match(text, taken.end) or (piece[-1] == "つ" and not KANJI.search(piece)):
        yield Span(piece)
    elif piece[0].isdecimal():
        kana = len(piece) - len(_TAIL.sub("", piece))  # 2分(にぶん)の1
        yield Span(piece[: len(piece) - kana], taken.reading[: len(taken.reading) - kana])
        if kana:
            yield Span(piece[-kana:])
    else:
        yield from aligned(piece, taken.reading)


def _part(text: str, word: Word, start: int, end: int) -> Iterator[Span]:
    if start >= end:
        return
    piece = text[start:end]
    if not KANJI.search(piece):
        yield Span(piece)
        return
    behind = _HAS_READING.match(text, end)
    if behind:
        yield Span(piece)
        return
    if piece != word.text:  # cut by a counter: 月末 after 6
        word = words(piece)[0]
    if word.term is not None and word.term.ja[0] != piece and len(parts := words(piece, joined=False)) > 1:
        for part in parts:  # the glossary has no reading of its other spellings
            yield from _part(text, part, start + part.start, start + part.end)
        return
    reading = _reading(word, text, start)
    if _READ.fullmatch(reading):
        yield from aligned(piece, reading)
    else:
        yield Span(piece)


def _reading(word: Word, text: str, start: int) -> str:
    if word.term is not None and word.term.ja[0] == word.text:
        return word.term.reading
    for rule in _rules().get(word.text, ()):
        if word.kind == "接尾辞" and not rule.before:
            continue  # 日 alone is ひ, but び in 収集日
        if rule.before and not rule.before.search(text, 0, start):
            continue
        if rule.after and not rule.after.match(text, start + len(word.text)):
            continue
        return rule.reading
    return word.reading.replace("にっぽん", "にほん")


def _names(text: str, own: Mapping[str, str]) -> dict[int, Counted]:
    found: dict[int, Counted] = {}
    for name in sorted(own, key=len):
        for match in re.finditer(re.escape(name), text):
            found[match.start()] = Counted(match.start(), match.end(), own[name])
    return found


def _tight(spans: Iterable[Span]) -> Iterator[Span]:
    """Neighbours without a reading as one."""
    held = ""
    for span in spans:
        if span.reading is None:
            held += span.text
            continue
        if held:
            yield Span(held)
            held = ""
        yield span
    if held:
        yield Span(held)


@lru_cache(maxsize=1)
def _rules() -> Mapping[str, tuple[_Rule, ...]]:
    found: dict[str, tuple[_Rule, ...]] = {}
    file = Path(__file__).with_name("readings.tsv")
    for row in rows(file, ("text", "reading", "before", "after"), may_lack=("before", "after")):
        before = re.compile(f"(?:{row['before']})$") if row["before"] else None
        after = re.compile(row["after"]) if row["after"] else None
        found[row["text"]] = (*found.get(row["text"], ()), _Rule(row["reading"], before, after))
    return found
