"""What things that people throw away are called in other languages: for every town whose table has Japanese only.

One file a language, items/CODE.tsv: the Japanese item, a tab, its names joined by `|`, the best one first. items/ja.tsv
holds other Japanese words for the same things.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import jaconv

FOLDER = Path(__file__).parent / "items"

_BRACKETS = re.compile(r"[(（][^)）]*[)）]")
_APART = re.compile(r"[\s・･,、/]+")
_SYNONYMS = "ja"

Names = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemNames:
    """The names of things in one language."""

    items: Mapping[str, Names]  # by the folded Japanese item
    synonyms: Mapping[str, Names]  # by its other words

    def of(self, item: str, others: Iterable[str] = ()) -> Names:
        """The names of a town's item, found by its own name before any of `others`; () when it is not known.

        What the town adds in brackets may be missing here where the rest is an item of ours, but not the other way
        round: コップ（金属製） is no コップ（ガラス）, and 電池（充電式） is no 乾電池 although 電池 may be.
        """
        for name in (item, *others):
            whole, bare = _key(name), _key(_BRACKETS.sub("", name))
            found = self.items.get(whole) or self.synonyms.get(whole) or self.items.get(bare)
            if found:
                return found
        return ()


@cache
def languages() -> Names:
    """The languages that have names."""
    return tuple(sorted(file.stem for file in FOLDER.glob("*.tsv") if file.stem != _SYNONYMS))


@cache
def item_names(language: str) -> ItemNames:
    """The names in that language; none for a language without a file. Raises ValueError naming file and line."""
    if language not in languages():
        return ItemNames(items={}, synonyms={})
    synonyms = dict(read_names(FOLDER / f"{_SYNONYMS}.tsv"))
    held = read_names(FOLDER / f"{language}.tsv")
    found = {_key(other): _plain_first(names) for item, names in held for other in synonyms.get(item, ())}
    # What a name says in brackets is true of the item where that has brackets itself: 机（木製）, Desks (wood).
    own = {_key(item): names if _BRACKETS.search(item) else _plain_first(names) for item, names in held}
    return ItemNames(items=own, synonyms=found)


def read_names(file: Path) -> list[tuple[str, Names]]:
    """(item, names) of each line, in order. Raises ValueError naming file and line of a bad one."""
    found = []
    for number, line in enumerate(file.read_text(encoding="utf-8").rstrip("\n").split("\n"), 1):
        item, tab, cell = line.partition("\t")
        names = tuple(name.strip() for name in cell.split("|") if name.strip())
        if not item.strip() or not tab or not names or "\t" in cell:
            raise ValueError(f"items/{file.name}, line {number}: an item, a tab and its names joined by | are needed")
        found.append((item.strip(), names))
    return found


def _plain_first(names: Names) -> Names:
    """The names without brackets, then as they are: a town that says 机 does not mean 'Desks (wood)'."""
    plain = (_BRACKETS.sub("", name).strip() for name in names)
    return tuple(dict.fromkeys(name for name in (*plain, *names) if name))


def _key(name: str) -> str:
    return _APART.sub("", jaconv.kata2hira(unicodedata.normalize("NFKC", name).lower()))
