"""Garbage: what an item is, how it is put out, on which days a district is served."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

import jaconv

from assistant.answering.cues import has_cue
from assistant.answering.looked_up import MOST_ROWS, Asked, Line, choose, reply
from assistant.answering.names import Match, NameIndex
from assistant.language.numbers import format_date, format_weekdays, next_day
from assistant.language.phrases import Phrase
from assistant.model import Ask, Facet, Reply
from knowledge.tokens import fold

_SHORT = 2  # letters of a reading that could stand in any sentence
_BARE = 0.6  # share of the question that a name must be to stand for 'how do I throw this away?'
_OTHER_FACETS = frozenset({Facet.FEE, Facet.WHERE, Facet.PHONE, Facet.ONLINE, Facet.LAW, Facet.WHO, Facet.DEADLINE})


class Garbage:
    """The three garbage tables together; any may be missing."""

    def __init__(self, by_kind: Mapping[str, list[NameIndex]]) -> None:
        self._items = by_kind.get("garbage_items", [])
        self._categories = by_kind.get("garbage_categories", [])
        self._days = by_kind.get("garbage_days", [])

    def item(self, asked: Asked) -> Reply | Ask | None:
        """What kind of garbage the named item is, with how to put it out; None when no item is meant."""
        for index in self._items:
            matches = index.find(asked.question, asked.language)
            if matches and self._is_meant(asked, matches[0]):
                longest = [m for m in matches if m.length == matches[0].length][:2]
                return reply(asked, [line for match in longest for line in self._item_lines(asked, index, match.row)])
            if not matches and has_cue("garbage", asked.question, asked.language):
                partly = index.find_partly(asked.question, asked.language)
                if len(partly) == 1:
                    return reply(asked, self._item_lines(asked, index, partly[0].row))
                if 1 < len(partly) <= MOST_ROWS:
                    return self._ask_item(asked, index, [match.row for match in partly])
        return None

    def days(self, asked: Asked) -> Reply | Ask | None:
        """The collection days of a district; asks for the district when it is not named."""
        if not self._days or Facet.DEADLINE in asked.facets or not has_cue("days", asked.question, asked.language):
            return None
        category = self._category(asked)
        if category is None and not has_cue("waste", asked.question, asked.language):
            return None
        index = self._days[0]
        rows = [n for n in range(len(index.table.rows)) if category in (None, index.value(n, "category"))]
        if not rows:  # bulky waste has no day of its own
            return None
        named = named_district(index, asked.question)
        if named is None:
            return self._ask_district(asked, index)
        own = [row for row in rows if index.value(row, "district") == named]
        return reply(asked, [line for row in own for line in self._day_lines(asked, index, row)])

    def _is_meant(self, asked: Asked, match: Match) -> bool:
        if has_cue("garbage", asked.question, asked.language):
            return True
        return match.share >= _BARE and not _OTHER_FACETS & set(asked.facets)

    def _category(self, asked: Asked) -> str | None:
        for index in self._categories:
            found = index.find(asked.question, asked.language)
            if found:
                return index.value(found[0].row, "category")
        return None

    def _item_lines(self, asked: Asked, index: NameIndex, row: int) -> list[Line]:
        category = index.value(row, "category")
        described = self._category_row(category)
        shown = described[0].name(described[1], asked.language) if described else category
        name = index.name(row, asked.language)
        if asked.language not in ("ja", "ja-x-easy"):
            name = f"{name} ({index.value(row, index.table.key)})"
        passage = index.passage(row)
        lines: list[Line] = [(asked.phrase(Phrase.ITEM_IS, item=name, category=shown), passage)]
        note = index.value(row, "note")
        if note:
            lines.append((f"{asked.phrase(Phrase.NOTE)}: {note}", passage))
        if described:
            how = _local(described[0], described[1], "how_to", asked.language)
            lines.append((asked.phrase(Phrase.HOW_TO, how=how), described[0].passage(described[1])))
        return lines

    def _category_row(self, category: str) -> tuple[NameIndex, int] | None:
        for index in self._categories:
            for row in range(len(index.table.rows)):
                if index.value(row, "category") == category:
                    return index, row
        return None

    def _day_lines(self, asked: Asked, index: NameIndex, row: int) -> list[Line]:
        category, schedule = index.value(row, "category"), index.value(row, "schedule")
        described = self._category_row(category)
        shown = described[0].name(described[1], asked.language) if described else category
        line = asked.phrase(
            Phrase.DAYS_ARE,
            district=index.value(row, "district"),
            category=shown,
            days=format_weekdays(schedule, asked.language),
        )
        following = format_date(next_day(schedule, asked.today), asked.language)
        return [(f"{line} {asked.phrase(Phrase.NEXT_DAY, date=following)}", index.passage(row))]

    def _ask_item(self, asked: Asked, index: NameIndex, rows: list[int]) -> Ask:
        names = [index.name(row, asked.language) for row in rows]
        # The Japanese name is sent, which is unique and found in every language.
        sent = [f"{index.value(row, index.table.key)} {asked.question}" for row in rows]
        return choose(asked, asked.phrase(Phrase.WHICH_ONE), list(zip(names, sent, strict=True)))

    def _ask_district(self, asked: Asked, index: NameIndex) -> Ask:
        names = dict.fromkeys(index.value(n, "district") for n in range(len(index.table.rows)))
        readings = {index.value(n, "district"): index.value(n, "reading") for n in range(len(index.table.rows))}
        shown = [
            (f"{name}（{readings[name]}）" if readings[name] and asked.language != "ja" else name) for name in names
        ]
        sent = [f"{name} {asked.question}" for name in names]
        return choose(asked, asked.phrase(Phrase.ASK_DISTRICT), list(zip(shown, sent, strict=True)))


def named_district(index: NameIndex, question: str) -> str | None:
    """The district that the question names, in kanji, kana or Latin letters; the longest name that fits."""
    folded = _kana(question)
    latin = re.sub(r"[^a-z]", "", fold(question))
    readings = {index.value(n, "district"): index.value(n, "reading") for n in range(len(index.table.rows))}
    for name, reading in sorted(readings.items(), key=lambda entry: -len(entry[0])):
        romaji = jaconv.kana2alphabet(reading) if reading else ""
        if name and (_kana(name) in folded or (len(reading) > _SHORT and reading in folded)):
            return name
        if len(romaji) > 2 * _SHORT and romaji in latin:
            return name
    return None


def _kana(text: str) -> str:
    return jaconv.kata2hira(unicodedata.normalize("NFKC", text))


def _local(index: NameIndex, row: int, column: str, language: str) -> str:
    ending = "easy" if language == "ja-x-easy" else language
    return index.value(row, f"{column}_{ending}") or index.value(row, column)
