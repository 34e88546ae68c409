"""Items of a town's fee tables that a form asks for: found by their names in any language, priced, and named. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.answering.cues import asking_words
from assistant.answering.endings import stem
from assistant.language.folding import View, unaccented, view
from assistant.language.formats import formats
from assistant.services.catalogue import Slot
from knowledge.chinese import simplified
from knowledge.passage import Table

SURE = 0.5  # share of a name that must be said for an item to be taken from a first message

_QUALIFIED = re.compile(r"[（(](.*)[）)]")
_HEAD = re.compile(r"^[^:：（(]*[:：]\s*")
_DEED = re.compile("(?:の処分|を捨てる|を出す|の引き取り)$")
_PARTS = re.compile(r"[・·、,/／\s()（）：:]+")
_WORD = re.compile(r"(?:[^\W\d_]|[\u0900-\u0963])+")
_HAN = re.compile("[\u4e00-\u9fff]")
_SMALL = frozenset(
    "a an the or of for and with to my de do da e ou em o y bulky waste rác cồng kềnh từ trở lên rac cong kenh tu tro "
    "len".split()
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A row that a slot offers."""

    key: str
    cells: dict[str, str]  # by column
    table: Table
    row: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Meant:
    """What a text names: one item, or several whose prices differ."""

    keys: tuple[str, ...] = ()
    sure: bool = True  # False: only a lesser part of the name was said


def items(slot: Slot, tables: Sequence[Table]) -> list[Item]:
    """The rows that the slot offers, in the tables' order."""
    found = []
    for table in tables:
        if table.kind == "fees":
            for number, row in enumerate(table.rows):
                cells = dict(zip(table.columns, row, strict=True))
                if cells[table.key].startswith(slot.rows):
                    found.append(Item(key=cells[table.key], cells=cells, table=table, row=number))
    return found


def item_name(slot: Slot, value: str, language: str, tables: Sequence[Table]) -> str:
    """An item in that language, without what all names of the table begin with; the key itself when it is gone."""
    item = next((each for each in items(slot, tables) if each.key == value), None)
    if item is None:
        return value
    local = item.cells.get(dict(item.table.local).get(language, ""), "").partition("|")[0]
    return _inner(local or value)


def items_meant(slot: Slot, text: str, tables: Sequence[Table]) -> Meant:
    """The rows that the text names; several when it could be others too: their prices differ.

    A row's whole name decides, then a word that no other row has (double, 2人用). An alias decides only where no other
    row holds the words: ベッド is an alias of the single bed, but a double bed is one too.
    """
    forms = view(text)
    found: list[_Match] = []
    for item in items(slot, tables):
        own, others = ([_match(item.key, each, code, forms) for code, each in held] for held in _names(item))
        best = max((*own, *others), key=lambda match: (match.held, match.share))
        if best.held:
            found.append(replace(best, whole=any(m.share == 1.0 and m.held == best.held for m in own)))
    most = max((match.held for match in found), default=0)
    first = [match for match in found if match.held == most]
    alone = first[0].words.difference(*(m.words for m in found if m is not first[0])) if len(first) == 1 else None
    rivals = [match for match in found if match.held >= most / 2]
    for chosen in ([m for m in first if m.whole], first if alone else [], rivals):
        if len(chosen) == 1:
            return Meant(keys=(chosen[0].key,), sure=chosen[0].share >= SURE)
    return Meant(keys=tuple(match.key for match in rivals))


def _names(item: Item) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """(language, name) of the names that are the row's own, and of its aliases, as further names in a cell are too."""
    own, others = [("ja", item.key)], [("ja", each) for each in item.cells.get(item.table.aliases, "").split("|")]
    for code, column in item.table.local:
        first, *more = item.cells.get(column, "").split("|")
        own.append((code, first))
        others += [(code, each) for each in more]
    return own, others


@dataclass(frozen=True, slots=True, kw_only=True)
class _Match:
    """How much of a row's name a text holds."""

    key: str
    words: frozenset[str]  # the words of the name that the text holds
    size: int  # characters of the name
    whole: bool = False  # nothing of the row's own name is missing

    @property
    def held(self) -> int:
        return sum(len(word) for word in self.words)

    @property
    def share(self) -> float:
        return self.held / self.size if self.size else 0.0


def _match(key: str, name: str, language: str, forms: View) -> _Match:
    folded = unicodedata.normalize("NFKC", _DEED.sub("", _inner(name))).casefold()
    if formats(language).spaced or folded.isascii():
        if not forms.accented:  # ghe sofa: typed without any accents
            folded = unaccented(folded)
        parts = _words(folded, language)
        said = parts & _words(forms.spaced.text, language)
    else:
        chinese = language.startswith("zh")
        plain = simplified(folded) if chinese else folded
        text = forms.simplified.text if chinese else forms.tight.text
        parts = {part for part in _PARTS.split(plain) if len(part) > 1 or _HAN.match(part)}
        said = {_said(part, text) for part in parts} - {""}
    return _Match(key=key, words=frozenset(said), size=sum(len(part) for part in parts))


def _said(part: str, tight: str) -> str:
    """The part when the text holds it, or its beginning when that is all the text is: 2人用 of 2人用以上."""
    return part if part in tight else tight if len(tight) > 1 and part.startswith(tight) else ""


def _inner(row_name: str) -> str:
    """The name without what all names of the table begin with: 粗大ごみ（…）, Bulky waste: …, 大件垃圾：…"""
    bare = _HEAD.sub("", row_name)
    inner = _QUALIFIED.search(bare)
    return inner[1] if inner and bare == row_name and bare.endswith("）") else bare


def _words(text: str, language: str) -> set[str]:
    small = _SMALL | asking_words(language)
    return {stem(word, language) for word in _WORD.findall(text) if len(word) > 1 and word not in small}
