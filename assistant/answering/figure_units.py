"""What is counted, and in which direction a limit goes, as each language writes it.

Patterns are matched against `numerals.plain_numbers` text, which is lower case.
"""

from __future__ import annotations

import re

ANY = ""  # a bare number: 3
OTHER = "~"  # a number before a Latin word that is none of ours: 14 widgets

_UNITS: tuple[tuple[tuple[str, ...], str], ...] = (
    (("percent",), r"%|パーセント|per ?cent\b|por cento\b|phần trăm\b"),
    (("yen",), r"円|日元|日圆|日币|元(?!号|旦|年)|¥|yen\b|yên\b|ienes?\b|jpy\b"),
    (("workday",), r"営業日|開庁日|个?工作日|(?:business|working) days?\b|weekdays?\b|ngày làm việc\b|"
                   r"dias? út(?:eis|il)\b"),
    (("age",), r"歳|才|岁|周岁|years? (?:old|of age)\b|-year-olds?\b|tuổi\b|anos de idade\b"),
    (("year", "age"), r"anos?\b|years?\b|yrs?\b"),
    (("year",), r"年間?(?!度|中行事)|năm\b(?!\s+\d{4})"),
    (("month",), r"[かヶカケヵ箇個个]月間?|months?\b|tháng\b(?!\s+\d)|mês\b|meses\b"),
    (("week",), r"週間?(?!目)|周(?!年|岁)|个?星期(?![一二三四五六日天])|weeks?\b|tuần\b|semanas?\b"),
    (("hour",), r"時間|小时|hours?\b|hrs?\b|tiếng\b|horas\b"),
    (("minute",), r"分間?(?!の)|分钟|minutes?\b|mins?\b|phút\b|minutos?\b"),
    (("day",), r"日間?(?!曜)|天|days?\b|ngày\b|dias?\b"),
    (("person",), r"人|名|people\b|persons?\b|người\b|pessoas?\b"),
    (("sheet",), r"通|枚|部|冊|张|份|copies\b|copy\b|sheets?\b|photos?\b|bản\b|tờ\b|tấm\b|"
                 r"cópias?\b|vias?\b|folhas?\b|fotos?\b"),
    (("times",), r"回|次|倍|times?\b|lần\b|vez(?:es)?\b"),
    (("floor",), r"階|楼|层|f\b|floor\b|andar\b"),
    (("window",), r"番(?:の)?窓口|号窗口|番カウンター"),
    (("digit",), r"桁|位|けた|文字|digits?\b|characters?\b|chữ số\b|ký tự\b|dígitos?\b|caracteres\b"),
    (("kg",), r"kg\b|㎏|キロ(?:グラム)?(?!メートル)|公斤|quilos?\b|kilograms?\b"),
    (("cm",), r"cm(?![a-z])|センチ(?:メートル)?|厘米|centimet(?:re|er)s?\b|centímetros?\b"),
    (("m",), r"m(?![a-z0-9²³])|メートル|米(?!国)|met(?:re|er)s?\b|mét\b|metros?\b"),
    ((ANY,), r"個|个|つ|点|項目|项|種類?|种|か所|箇所|カ所"),
)  # fmt: skip
_FILLER = r"(?:(?:calendar|consecutive|full|whole|additional|corridos|consecutivos|dương lịch)\s+)?"
_COMPILED = tuple((units, re.compile(rf"\s*-?\s*{_FILLER}(?:{pattern})")) for units, pattern in _UNITS)
_JOINTS = re.compile(r"\s*(?:or|and|to|in|of|for|per|at|on|a|e|ou|de|em|por|và|hoặc|đến|ở|tại|là)\b")
_WEEKDAY = re.compile("[月火水木金土日]曜")
_CJK = re.compile(r"[\u3400-\u9fff々\u30a1-\u30fa]")
_LATIN = re.compile(r"\s?[^\W\d_]")

