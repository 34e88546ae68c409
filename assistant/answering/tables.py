"""Answers from the town's tables: garbage, fees, hours, places, shelters. Looked up, never generated."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from functools import partial
from zoneinfo import ZoneInfo

from assistant.answering.garbage import Garbage
from assistant.answering.hours import hours_answer
from assistant.answering.looked_up import Asked, Render, unrendered
from assistant.answering.names import NameIndex
from assistant.answering.places import facility_answer, fee_answer, shelter_answer
from assistant.answering.town_names import table_districts
from assistant.language.words import Words
from assistant.model import Ask, Facet, Reply
from knowledge.districts import Districts
from knowledge.passage import Table

JAPAN = ZoneInfo("Asia/Tokyo")

Answering = Callable[[Asked], Reply | Ask | None]


class TownTables:
    """The tables of a town and its layers, ready to be asked."""

    def __init__(
        self, tables: Sequence[Table], words: Words, *, districts: Districts | None = None, render: Render = unrendered
    ) -> None:  # fmt: skip
        """`districts` are those of the town, in case that its tables name more or fewer; `render` says facts."""
        self._words = words
        self._districts = districts or table_districts(tables)
        self._render = render
        indexes = [NameIndex(table) for table in tables]
        self._by_kind: dict[str, list[NameIndex]] = {}
        for index in indexes:
            self._by_kind.setdefault(index.table.kind, []).append(index)
        self._garbage = Garbage(self._by_kind)

    def look_up(self, question: str, language: str, facets: tuple[Facet, ...], now: datetime) -> Reply | Ask | None:
        """The answer of the first table that speaks to the question, or None.

        The more particular tables come first: a shelter is also a facility, a hall has hours and a fee.
        """
        asked = Asked(
            question=question, language=language, facets=facets, today=_today(now), words=self._words,
            districts=self._districts, render=self._render,
        )  # fmt: skip
        for answering in self._answering(asked):
            found = answering(asked)
            if found is not None:
                return found
        return None

    def _answering(self, asked: Asked) -> list[Answering]:
        def over(kind: str, answer: Callable[[Asked, NameIndex], Reply | Ask | None]) -> list[Answering]:
            return [partial(_swapped, answer, index) for index in self._by_kind.get(kind, ())]

        fees = over("fees", fee_answer)
        priced = Facet.FEE in asked.facets  # 'what does it cost to throw away a sofa?' is not about how it is put out
        return [
            *over("shelters", shelter_answer),
            self._garbage.days,
            *(fees if priced else ()),
            self._garbage.item,
            *(() if priced else fees),
            *over("hours", hours_answer),
            *over("facilities", facility_answer),
        ]


def _swapped(
    answer: Callable[[Asked, NameIndex], Reply | Ask | None], index: NameIndex, asked: Asked
) -> Reply | Ask | None:
    return answer(asked, index)


def _today(now: datetime) -> date:
    return now.astimezone(JAPAN).date()
