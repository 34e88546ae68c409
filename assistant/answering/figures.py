"""The figures that a text states: dates, times, telephone numbers, articles, weekdays, amounts, numbers.

Two texts in two languages state the same figure when one of its forms is equal: 14日以内 and 'within 14 days'.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from assistant.answering.figure_units import ANY, OTHER, bound_of, unit_after, unit_before, units_agree
from assistant.answering.hostile import LINK
from assistant.answering.numerals import number, plain_numbers
from assistant.answering.weekdays import NAMES, weekday_forms

Form = tuple[str, str]
"""Unit and value, such as ("day", "14"), ("time", "8:30"), ("date", "2026-4-1")."""

_TAKEN = "\x00"
_MONTH_NAMES = {
    name: n
    for names in (
        "january february march april may june july august september october november december",
        "jan feb mar apr may jun jul aug sept oct nov dec",
        "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
    )
    for n, name in enumerate(names.split(), 1)
}
_MONTH = "|".join(sorted(_MONTH_NAMES, key=len, reverse=True))
_YEAR = r"(?:19|20)\d{2}"
_ORDINAL = r"(?:st|nd|rd|th|º|ª|°)?"
_BARE_MONTH = (
    r"\b(january|february|april|june|july|august|september|october|november|december|janeiro|fevereiro|março|abril|maio|"
    r"junho|julho|agosto|setembro|outubro|novembro|dezembro)\b|\b(?:in|by|of|until|from|since|every|late|early|mid)[ -]"
    r"(may|march)\b"
)
_SHIFT = {"am": 0, "pm": 12}
_PM = r"午後|下午|晚上|夜|夕方|傍晚"
_AM = r"午前|上午|早上|朝|早晨"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One figure: all forms under which it may be stated, and the direction of its limit."""

    forms: frozenset[Form]
    bound: str = ""  # "up", "down", "before", "after" or ""


class Stated:
    """The figures that passages state, ready to be asked."""

    __slots__ = ("_bounds",)

    def __init__(self, figures: Iterable[Figure]) -> None:
        self._bounds: dict[str, dict[str, set[str]]] = {}  # value → unit → bounds
        for figure in figures:
            for unit, value in (*figure.forms, *_implied(figure.forms)):
                self._bounds.setdefault(value, {}).setdefault(unit, set()).add(figure.bound)
        if all("weekday" in self._bounds.get(day, {}) for day in NAMES[:5]):
            self._bounds["weekdays"] = {"weekday": {""}}

    def holds(self, figure: Figure) -> bool:
        """True when a passage states the figure in one of its forms."""
        return bool(self._matching(figure))

    def contradicts(self, figure: Figure) -> bool:
        """True when the passages state the figure, but only with the opposite limit (within for at least)."""
        opposite = {"up": "down", "down": "up", "before": "after", "after": "before"}.get(figure.bound)
        return opposite is not None and self._matching(figure) == {opposite}

    def shared(self, figures: Iterable[Figure]) -> int:
        """How many of the figures are stated."""
        return sum(self.holds(figure) for figure in figures)

    def _matching(self, figure: Figure) -> set[str]:
        found: set[str] = set()
        for unit, value in figure.forms:
            for stated, bounds in self._bounds.get(value, {}).items():
                if units_agree(unit, stated):
                    found |= bounds or {""}
        return found


def figures(text: str, language: str) -> tuple[Figure, ...]:
    """Every figure of a text; each decimal digit of it, except in list numbers, belongs to one. Never raises."""
    scan = _Scan(LINK.sub(_TAKEN, plain_numbers(text, language)))
    scan.found.extend(Figure(forms=frozenset({form})) for form in weekday_forms(scan.rest, language))
    _dates(scan, language)
    _times(scan, language)
    _codes(scan)
    _articles(scan)
    _words(scan)
    _numbers(scan)
    return tuple(scan.found)


