"""Our own pairs: municipal terms in six languages, questions as residents ask them, and templates over the terms."""

from __future__ import annotations

import csv
import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from knowledge.embedding.pair import Pair, Source

PAIRS = Path(__file__).parent / "pairs"
"""The folder of the tab-separated files; `|` separates variants within a cell."""

_LANGUAGES = ("en", "zh-Hans", "vi", "pt-BR")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One meaning: the official Japanese words, what people say instead, and translations."""

    official: str
    said: tuple[str, ...]  # colloquial Japanese, kana, plain words
    local: tuple[tuple[str, tuple[str, ...]], ...]  # (language, variants)

    @property
    def others(self) -> list[str]:
        """Everything but the official words."""
        return [*self.said, *(text for _, texts in self.local for text in texts)]


def read_entries(path: Path) -> list[Entry]:
    """The entries of one file with the columns official, said, en, zh-Hans, vi, pt-BR.

    Raises ValueError that names file and line when a row has no official words or another number of cells.
    """
    entries = []
    with path.open(encoding="utf-8", newline="") as file:
        for number, row in enumerate(csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE), start=1):
            if number == 1:
                continue
            if len(row) != 6 or not row[0].strip():
                raise ValueError(f"{path.name}, line {number}: six cells are needed, the first not empty")
            local = tuple((code, _variants(cell)) for code, cell in zip(_LANGUAGES, row[2:], strict=True))
            entries.append(Entry(official=row[0].strip(), said=_variants(row[1]), local=local))
    return entries


def written_pairs(folder: Path = PAIRS) -> Iterator[Pair]:
    """Each variant with the official words and with each other, and both inside the question templates."""
    terms = read_entries(folder / "terms.tsv")
    templates = read_entries(folder / "templates.tsv")
    for entry in itertools.chain(terms, read_entries(folder / "questions.tsv")):
        yield from _within(entry)
    for term, template in itertools.product(terms, templates):
        yield from _templated(term, template)


def plain_count(folder: Path = PAIRS) -> int:
    """How many variant ↔ official pairs are written down, without templates."""
    return sum(len(entry.others) for name in ("terms", "questions") for entry in read_entries(folder / f"{name}.tsv"))


def _within(entry: Entry) -> Iterator[Pair]:
    for other in entry.others:
        yield Pair(left=other, right=entry.official, group=entry.official, source=Source.WRITTEN)
    for first, second in itertools.combinations(entry.others, 2):
        yield Pair(left=first, right=second, group=entry.official, source=Source.WRITTEN)


def _templated(term: Entry, template: Entry) -> Iterator[Pair]:
    """One question in each language about the term, all asking the same; templates hold {} where the term goes."""
    right = template.official.format(term.official)
    local = dict(template.local)
    questions = [form.format(term.official) for form in template.said]
    questions += [template.said[0].format(word) for word in term.said[:2] if template.said]
    questions += [form.format(words[0]) for code, words in term.local if words for form in local.get(code, ())[:1]]
    for question in questions:
        yield Pair(left=question, right=right, group=term.official, source=Source.WRITTEN)


def _variants(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split("|") if part.strip())