_PREFIXES: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (unit, re.compile(rf"(?:{pattern})\s*$"))
    for unit, pattern in (
        ("yen", r"¥|jpy"),
        ("floor", r"tầng|lầu"),
        ("window", r"(?:window|counter|quầy|cửa(?: sổ)?|guichê|balcão)(?: (?:no\.?|number|số|nº|n\.º|número))?"
                   r"|窓口|窗口"),
        ("day", r"\bngày|\bdia"),
    )
)  # fmt: skip

_BOUNDS: tuple[tuple[str, str, str], ...] = (
    ("up", r"no less than|not less than|at least|more than|over|above|minimum(?: of)?|ít nhất|tối thiểu|trên|hơn|"
           r"pelo menos|no mínimo|mais de|acima de|maiores de|超过|至少",
     r"以上|超|を超え|以降|以後|or (?:more|older|over|above|later)|and (?:over|above|older)|trở lên|ou mais"),
    ("down", r"within|up to|at most|no more than|not more than|no later than|less than|under|below|younger than|"
             r"maximum(?: of)?|trong vòng|tối đa|không quá|dưới|em até|até|no máximo|dentro de|menos de|menores de|"
             r"inferior a|不超过|不满|最多",
     r"以内|以下|未満|以前|之内|内(?!線|容|科)|未满|or (?:less|under|younger|fewer|below)|trở xuống|ou menos"),
    ("before", r"(?!x)x", r"前|before|prior|earlier|trước|antes"),
    ("after", r"(?!x)x", r"後|后|after|later|sau|depois|após"),
)  # fmt: skip
_BEFORE = tuple(
    (bound, re.compile(rf"(?:(?<![a-zà-ỹ])(?:{left}))\s*(?:a |an |de |the age of )?[¥]?\s*$"))
    for bound, left, _ in _BOUNDS
)
_AFTER = tuple((bound, re.compile(rf"\s*[(]?\s*(?:{right})")) for bound, _, right in _BOUNDS)


def unit_after(text: str, end: int) -> tuple[tuple[str, ...], int]:
    """The units that the number before `end` may count, and where the unit ends.

    (ANY,) when nothing is counted, ("?件",) for a counter that is only known by its sign, (OTHER,) before a Latin
    word that is none of ours.
    """
    for units, pattern in _COMPILED:
        match = pattern.match(text, end)
        if match is not None:
            return units, match.end()
    if _WEEKDAY.match(text, end):
        return (ANY,), end
    if _CJK.match(text, end):
        return (f"?{text[end]}",), end + 1
    if _LATIN.match(text, end) and not _JOINTS.match(text, end):
        letter = text[end:].lstrip()[:1]
        return ((OTHER,), end) if not _is_kana_or_han(letter) else ((ANY,), end)
    return (ANY,), end


def unit_before(text: str, start: int) -> str:
    """The unit that stands before the number at `start` (¥, tầng, window …); ANY when there is none."""
    window = text[max(0, start - 24) : start]
    for unit, pattern in _PREFIXES:
        if pattern.search(window):
            return unit
    return ANY


def bound_of(text: str, start: int, end: int) -> str:
    """ "up" (at least), "down" (within), "before", "after", or "" for the number and unit at start..end."""
    right = [bound for bound, pattern in _AFTER if pattern.match(text, end)]
    if right and right[0] in ("up", "down"):
        return right[0]
    window = text[max(0, start - 24) : start]
    found = [(match.start(), bound) for bound, pattern in _BEFORE if (match := pattern.search(window))]
    if found:
        return min(found)[1]  # the longest phrase: 'no more than' holds 'more than'
    return right[0] if right else ""


def units_agree(said: str, stated: str) -> bool:
    """True when a reply may say a number with unit `said` although the passage has it with unit `stated`.

    A bare number agrees with any; a bare number in the passage (a table's cell) lets the reply name the unit.
    """
    if said == stated:
        return True
    if said in (ANY, OTHER):
        return stated not in ("article", "paragraph")  # 第二条 bears out no '2 seals'
    return stated == ANY


def _is_kana_or_han(letter: str) -> bool:
    return bool(re.match(r"[\u3040-\u30ff\u3400-\u9fff]", letter))