class _Scan:
    """A text of which each reader takes its part, so that none is read twice."""

    def __init__(self, text: str) -> None:
        self.rest = text
        self.found: list[Figure] = []

    def take(self, pattern: str, forms: Callable[[re.Match[str]], Iterable[Form] | None]) -> None:
        """Turn each match into a figure and strike it out; None from `forms` leaves it standing."""

        def strike(match: re.Match[str]) -> str:
            made = forms(match)
            if made is None:
                return match[0]
            bound = bound_of(match.string, match.start(), match.end())
            self.found.append(Figure(forms=frozenset(made), bound=bound))
            return _TAKEN * len(match[0])

        self.rest = re.sub(pattern, strike, self.rest)


def _dates(scan: _Scan, language: str) -> None:
    day_first = language.startswith(("vi", "pt", "es", "id", "th", "my"))
    # 1: year, month, day by number
    scan.take(rf"({_YEAR})\s*年\s*(\d{{1,2}})\s*月\s*(\d{{1,2}})\s*[日号]", lambda m: _date(m[1], m[2], m[3]))
    scan.take(rf"(?<!\d)({_YEAR})([-/.])(\d{{1,2}})\2(\d{{1,2}})(?!\d)", lambda m: _date(m[1], m[3], m[4]))
    order = (2, 1) if day_first else (1, 2)
    scan.take(rf"(?<![\d/])(\d{{1,2}})/(\d{{1,2}})/({_YEAR})(?!\d)", lambda m: _date(m[3], m[order[0]], m[order[1]]))
    # 2: month by name
    scan.take(rf"\b({_MONTH})\.? (\d{{1,2}}){_ORDINAL},? ({_YEAR})\b", lambda m: _date(m[3], _month(m[1]), m[2]))
    scan.take(
        rf"\b(\d{{1,2}}){_ORDINAL}(?: of| de)? ({_MONTH})\.?,?(?: de)? ({_YEAR})\b",
        lambda m: _date(m[3], _month(m[2]), m[1]),
    )
    scan.take(
        rf"(?:\bngày )?\b(\d{{1,2}}) tháng (\d{{1,2}})(?:,? năm |[ /])({_YEAR})\b", lambda m: _date(m[3], m[2], m[1])
    )
    scan.take(rf"\b({_MONTH})\.?,?(?: of| de)? ({_YEAR})\b", lambda m: [("ym", f"{m[2]}-{_month(m[1])}")])
    scan.take(rf"\btháng (\d{{1,2}})(?: năm |/)({_YEAR})\b", lambda m: [("ym", f"{m[2]}-{number(m[1])}")])
    scan.take(rf"({_YEAR})\s*年\s*(\d{{1,2}})\s*月(?!間)", lambda m: [("ym", f"{m[1]}-{number(m[2])}")])
    # 3: without a year
    scan.take(r"(?<!\d)(\d{1,2})\s*月\s*(\d{1,2})\s*[日号]", lambda m: _month_day(m[1], m[2]))
    scan.take(rf"\b({_MONTH})\.? (\d{{1,2}}){_ORDINAL}\b(?!:)", lambda m: _month_day(_month(m[1]), m[2]))
    scan.take(rf"\b(\d{{1,2}}){_ORDINAL}(?: of| de)? ({_MONTH})\b", lambda m: _month_day(_month(m[2]), m[1]))
    scan.take(r"(?:\bngày )?\b(\d{1,2}) tháng (\d{1,2})\b", lambda m: _month_day(m[2], m[1]))
    scan.take(r"(?<![\d/])(\d{1,2})/(\d{1,2})(?![\d/])", lambda m: _slashed(m, day_first))
    scan.take(r"(?<!\d)(\d{1,2})月(?!間)", lambda m: [("calmonth", number(m[1]))])
    scan.take(r"\btháng (\d{1,2})\b", lambda m: [("calmonth", number(m[1]))])
    scan.take(_BARE_MONTH, lambda m: [("calmonth", _month(m[1] or m[2]))])
    scan.take(rf"(?<!\d)({_YEAR})年(?:度|生まれ)?(?!間|以上)", lambda m: [("calyear", m[1])])


