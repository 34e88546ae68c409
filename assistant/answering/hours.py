"""開館時間: when a named place is open, and whether it is on the day that the question names."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time, timedelta

from assistant.answering.cues import has_cue
from assistant.answering.looked_up import Asked, Line, reply
from assistant.answering.names import NameIndex
from assistant.answering.openings import Hours, Opening, Why, openings
from assistant.answering.places import family, sure_matches
from assistant.language.day_words import day_word, days_meant, holiday_words
from assistant.language.numbers import format_date, format_time, format_weekdays, listed
from assistant.language.phrases import Phrase
from assistant.model import Facet, Reply

_MOST_DAYS = 9  # of Golden Week with a substitute holiday
_SURE_WITH_DAY = 0.12  # share of the question that a name must be where a day takes up much of the rest
_LOOK_AHEAD = 14  # days in which the next opening is looked for
_NO_CLOSING = ("なし", "年中無休", "無休")


def hours_answer(asked: Asked, index: NameIndex) -> Reply | None:
    """When the named place is open; of a day that is named first whether it is open then, and why not."""
    if Facet.WHEN not in asked.facets and not has_cue("hours", asked.question, asked.language):
        return None
    days = days_meant(asked.question, asked.language, asked.today)[:_MOST_DAYS]
    matches = sure_matches(asked, index, _SURE_WITH_DAY) if days else sure_matches(asked, index)
    if not matches:
        return None
    rows = family(index, matches[0].row)
    lines: list[Line] = []
    for row in rows:
        passage = index.passage(row)
        lines.append((f"{index.name(row, asked.language)}: {_usual(asked, index, row)}", passage))
        closed, note = index.value(row, "closed"), index.value(row, "note")
        if closed and (asked.japanese or closed not in _NO_CLOSING):
            lines.append((f"{asked.phrase(Phrase.CLOSED)}: {asked.fact(closed)}", passage))
        if note:
            lines.append((f"{asked.phrase(Phrase.NOTE)}: {asked.note(note)}", passage))
    return reply(asked, [*_on_days(asked, index, rows, days), *lines])


def _on_days(asked: Asked, index: NameIndex, rows: Sequence[int], days: Sequence[date]) -> list[Line]:
    """A line for each named day that the table settles."""
    held = [
        Hours(row=row, days=index.value(row, "days"), closed=index.value(row, "closed"), note=index.value(row, "note"))
        for row in rows
    ]
    lines: list[Line] = []
    for day in days:
        for found in openings(held, day):
            lines.append((_day_line(asked, index, found, day), index.passage(found.row)))
            if found.closed is not None and len(days) == 1:
                lines += _next_opening(asked, index, held, day)
    return [*lines, ("", None)] if lines else []


def _day_line(asked: Asked, index: NameIndex, found: Opening, day: date) -> str:
    shown = format_date(day, asked.language)
    name = index.name(found.row, asked.language)
    if found.closed is not None:
        why = {
            Why.HOLIDAY: holiday_words(day, asked.language), Why.REGULAR: day_word("regular", asked.language),
            Why.NEW_YEAR: day_word("new_year", asked.language),
        }[found.closed]  # fmt: skip
        return f"{name} – {day_word('closed', asked.language).format(date=shown, why=why)}"
    unsure = "" if found.sure else f" {day_word('unsure', asked.language)}"
    return f"{name} – {_span(asked, index, found.row, shown)}{unsure}"


def _next_opening(asked: Asked, index: NameIndex, held: Sequence[Hours], day: date) -> list[Line]:
    for ahead in range(1, _LOOK_AHEAD):
        later = day + timedelta(days=ahead)
        found = [each for each in openings(held, later) if each.closed is None and each.sure]
        if found:
            opens = min(index.value(each.row, "open") for each in found)
            shown = asked.phrase(
                Phrase.OPENS_NEXT, date=format_date(later, asked.language), open=_clock(opens, asked.language)
            )  # fmt: skip
            return [(shown, index.passage(found[0].row))]
    return []


def _usual(asked: Asked, index: NameIndex, row: int) -> str:
    return _span(asked, index, row, _days(index.value(row, "days"), asked.language))


def _span(asked: Asked, index: NameIndex, row: int, days: str) -> str:
    opens, closes = (_clock(index.value(row, column), asked.language) for column in ("open", "close"))
    return asked.phrase(Phrase.HOURS_ON, days=days, open=opens, close=closes)


def _clock(cell: str, language: str) -> str:
    """A time of the table in the language's form; 24:00 and what is no time stay."""
    hour, colon, minute = cell.strip().partition(":")
    if not colon or not (hour.isdecimal() and minute.isdecimal()) or int(hour) > 23 or int(minute) > 59:
        return cell
    return format_time(time(int(hour), int(minute)), language)


def _days(cell: str, language: str) -> str:
    """Weekdays in the asker's language, 日,祝 with the public holidays; what is no list of weekdays stays."""
    if cell == "毎日":
        return day_word("every_day", language)
    parts = [part for part in cell.split(",") if part != "祝"]
    try:
        shown = format_weekdays(",".join(parts), language)
    except ValueError:
        return cell
    return listed([shown, day_word("holidays", language)], language) if len(parts) < len(cell.split(",")) else shown
