"""Reads slot values from what residents write, and names the values in their language. Pure: no clock, no store."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from assistant.language.folding import View, unaccented, view
from assistant.language.numbers import format_date
from assistant.language.patterns import Rule
from assistant.services.birth_dates import birth_date
from assistant.services.catalogue import Days, Kind, Slot
from knowledge.passage import Table

_MOST_BUTTONS = 9  # LINE takes 13 quick replies; change, cancel and a person come beside
_SURE = 0.5  # share of a name that must be said for an item to be taken from a first message
_LONGEST = 400  # characters of a free text
_QUALIFIED = re.compile(r"[（(](.*)[）)]")
_HEAD = re.compile(r"^[^:：（(]*[:：]\s*")
_DEED = re.compile("(?:の処分|を捨てる|を出す|の引き取り)$")
_PARTS = re.compile(r"[・、,/／\s()（）：:]+")
_REFERENCE = re.compile(r"(?<![A-Z0-9])([A-Z]{2})[-‐‑–— ]?(\d{6})(?!\d)")
_LINK = re.compile(r"https?://[^\s<>\"'、。（）]{4,500}")
_PHOTO = re.compile(r"photo:[0-9a-f]{32}")
_DATES = (
    (re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})"), "ymd"),
    (re.compile(r"(?<!\d)(\d{1,2})月(\d{1,2})日?"), "md"),
    (re.compile(r"(?<!\d)(\d{1,2})(?: th[áa]ng |/|[.](?=\d))(\d{1,2})(?!\d)"), "??"),
)
_MONTHS = {
    name: n for n, names in enumerate((
        "jan january janeiro", "feb february fevereiro fev", "mar march março marco", "apr april abril abr",
        "may maio mai", "jun june junho", "jul july julho", "aug august agosto ago", "sep sept september setembro set",
        "oct october outubro out", "nov november novembro", "dec december dezembro dez",
    ), 1) for name in names.split()
}  # fmt: skip
_NAMED = re.compile(r"(?:(\d{1,2})(?:st|nd|rd|th)?(?: de| of)? ([a-zç]{3,9})|([a-zç]{3,9}) (\d{1,2}))(?![a-z0-9])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What values are read against."""

    tables: Sequence[Table]  # the town's fee tables
    today: date  # in Japan
    language: str  # the resident's
    photos: frozenset[str] = frozenset()  # "photo:…" of each that was sent in this conversation


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """A value, or several that it could be; neither: nothing was read. `problem` names why, in flow_words."""

    value: str = ""
    several: tuple[str, ...] = ()
    problem: str = "again"
    sure: bool = True  # False: only a lesser part of the name was said


def read(slot: Slot, text: str, near: Surroundings) -> Read:
    """The slot's value in a text: a row's key, an option's id, an ISO date, or the text itself."""
    plain = unicodedata.normalize("NFKC", text).strip()
    match slot.kind:
        case Kind.ITEM:
            return _item(slot, plain, near)
        case Kind.OPTION:
            found = next((option.id for option in slot.options if says(option.cues, plain)), "")
            return Read(value=found)
        case Kind.DAY:
            return _day(slot, plain, near)
        case Kind.REFERENCE:
            number = _REFERENCE.search(plain.upper())
            return Read(value=f"{number[1]}-{number[2]}" if number else "")
        case Kind.BIRTH_DATE:
            born = birth_date(plain, near.today, day_first=near.language in ("vi", "pt-BR"))
            return Read(value=born.isoformat() if born else "")
        case Kind.PHOTO:
            sent = _PHOTO.search(plain)
            link = _LINK.search(plain)
            return Read(value=sent[0] if sent and sent[0] in near.photos else link[0] if link else "")
        case Kind.ADDRESS:
            whole = 4 <= len(plain) <= _LONGEST and any(c.isdigit() or c in "一二三四五六七八九" for c in plain)
            return Read(value=" ".join(plain.split()) if whole else "")
        case Kind.TEXT:
            said = plain and (len(plain) > 1 or "\u3040" <= plain <= "\u9fff")  # 穴 says enough, x does not
            return Read(value=" ".join(plain.split()) if said and len(plain) <= _LONGEST else "")


def choices(slot: Slot, near: Surroundings) -> tuple[str, ...]:
    """The values that are offered as buttons; none for free text."""
    if slot.kind is Kind.ITEM:
        return tuple(key for key, _, _ in _rows(slot, near.tables))[:_MOST_BUTTONS]
    if slot.kind is Kind.OPTION:
        return tuple(option.id for option in slot.options)
    if slot.days is not None:
        return tuple(day.isoformat() for day in offered(slot.days, near.today))[:_MOST_BUTTONS]
    return ()


def name(slot: Slot, value: str, language: str, near: Surroundings) -> str:
    """A value in the resident's language."""
    if slot.kind is Kind.ITEM:
        row = next((r for r in _rows(slot, near.tables) if r[0] == value), None)
        if row is None:
            return value
        local = dict(row[2].local).get(language, "")
        shown = row[1].get(local, "") or value
        return _inner(shown)
    if slot.kind is Kind.OPTION:
        return next((o.label[language] for o in slot.options if o.id == value), value)
    if slot.kind is Kind.DAY:
        return format_date(date.fromisoformat(value), language)
    return value


def place_of(slot: Slot, value: str, near: Surroundings) -> tuple[Table, int] | None:
    """The table and the row of a value; None when the row is gone."""
    for table in near.tables:
        keys = [row[table.columns.index(table.key)] for row in table.rows] if table.kind == "fees" else []
        if value.startswith(slot.rows) and value in keys:
            return table, keys.index(value)
    return None