def _times(scan: _Scan, language: str) -> None:
    scan.take(
        rf"({_AM}|{_PM})?\s*(?<![\d:])(\d{{1,2}})(?:\s*(?:時(?!間|期|点|刻)|时(?!间|期))\s*(?:(\d{{1,2}})\s*分?)?|:(\d{{2}})(?!\d))"
        r"(?:\s*(a\.?m\b\.?|p\.?m\b\.?))?(?:\s*(sáng|chiều|tối|trưa)\b|\s*da (manhã|tarde|noite))?(?!\d)",
        lambda m: _time(m[2], m[3] or m[4], m[1] or m[5] or m[6] or m[7]),
    )
    scan.take(r"(?<![\d:.])(\d{1,2})\s*(a\.?m\b\.?|p\.?m\b\.?)", lambda m: _time(m[1], None, m[2]))
    if language.startswith("zh"):
        scan.take(
            rf"({_AM}|{_PM})?\s*(?<!\d)(\d{{1,2}})\s*[点點](?!数)\s*(?:(\d{{1,2}})\s*分?)?",
            lambda m: _time(m[2], m[3], m[1]),
        )
    scan.take(
        r"(?<!\d)(\d{1,2})\s*(?:giờ|h(?![a-z]))\s*(\d{2})\b(?:\s*(?:phút|min\b))?(?:\s*(sáng|chiều|tối|trưa)\b|"
        r"\s*da (manhã|tarde|noite))?",
        lambda m: _time(m[1], m[2], m[3] or m[4]),
    )
    # 8 giờ and 8 horas are eight o'clock and eight hours alike.
    scan.take(
        r"(?<!\d)(\d{1,2})\s*(?:giờ|h(?![a-z0-9])|horas?\b)(?:\s*(sáng|chiều|tối|trưa)\b|\s*da (manhã|tarde|noite))?",
        lambda m: [*(_time(m[1], None, m[2] or m[3]) or ()), ("hour", number(m[1]))],
    )
    scan.take(r"正午|\bnoon\b|\bmidday\b|\bmeio-dia\b", lambda _: [("time", "12:00")])


def _codes(scan: _Scan) -> None:
    """Telephone numbers, postal codes and other hyphenated numbers."""
    scan.take(
        r"(?<![\d-])(\+\d{1,3}[ -]?)?\(?(\d{1,5})\)?(?: ?- ?| ?\(|\) ?| )\(?(\d{1,4})\)?(?: ?- ?|\) ?| )"
        r"(\d{3,4})(?![\d-])",
        lambda m: _phone(m[1] or "", "".join((m[2], m[3], m[4]))),
    )
    scan.take(r"(\d+)丁目(\d+)番地?(?:の)?(\d+)号?", lambda m: [("code", f"{m[1]}-{m[2]}-{m[3]}")])
    scan.take(r"(?<!\d)(\+?)(\d{10,12})(?!\d)", lambda m: _phone(m[1], m[2]))
    scan.take(r"(?<![\d-])〒?\s?(\d{3})-(\d{4})(?![\d-])", lambda m: [("code", f"{m[1]}-{m[2]}")])
    scan.take(r"(?<![\d-])\d+(?:-\d+){2,}(?![\d-])", lambda m: [("code", m[0])])


def _articles(scan: _Scan) -> None:
    scan.take(
        r"第?\s*(\d+)\s*[条條]((?:の\d+)*)",
        lambda m: [("article", "_".join(map(number, [m[1], *re.findall(r"\d+", m[2])])))],
    )
    scan.take(
        r"\b(?:articles?|artigos?|art\.|điều) (\d+)[º°]?((?:-\d+)*)\b",
        lambda m: [("article", "_".join(map(number, [m[1], *re.findall(r"\d+", m[2])])))],
    )
    scan.take(r"第?\s*(\d+)\s*(?:項|项|款)(?!目)", lambda m: [("paragraph", number(m[1]))] if m[0][0] == "第" else None)
    scan.take(
        r"\b(?:paragraphs?|parágrafos?|khoản) (\d+)[º°]?\b|§ ?(\d+)", lambda m: [("paragraph", number(m[1] or m[2]))]
    )
    scan.take(r"(\d+)分の(\d+)", lambda m: [("ratio", f"{number(m[2])}/{number(m[1])}")])
    scan.take(r"(?<!\d)(\d+(?:\.\d+)?)\s*割(?!引券)", lambda m: [("percent", _tenfold(m[1]))])


