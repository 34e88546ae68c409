"""Finds the names of a table's rows in a question, in every language that the table has names in."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import jaconv

from assistant.answering.cues import is_cue, without_cues
from knowledge.passage import Passage, Table
from knowledge.table_rows import row_passage
from knowledge.tokens import fold, tokens

_SHORT = 2  # Japanese names up to this length must be a word of their own: 本 is not in 本人確認
_PARENTHESES = re.compile(r"[（(][^）)]*[）)]")
_WORD = re.compile(r"[a-z0-9]+")
_MARKED_WORD = re.compile(r"[^\W_]+")
_HAN_RUN = re.compile(r"[\u3400-\u9fff]+")
_LATIN = ("en", "vi", "pt-BR")


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A row whose name stands in the question."""

    row: int
    length: int  # characters of the name that was found; the longer, the surer
    share: float  # of the question's content that the name is, 0-1


@dataclass(slots=True)
class NameIndex:
    """The names of a table's rows: key column, reading, aliases, names in other languages."""

    table: Table
    _names: dict[str, list[tuple[str, int]]] = field(default_factory=dict)  # language → (folded name, row)

    def __post_init__(self) -> None:
        columns = self.table.columns
        japanese = [columns.index(c) for c in (self.table.key, "reading", self.table.aliases) if c in columns]
        for n, row in enumerate(self.table.rows):
            for column in japanese:
                self._put("ja", _variants(row[column]), n)
            for language, name in self.table.local:
                if name in columns:
                    self._put(language, _variants(row[columns.index(name)]), n)

    def find(self, question: str, language: str) -> list[Match]:
        """The rows whose name is in the question, the longest name first; of one row its longest name.

        Japanese names are looked for in every language, since residents write 'pano ng 住民票'.
        """
        best: dict[int, Match] = {}
        for code in dict.fromkeys((language, "ja")):
            asked = _Question(question, code, foreign=not language.startswith("ja"))
            for name, row in asked.near(self._names.get(code, ())):
                if asked.holds(name):
                    size = len(name.replace(" ", ""))
                    if row not in best or best[row].length < size:
                        best[row] = Match(row=row, length=size, share=min(1.0, size / asked.size))
        return sorted(best.values(), key=lambda m: (-m.length, m.row))

    def find_partly(self, question: str, language: str) -> list[Match]:
        """The rows whose name holds all that the question is about: 'mattress' for 'Bed mattress (spring)'.

        Only words beside the cue words count; in Chinese at least two characters in a row.
        """
        about = _about(question, language)
        if not about:
            return []
        found = [row for name, row in self._names.get(language, ()) if _is_part(about, name, language)]
        size = len("".join(about))
        return [Match(row=row, length=size, share=1.0) for row in dict.fromkeys(found)]

    def value(self, row: int, column: str) -> str:
        """The cell; empty when the table has no such column."""
        return self.table.rows[row][self.table.columns.index(column)] if column in self.table.columns else ""

    def name(self, row: int, language: str) -> str:
        """The row's name in that language, or else in Japanese."""
        local = dict(self.table.local).get(language, "")
        return (self.value(row, local) or self.value(row, self.table.key)).partition("|")[0]

    def passage(self, row: int) -> Passage:
        """The row as a citable passage."""
        return row_passage(self.table, row)

    def _put(self, language: str, names: Iterable[str], row: int) -> None:
        for name in names:
            folded = _fold(name, language, keep_marks=True)
            if folded:
                self._names.setdefault(language, []).append((folded, row))


def _variants(cell: str) -> list[str]:
    """The names in a cell: parted by |, with and without what stands in parentheses."""
    names: list[str] = []
    for name in cell.split("|"):
        bare = _PARENTHESES.sub("", name).strip()
        names.extend(part for part in dict.fromkeys((name.strip(), bare)) if part)
    return names


class _Question:
    """A question made ready for one language: folded once, its content measured once."""

    def __init__(self, question: str, language: str, *, foreign: bool) -> None:
        self._language = language
        self._foreign = foreign
        # Who types diacritics means them: 'ti vi' is a television, 'ví' a purse.
        self._marks = language in _LATIN and not question.isascii()
        self._folded = _fold(question, language)
        self._marked = _fold(question, language, keep_marks=True) if self._marks else ""
        self._words = {_fold(t, "ja") for t in tokens(question, "ja")} if language == "ja" else set()
        self.size = max(1, sum(len(word) for word in _about(question, language)))

    def near(self, names: Sequence[tuple[str, int]]) -> list[tuple[str, int]]:
        """The names worth a closer look: a cheap test that thousands of names pass quickly."""
        text = self._marked if self._marks else self._folded
        if self._language in _LATIN and not self._marks:
            return [(name, row) for name, row in names if fold(name[:3])[:3] in text]
        return [(name, row) for name, row in names if name in text]

    def holds(self, name: str) -> bool:
        """True when the name stands in the question."""
        if self._language in _LATIN:
            folded = _fold(name, self._language)
            if f" {folded} " not in f" {self._folded} ":
                return False
            return not self._marks or f" {name} " in f" {self._marked} "
        if name not in self._folded:
            return False
        if self._language != "ja":
            return len(name) >= _SHORT
        if name.isascii():  # TV, PC
            return f" {name} " in f" {_fold(self._folded, 'en')} "
        if self._foreign:  # 机 is a desk in Japanese and a part of 电视机 in Chinese
            return len(name) > _SHORT
        return len(name) > _SHORT or self._folded == name or name in self._words


def _about(question: str, language: str) -> list[str]:
    """The question's words beside cue words and grammar."""
    if language in _LATIN:
        return [
            _stem(word) for word in tokens(question, language) if not is_cue(word, language) and len(word) > 1
        ]  # fmt: skip
    if language.startswith("ja"):
        return [word for word in tokens(question, "ja") if not is_cue(word, "ja")]
    text = without_cues(unicodedata.normalize("NFKC", question), language)
    return _HAN_RUN.findall(text)


def _is_part(about: list[str], name: str, language: str) -> bool:
    if language in _LATIN:
        return set(about) <= set(_fold(name, language).split())
    if language == "zh-Hans":
        return any(_shared_run(word, name) >= max(_SHORT, round(len(word) * 0.6)) for word in about)
    return False


def _shared_run(a: str, b: str) -> int:
    """Length of the longest run of characters that both hold."""
    return max((n for n in range(len(a), 0, -1) for i in range(len(a) - n + 1) if a[i : i + n] in b), default=0)


def _fold(name: str, language: str, *, keep_marks: bool = False) -> str:
    if language in _LATIN:
        found = _MARKED_WORD.findall(name.lower()) if keep_marks else _WORD.findall(fold(name))
        return " ".join(_stem(w) for w in found)
    return jaconv.kata2hira(unicodedata.normalize("NFKC", name).lower())


def _stem(word: str) -> str:
    """The singular of English and Portuguese plurals, well enough: batteries, boxes, mattresses, pilhas."""
    if len(word) < 4 or not word.endswith("s") or word.endswith("ss"):
        return word
    if word.endswith("ies"):
        return word[:-3] + "y"
    return word[:-2] if word.endswith(("sses", "xes", "ches", "shes")) else word[:-1]
