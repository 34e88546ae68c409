"""Garbage: what an item is, how it is put out, on which days a district is served."""

from __future__ import annotations

from collections.abc import Mapping

from assistant.answering.acts import wants_something_else
from assistant.answering.cues import has_cue
from assistant.answering.looked_up import MOST_ROWS, Asked, Line, choose, reply
from assistant.answering.names import Match, NameIndex
from assistant.language.numbers import format_date, format_weekdays, next_day
from assistant.language.phrases import Phrase
from assistant.model import Ask, Facet, Reply
from knowledge.glossary.finding import finder

_BARE = 0.6  # share of the question that a name must be to stand for 'how do I throw this away?'
_TOLD_AT_ONCE = 2  # rows of one name; of more the resident chooses
_MOST_CHOICES = 12  # LINE takes 13 quick replies
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
            partly = [] if matches else self._partly(asked, index)
            if partly:
                return self._told(asked, index, partly, 1)
            matches = matches or index.find_beside(asked.question, asked.language)
            if matches and self._is_meant(asked, matches[0]):
                longest = [m.row for m in matches if m.length == matches[0].length]
                return self._told(asked, index, longest[:_MOST_CHOICES], _TOLD_AT_ONCE)
        return None

    def _partly(self, asked: Asked, index: NameIndex) -> list[int]:
        if not has_cue("garbage", asked.question, asked.language):
            return []
        found = index.find_partly(asked.question, asked.language)
        return [match.row for match in found] if len(found) <= MOST_ROWS else []

    def _told(self, asked: Asked, index: NameIndex, rows: list[int], most: int) -> Reply | Ask | None:
        """What these rows say, or of more than `most` which one is meant."""
        if len(rows) > most:
            return self._ask_item(asked, index, rows)
        return reply(asked, [line for row in rows for line in self._item_lines(asked, index, row)])

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
        named = asked.districts.named(asked.question)
        own = [row for row in rows if index.value(row, "district") == named]
        if not own:
            return self._ask_district(asked, index)
        return reply(asked, [line for row in own for line in self._day_lines(asked, index, row)])

    def _is_meant(self, asked: Asked, match: Match) -> bool:
        if has_cue("garbage", asked.question, asked.language):
            return True
        if wants_something_else(asked.question, asked.language):
            return False
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
        passage = index.passage(row)
        shown = self._category_name(asked, category)
        lines: list[Line] = [(asked.phrase(Phrase.ITEM_IS, item=_both(asked, index, row), category=shown), passage)]
        note = index.value(row, "note")
        if note:
            lines.append((f"{asked.phrase(Phrase.NOTE)}: {asked.note(note)}", passage))
        how = _local(*described, "how_to", asked) if described else ""
        if described and how:
            lines.append((asked.phrase(Phrase.HOW_TO, how=how), described[0].passage(described[1])))
        return lines

    def _category_name(self, asked: Asked, category: str) -> str:
        """The category in the asker's language, with the Japanese that stands on bags and posters."""
        described = self._category_row(category)
        name = described[0].name(described[1], asked.language) if described else category
        if name == category and not asked.japanese:
            term = finder().get(category)  # a town whose table has Japanese only
            name = (dict(term.local).get(asked.language) or (category,))[0] if term else asked.fact(category)
        return name if asked.japanese or name == category else f"{name} ({category})"

    def _category_row(self, category: str) -> tuple[NameIndex, int] | None:
        for index in self._categories:
            for row in range(len(index.table.rows)):
                if index.value(row, "category") == category:
                    return index, row
        return None

    def _day_lines(self, asked: Asked, index: NameIndex, row: int) -> list[Line]:
        category, schedule = index.value(row, "category"), index.value(row, "schedule")
        line = asked.phrase(
            Phrase.DAYS_ARE,
            district=asked.district(index.key(row)),
            category=self._category_name(asked, category),
            days=format_weekdays(schedule, asked.language),
        )
        following = format_date(next_day(schedule, asked.today), asked.language)
        return [(f"{line} {asked.phrase(Phrase.NEXT_DAY, date=following)}", index.passage(row))]

    def _ask_item(self, asked: Asked, index: NameIndex, rows: list[int]) -> Ask:
        names = [index.name(row, asked.language) for row in rows]
        if len(set(names)) < len(names):  # はし（木製） and はし（金属製） are chopsticks in our lists
            names = [_both(asked, index, row) for row in rows]
        # The Japanese name is sent, which is unique and found in every language.
        sent = [f"{index.key(row)} {asked.question}" for row in rows]
        return choose(asked, asked.phrase(Phrase.WHICH_ONE), list(zip(names, sent, strict=True)))

    def _ask_district(self, asked: Asked, index: NameIndex) -> Ask:
        names = dict.fromkeys(index.value(n, "district") for n in range(len(index.table.rows)))
        options = [(asked.district(name), f"{name} {asked.question}") for name in names]
        return choose(asked, asked.phrase(Phrase.ASK_DISTRICT), options)


def _both(asked: Asked, index: NameIndex, row: int) -> str:
    """The row's name in the asker's language with the Japanese, which stands in the town's papers."""
    name = index.name(row, asked.language)
    return name if asked.japanese or name == index.key(row) else f"{name} ({index.key(row)})"


def _local(index: NameIndex, row: int, column: str, asked: Asked) -> str:
    """The cell in the asker's language by the town's own column, else as the memory says it, else in Japanese."""
    ending = "easy" if asked.language == "ja-x-easy" else asked.language
    return index.value(row, f"{column}_{ending}") or asked.fact(index.value(row, column))