def _words(scan: _Scan) -> None:
    """Figures without a digit: free of charge, half a year, public holidays."""
    scan.take(
        r"無料|免费|免費|(?:手数料|お金)は(?:かかりません|いりません)|miễn phí|không (?:mất|thu|tính) phí|"
        r"\bgrátis\b|\bgratuit[ao]s?(?:mente)?\b|\bsem (?:custo|taxa)s?\b|\bno (?:fee|charge)\b|without charge|"
        r"(?<!feel )(?<![\w-])free\b(?! (?:to|from)\b)(?!-)|(?<!feel )(?<![\w-])free (?=of charge|to use)",
        lambda _: [("yen", "0")],
    )
    scan.take(r"半年|half a year|nửa năm|meio ano", lambda _: [("half", "year"), ("month", "6")])
    scan.take(
        r"半額|半价|half price|nửa giá|metade do (?:preço|valor)", lambda _: [("half", "price"), ("percent", "50")]
    )
    scan.take(
        r"祝日|祝休日|休日|节假日|節假日|(?:public|national) holidays?|ngày lễ|\bferiados?\b",
        lambda _: [("days", "holiday")],
    )


def _numbers(scan: _Scan) -> None:
    text = scan.rest
    for match in re.finditer(r"(?<![a-z\d])([a-z]+)(\d[a-z\d]*)|(\d+(?:\.\d+)?)(st\b|nd\b|rd\b|th\b|[ºª°])?", text):
        if match[1]:  # A4, N2
            scan.found.append(Figure(forms=frozenset({("code", match[0])})))
            continue
        value = number(match[3])
        units, end = unit_after(text, match.end())
        before = unit_before(text, match.start())
        if before != ANY and units in ((ANY,), (OTHER,)):
            units = (before,)
        forms = {(unit, value) for unit in units}
        scan.found.append(Figure(forms=frozenset(forms), bound=bound_of(text, match.start(), end)))


def _implied(forms: Iterable[Form]) -> list[Form]:
    """What follows from a stated figure: a date states its month and day."""
    more: list[Form] = []
    for unit, value in forms:
        parts = value.split("-")
        if unit == "date":
            more += [("md", f"{parts[1]}-{parts[2]}"), ("ym", f"{parts[0]}-{parts[1]}"), ("calyear", parts[0])]
        elif unit == "ym":
            more += [("calyear", parts[0]), ("calmonth", parts[1])]
        if unit in ("date", "md"):
            more += [("calmonth", parts[-2]), ("day", parts[-1])]
        if unit == "weekday" and value == "weekdays":
            more += [("weekday", day) for day in NAMES[:5]]
    return more


def _month(name: str) -> str:
    return str(_MONTH_NAMES[name])


def _date(year: str, month: str, day: str) -> list[Form]:
    return [("date", f"{year}-{number(month)}-{number(day)}")]


def _month_day(month: str, day: str) -> list[Form]:
    return [("md", f"{number(month)}-{number(day)}")]


def _slashed(match: re.Match[str], day_first: bool) -> list[Form]:
    first, second = number(match[1]), number(match[2])
    month, day = (second, first) if day_first else (first, second)
    return [("ratio", f"{first}/{second}"), *_month_day(month, day)]


def _time(hour: str, minute: str | None, half: str | None) -> list[Form] | None:
    h, m = int(hour), int(minute or 0)
    afternoon = bool(half) and bool(re.match(rf"p|{_PM}|chiều|tối|tarde|noite", half or ""))
    if h > 30 or m > 59:
        return None
    if afternoon and h < 12:
        h += 12
    return [("time", f"{h}:{m:02}")]


def _phone(plus: str, digits: str) -> list[Form] | None:
    country = re.sub(r"\D", "", plus)
    if country == "81" or (plus and digits.startswith("81")):
        digits = "0" + (digits if country else digits[2:]).lstrip("0")
    elif country:
        digits = country + digits
    return [("phone", digits)] if len(digits) >= 9 else None


def _tenfold(digits: str) -> str:
    whole, _, part = digits.partition(".")
    return number(whole + (part[:1] or "0") + (f".{part[1:]}" if part[1:] else ""))
