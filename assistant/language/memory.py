"""A translation memory with slots: facts of Japanese guides in every language, whole or not at all.

A row of memory/*.tsv is one pattern in all languages: `{x}から{n}日以内`. A text is rendered when rows cover all of it
and what stands in their slots: official terms from the glossary, the town's own names, numbers, amounts, dates and
times in the language's own forms. What is not covered wholly is not rendered at all.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache
from importlib.resources import files

from assistant.language.binding import Binder, Reading, Row, level_of, shape_of
from assistant.language.errors import WordsIncomplete
from assistant.language.formats import formats
from assistant.language.typed import TYPED, render_typed
from assistant.language.words import placeholders
from knowledge.glossary import LANGUAGES as TRANSLATED
from knowledge.glossary import Term, terms
from knowledge.glossary.finding import same_word

_KEPT = 4_000  # sentences whose readings are remembered
_LONGEST = 160  # characters of a sentence that is read; longer ones are prose
_SPACE = re.compile(r"\s+")
_SLOT = re.compile(r"\{([a-z]+\d?)\}")
_KINDS = (*TYPED, "x", "y", "z", "list")
_BRACKETS = str.maketrans("()", "（）")
_STOP = re.compile("。(?![^（]*）)")
_SAID = re.compile(r": \{|\{(?:yen|time|phone)")  # a row so worded says something of its x

Names = Mapping[str, Mapping[str, str]]
"""Japanese name → language → name there."""


class Memory:
    """The rows and names from which texts are rendered; safe to use from many threads."""

    def __init__(self, held: Iterable[Row], known: Iterable[Term], names: Names | None = None) -> None:
        """`names` are the town's own: offices, branches, facilities. They win over rows, and rows over terms."""
        all_rows = list(held)
        own = {tidy(name): local for name, local in (names or {}).items()}
        fixed = {row.japanese: row.local for row in all_rows if not row.slots}
        self._named: dict[str, Mapping[str, str]] = {}
        for source in (_by_name(known), fixed, own):  # a later one wins in the languages that it has
            for name, local in source.items():
                self._named[name] = {**self._named.get(name, {}), **local}
        by_level: dict[int, list[Row]] = {}
        for row in all_rows:
            if row.slots:
                by_level.setdefault(row.level, []).append(row)
        self._rows = by_level
        self._held: dict[str, Reading | None] = {}  # the facts of guides come again and again

    def _read(self, sentence: str) -> Reading | None:
        if sentence not in self._held:
            if len(self._held) >= _KEPT:
                self._held.clear()
            self._held[sentence] = Binder(named=self._named, rows=self._rows).read(sentence)
        return self._held[sentence]

    def render(self, text: str, language: str) -> str | None:
        """The text in that language, sentence by sentence; None when a part of it is not known."""
        rendered = []
        for sentence in filter(None, _STOP.split(tidy(text))):
            reading = self._read(sentence) if len(sentence) <= _LONGEST else None
            said = _said(reading, language) if reading is not None else None
            if said is None:
                return None
            rendered.append(said if said.startswith("http") else said[:1].upper() + said[1:])
        stop = formats(language).stop
        return stop.join(rendered).replace(f".{stop}", stop) if rendered else None


def _said(reading: Reading, language: str) -> str | None:
    """The reading in that language; None when a name in it has none there."""
    if reading.local is not None:
        return reading.local.get(language)
    if reading.row is not None:
        values = {name: _said_slot(name, value, language) for name, value in reading.slots}
        return None if None in values.values() else reading.row.local[language].format(**values)
    if reading.items:
        items = [_said(item, language) for item in reading.items]
        kept = [item for item in items if item is not None]
        return formats(language).texts["comma"].join(kept) if len(kept) == len(items) else None
    return render_typed(reading.text, language)


def _said_slot(name: str, value: Reading, language: str) -> str | None:
    kind = name.rstrip("0123456789")
    return render_typed(value.text, language, kind) if kind in TYPED else _said(value, language)


def _by_name(known: Iterable[Term]) -> dict[str, Mapping[str, str]]:
    """Official terms by their usual spelling, and by others that only shorten or lengthen it: 国保, 住民票.

    The glossary's further spellings are there to be searched by, and may mean something broader.
    """
    found: dict[str, Mapping[str, str]] = {}
    for term in known:
        local = {language: forms[0] for language, forms in term.local}
        for spelling in term.ja:
            if same_word(spelling, term.ja[0]):
                found.setdefault(tidy(spelling), local)
    return found


def tidy(text: str) -> str:
    """As both sides are compared: NFKC without spaces, brackets as in Japan."""
    return _SPACE.sub("", unicodedata.normalize("NFKC", text)).translate(_BRACKETS).rstrip("。")


@lru_cache(maxsize=1)
def rows() -> tuple[Row, ...]:
    """All rows of memory/*.tsv. Raises WordsIncomplete naming file and line of a bad one."""
    folder = files("assistant.language") / "memory"
    return tuple(
        row
        for file in sorted(folder.iterdir(), key=lambda f: f.name)
        if file.name.endswith(".tsv")
        for row in read_rows(file.read_text(encoding="utf-8"), file.name)
    )


def read_rows(text: str, name: str) -> list[Row]:
    """The rows of one file; a Japanese cell may hold several patterns, parted by ` | `."""
    lines = text.rstrip("\n").split("\n")
    if tuple(lines[0].split("\t")) != ("ja", *TRANSLATED):
        raise WordsIncomplete(f"memory/{name}, line 1: it must name the columns ja, {', '.join(TRANSLATED)}")
    return [row for number, line in enumerate(lines[1:], 2) for row in _read(line, f"memory/{name}, line {number}")]


def memory_of(names: Names | None = None) -> Memory:
    """The memory of a town with these names of its own."""
    return Memory(rows(), terms(), names)


@lru_cache(maxsize=1)
def general_memory() -> Memory:
    """The memory without any town's names."""
    return memory_of()


@lru_cache(maxsize=1)
def units() -> Memory:
    """What a fee is for: 1通, 1回2時間. Apart from the facts, in which 5日 may be a day of the month."""
    text = (files("assistant.language") / "units.tsv").read_text(encoding="utf-8")
    return Memory(read_rows(text, "../units.tsv"), ())


def _read(line: str, where: str) -> list[Row]:
    cells = [cell.strip() for cell in line.split("\t")]
    if len(cells) != len(TRANSLATED) + 1 or not all(cells):
        raise WordsIncomplete(f"{where}: a text is needed in each of {len(TRANSLATED) + 1} columns")
    wanted = placeholders(cells[0].split(" | ")[0])
    for cell in (*cells[0].split(" | "), *cells[1:]):
        if placeholders(cell) != wanted:
            raise WordsIncomplete(f"{where}: each language needs the same slots {sorted(wanted)}")
    local = dict(zip(TRANSLATED, cells[1:], strict=True))
    return [_row(pattern, local, where) for pattern in cells[0].split(" | ")]


def _row(pattern: str, local: Mapping[str, str], where: str) -> Row:
    japanese = tidy(pattern)
    pieces = _SLOT.split(japanese)
    for slot in pieces[1::2]:
        if slot.rstrip("0123456789") not in _KINDS:
            raise WordsIncomplete(f"{where}: {{{slot}}} is no slot")
    level = level_of(japanese)
    return Row(
        japanese=japanese,
        pieces=tuple(pieces[::2]),
        slots=tuple(pieces[1::2]),
        shape=shape_of(pieces[::2], pieces[1::2]),
        level=level,
        statement=level == 1 or ("{x}" in japanese and bool(_SAID.search(local["en"]))),
        local=local,
    )