def price(slot: Slot, value: str, near: Surroundings) -> int | None:
    """What a row costs by the town's own table, in yen; None when the row or its price is gone."""
    row = next((r for r in _rows(slot, near.tables) if r[0] == value), None)
    yen = row[1].get("yen", "") if row else ""
    return int(yen) if yen.isdigit() else None


def offered(days: Days, today: date) -> list[date]:
    """The days of the rule, without the turn of the year (31 December to 3 January)."""
    all_days = (today + timedelta(days=n) for n in range(days.earliest, days.latest + 1))
    closed = {(12, 31), (1, 1), (1, 2), (1, 3)}
    return [day for day in all_days if day.weekday() in days.weekdays and (day.month, day.day) not in closed]


def says(rules: Iterable[Rule], text: str) -> bool:
    """True when a rule of any language finds its cue: residents mix languages."""
    forms = view(text)
    return any(rule.search(forms) is not None for rule in rules)


def _rows(slot: Slot, tables: Sequence[Table]) -> list[tuple[str, dict[str, str], Table]]:
    """(key, cells by column, table) of the rows that the slot offers."""
    found = []
    for table in tables:
        if table.kind == "fees":
            for row in table.rows:
                cells = dict(zip(table.columns, row, strict=True))
                if cells[table.key].startswith(slot.rows):
                    found.append((cells[table.key], cells, table))
    return found


def _item(slot: Slot, text: str, near: Surroundings) -> Read:
    """The row that the text names; several when it could be others too: their prices differ.

    A row's whole name decides, then a word that no other row has (double, 2人用). An alias decides only where no other
    row holds the words: ベッド is an alias of the single bed, but a double bed is one too.
    """
    forms = view(text)
    found: list[_Match] = []
    for key, cells, table in _rows(slot, near.tables):
        own = [_match(key, each, forms) for each in (key, *(cells.get(column, "") for _, column in table.local))]
        others = [_match(key, alias, forms) for alias in cells.get(table.aliases, "").split("|")]
        best = max((*own, *others), key=lambda match: (match.held, match.share))
        if best.held:
            found.append(replace(best, whole=any(m.share == 1.0 and m.held == best.held for m in own)))
    most = max((match.held for match in found), default=0)
    first = [match for match in found if match.held == most]
    alone = first[0].words.difference(*(m.words for m in found if m is not first[0])) if len(first) == 1 else None
    rivals = [match for match in found if match.held >= most / 2]
    for chosen in ([m for m in first if m.whole], first if alone else [], rivals):
        if len(chosen) == 1:
            return Read(value=chosen[0].key, sure=chosen[0].share >= _SURE)
    return Read(several=tuple(m.key for m in rivals[:_MOST_BUTTONS]), problem="several" if rivals else "again")


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


def _match(key: str, row_name: str, forms: View) -> _Match:
    folded = unicodedata.normalize("NFKC", _DEED.sub("", _inner(row_name))).casefold()
    if folded.isascii() or any("\u00c0" <= c <= "\u1eff" for c in folded):
        if not forms.accented:  # ghe sofa: typed without any accents
            folded = unaccented(folded)
        parts = _words(folded)
        said = parts & _words(forms.spaced.text)
    else:
        parts = {part for part in _PARTS.split(folded) if len(part) > 1 or "\u4e00" <= part <= "\u9fff"}
        said = {_said(part, forms.tight.text) for part in parts} - {""}
    return _Match(key=key, words=frozenset(said), size=sum(len(part) for part in parts))


def _said(part: str, tight: str) -> str:
    """The part when the text holds it, or its beginning when that is all the text is: 2人用 of 2人用以上."""
    return part if part in tight else tight if len(tight) > 1 and part.startswith(tight) else ""


def _inner(row_name: str) -> str:
    """The name without what all names of the table begin with: 粗大ごみ（…）, Bulky waste: …, 大件垃圾：…"""
    bare = _HEAD.sub("", row_name)
    inner = _QUALIFIED.search(bare)
    return inner[1] if inner and bare == row_name and bare.endswith("）") else bare


def _words(text: str) -> set[str]:
    return {w[:-1] if len(w) > 3 and w.endswith("s") and not w.endswith("ss") else w
            for w in re.findall(r"[^\W\d]{2,}", text) if w not in _SMALL}  # fmt: skip


_SMALL = frozenset(
    "a an the or of for and with to my de do da e ou em rác cồng kềnh từ trở lên bulky waste rac cong kenh tu tro len"
    .split()
)  # fmt: skip


def _day(slot: Slot, text: str, near: Surroundings) -> Read:
    """The one offered day that the text names, in whatever order its day and month stand."""
    assert slot.days is not None
    possible = offered(slot.days, near.today)
    named = list(_dates(text.casefold(), near.today))
    fitting = [day for day in possible if day in named]
    if len(fitting) == 1:
        return Read(value=fitting[0].isoformat())
    return Read(problem="several" if fitting else "not_offered" if named else "again",
                several=tuple(day.isoformat() for day in fitting))  # fmt: skip


def _dates(text: str, today: date) -> Iterable[date]:
    for pattern, order in _DATES:
        for found in pattern.finditer(text):
            a, b = int(found[1]), int(found[2])
            pairs = [(b, int(found[3]))] if order == "ymd" else [(a, b)] if order == "md" else [(a, b), (b, a)]
            for month, day in pairs:
                yield from _in_year(month, day, today, a if order == "ymd" else None)
    for found in _NAMED.finditer(text):
        month = _MONTHS.get(found[2] or found[3], 0)
        yield from _in_year(month, int(found[1] or found[4]), today, None)


def _in_year(month: int, day: int, today: date, year: int | None) -> Iterable[date]:
    """The date in the given year, else this year's or next year's."""
    for one in (year,) if year else (today.year, today.year + 1):
        try:
            yield date(one, month, day)
        except ValueError:
            continue
