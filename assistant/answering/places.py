"""Fees, facilities and shelters, by name or by district."""

from __future__ import annotations

from assistant.answering.cues import has_cue
from assistant.answering.looked_up import MOST_ROWS, Asked, Line, choose, reply
from assistant.answering.names import Match, NameIndex
from assistant.language.numbers import format_yen
from assistant.language.phrases import Phrase
from assistant.model import Ask, Facet, Reply

_SURE = 0.34  # share of the question that a name must be: 'library' in a long question is not about the library
_HAZARDS = {
    "flood": Phrase.FLOOD,
    "landslide": Phrase.LANDSLIDE,
    "storm_surge": Phrase.STORM_SURGE,
    "earthquake": Phrase.EARTHQUAKE,
    "tsunami": Phrase.TSUNAMI,
    "fire": Phrase.LARGE_FIRE,
}


def fee_answer(asked: Asked, index: NameIndex) -> Reply | None:
    """The fees of everything that bears the name in the question, the named one first."""
    if Facet.FEE not in asked.facets and not has_cue("fee", asked.question, asked.language):
        return None
    matches = sure_matches(asked, index)
    if not matches:
        return None
    lines: list[Line] = []
    for row in family(index, matches[0].row):
        fee = format_yen(int(index.value(row, "yen") or 0), asked.language)
        unit = asked.unit(index.value(row, "unit"))
        shown = f"{fee} / {unit}" if unit and int(index.value(row, "yen") or 0) else fee
        lines.append((f"・{asked.phrase(Phrase.FEE_IS, item=index.name(row, asked.language), fee=shown)}",
                      index.passage(row)))  # fmt: skip
        note = asked.note(index.value(row, "note"))
        if note and (asked.japanese or note != index.value(row, "note")):
            lines.append((f"　{note}", None))
    return reply(asked, lines)


def facility_answer(asked: Asked, index: NameIndex) -> Reply | None:
    """Where the named facility is, with phone and hours."""
    wanted = {Facet.WHERE, Facet.PHONE} & set(asked.facets)
    matches = sure_matches(asked, index)
    if not matches or not (wanted or has_cue("place", asked.question, asked.language) or matches[0].share > 0.9):
        return None
    longest = [m.row for m in matches if m.length == matches[0].length][:3]
    lines = []
    for row in longest:
        passage = index.passage(row)
        address = index.value(row, "address")
        lines.append((asked.phrase(Phrase.FACILITY_IS, name=index.name(row, asked.language), address=address), passage))
        for phrase, column in ((Phrase.PHONE, "phone"), (Phrase.WHEN, "hours"), (Phrase.CLOSED, "closed")):
            if index.value(row, column):
                lines.append((f"{asked.phrase(phrase)}: {asked.fact(index.value(row, column))}", passage))
    return reply(asked, lines)


def shelter_answer(asked: Asked, index: NameIndex) -> Reply | Ask | None:
    """The shelters of a district, with the disasters that each is for; asks for the district when it matters."""
    if not has_cue("shelter", asked.question, asked.language):
        return None
    named = asked.districts.named(asked.question)
    rows = [n for n in range(len(index.table.rows)) if index.value(n, "district") == named]
    if named is None or not rows:
        if Facet.WHERE not in asked.facets and not has_cue("place", asked.question, asked.language):
            return None
        options = [(asked.district(name), f"{name} {asked.question}") for name in _districts(index)]
        return choose(asked, asked.phrase(Phrase.ASK_DISTRICT_SHELTER), options)
    lines: list[Line] = [(asked.phrase(Phrase.SHELTERS_IN, district=asked.district(named)), None)]
    for row in rows[: 2 * MOST_ROWS]:
        hazards = ", ".join(asked.phrase(p) for column, p in _HAZARDS.items() if index.value(row, column) == "1")
        line = asked.phrase(Phrase.SHELTER_FOR, name=index.name(row, asked.language), hazards=hazards)
        lines.append((f"・{line} {index.value(row, 'address')}", index.passage(row)))
    lines.append((asked.phrase(Phrase.SHELTER_WARNING), None))
    return reply(asked, lines)


def family(index: NameIndex, row: int) -> list[int]:
    """The row and those that are named alike but for what stands in parentheses, at most MOST_ROWS."""
    stem = index.value(row, index.table.key).partition("（")[0]
    rows = range(len(index.table.rows))
    alike = [n for n in rows if n != row and index.value(n, index.table.key).partition("（")[0] == stem]
    return [row, *alike][:MOST_ROWS]


def _districts(index: NameIndex) -> list[str]:
    names = dict.fromkeys(index.value(n, "district") for n in range(len(index.table.rows)))
    return sorted((name for name in names if name), key=len, reverse=True)


def sure_matches(asked: Asked, index: NameIndex, least: float = _SURE) -> list[Match]:
    """The rows whose name is so much of the question that it is about them."""
    found = index.find(asked.question, asked.language) or index.find_beside(asked.question, asked.language)
    return [match for match in found if match.share >= least]
