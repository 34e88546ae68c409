"""Finds the names of a table's rows in a question, in every language that the table or our own lists have names in."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from assistant.answering.wording import Name, folded_names, question_in
from assistant.language.folders import pattern_language
from assistant.language.formats import formats
from assistant.model import LANGUAGES
from knowledge.item_names import item_names
from knowledge.passage import Passage, Table
from knowledge.table_rows import row_passage

_PARENTHESES = re.compile(r"[（(][^）)]*[）)]")
_KANJI = 3  # letters of other scripts that say as much as one of a Japanese name: what a button sends decides
_ITEMS = "garbage_items"  # the kind of table whose rows are things that every town knows


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A row whose name stands in the question."""

    row: int
    length: int  # how much of a name was found, in letters; the longer, the surer
    share: float  # of the question's content that the name is, 0-1


_NOTHING = Match(row=-1, length=0, share=0.0)


@dataclass(slots=True)
class NameIndex:
    """The names of a table's rows: key column, reading, aliases, names in other languages.

    A town's own column wins; without one for a language, things to throw away have the names of `knowledge/items`.
    """

    table: Table
    _names: dict[str, tuple[Name, ...]] = field(default_factory=dict)  # by language, folded when first asked for

    def find(self, question: str, language: str) -> list[Match]:
        """The rows whose name is in the question, the longest name first; of one row its longest name.

        Japanese names are looked for in every language, since residents write 'pano ng 住民票'.
        """
        return self._found(question, language, tuple(dict.fromkeys((language, "ja"))))

    def find_beside(self, question: str, language: str) -> list[Match]:
        """As `find`, by names that are not quite the asker's: of the other Chinese, or English ones in a text of
        another script (TV는). For questions in which `find` finds nothing.
        """
        base = pattern_language(language)
        sisters = tuple(each for each in LANGUAGES if pattern_language(each) == base and each != language)
        codes = (*sisters, *(() if formats(language).spaced else ("en",)))
        return self._found(question, language, codes) if base != "ja" else []

    def find_partly(self, question: str, language: str) -> list[Match]:
        """The rows whose name holds all that the question is about: 'mattress' for 'Bed mattress (spring)'.

        Only words beside the cue words count; in Chinese at least two characters in a row.
        """
        asked = question_in(question, language, asker=language)
        found = [name.row for name in self._of(language) if asked.is_about(name)]
        return [Match(row=row, length=asked.size, share=1.0) for row in dict.fromkeys(found)]

    def value(self, row: int, column: str) -> str:
        """The cell; empty when the table has no such column."""
        return self.table.rows[row][self.table.columns.index(column)] if column in self.table.columns else ""

    def name(self, row: int, language: str) -> str:
        """The row's name in that language, or else in Japanese."""
        return next((name for name in self._local(row, language)), self.key(row).partition("|")[0])

    def key(self, row: int) -> str:
        """What the row is called in the town's own table."""
        return self.value(row, self.table.key)

    def passage(self, row: int) -> Passage:
        """The row as a citable passage."""
        return row_passage(self.table, row)

    def _found(self, question: str, language: str, codes: tuple[str, ...]) -> list[Match]:
        best: dict[int, Match] = {}
        for code in codes:
            asked = question_in(question, code, asker=language)
            kanji = code == "ja" and not language.startswith(("ja", "zh"))
            for name in self._of(code):
                length = name.size * (_KANJI if kanji and not name.text.isascii() else 1)
                if asked.near(name) and asked.holds(name) and length > best.get(name.row, _NOTHING).length:
                    best[name.row] = Match(row=name.row, length=length, share=min(1.0, name.size / asked.size))
        return sorted(best.values(), key=lambda m: (-m.length, m.row))

    def _of(self, language: str) -> tuple[Name, ...]:
        """All names in that language."""
        held = self._names.get(language)
        if held is None:
            rows = range(len(self.table.rows))
            every = [name for row in rows for each in self._written(row, language)
                     for name in folded_names(each, row, language) if name.text]  # fmt: skip
            held = self._names[language] = tuple(dict.fromkeys(every))
        return held

    def _written(self, row: int, language: str) -> Iterable[str]:
        if language == "ja":
            columns = (self.table.key, "reading", self.table.aliases)
            return [name for column in columns if column for name in _variants(self.value(row, column).split("|"))]
        return _variants(self._local(row, language))

    def _local(self, row: int, language: str) -> tuple[str, ...]:
        """The row's names in that language, the best first: the town's own, else ours; () for none."""
        column = dict(self.table.local).get(language, "")
        own = tuple(filter(None, (name.strip() for name in self.value(row, column).split("|")))) if column else ()
        if own or self.table.kind != _ITEMS:
            return own
        aliases = self.value(row, self.table.aliases).split("|") if self.table.aliases else []
        return item_names(language).of(self.key(row), filter(None, aliases))


def _variants(names: Iterable[str]) -> list[str]:
    """The names with and without what stands in parentheses."""
    found: list[str] = []
    for name in names:
        bare = _PARENTHESES.sub("", name).strip()
        found.extend(part for part in dict.fromkeys((name.strip(), bare)) if part)
    return found
