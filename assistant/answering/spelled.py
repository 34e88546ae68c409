"""Numbers spelled out in English, Vietnamese and Portuguese, as digits: fourteen days → 14 days."""

from __future__ import annotations

import re
from functools import lru_cache


def _counted(words: str, start: int = 0, step: int = 1) -> dict[str, int]:
    """Each word with its number, from `start` in steps."""
    return {word: start + step * n for n, word in enumerate(words.split())}


_EN = _counted(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
) | _counted("twenty thirty forty fifty sixty seventy eighty ninety", 20, 10)
_PT = (
    _counted(
        "zero um dois três quatro cinco seis sete oito nove dez onze doze treze quatorze quinze dezesseis dezessete "
        "dezoito dezenove"
    )
    | _counted("vinte trinta quarenta cinquenta sessenta setenta oitenta noventa", 20, 10)
    | _counted("cento duzentos trezentos quatrocentos quinhentos seiscentos setecentos oitocentos novecentos", 100, 100)
    | {"uma": 1, "duas": 2, "catorze": 14, "cem": 100}
)
_VI = _counted("không một hai ba bốn năm sáu bảy tám chín mười") | {"mốt": 1, "tư": 4, "lăm": 5, "bẩy": 7}
_TIMES = {"hundred": 100, "thousand": 1000, "mil": 1000, "mươi": 10, "trăm": 100, "nghìn": 1000, "ngàn": 1000}

# Before these, 'one' (um, một) is a number; before others it is an article: one day, but um formulário.
_ONE = {
    "en": r"(?:days?|weeks?|months?|years?|hours?|minutes?|yen|percent|copy)\b",
    "pt": r"(?:dias?|semanas?|mês|meses|anos?|horas?|minutos?|ienes?|via|cópia)\b",
    "vi": r"(?:ngày|tuần|tháng|năm|giờ|tiếng|phút|yên|bản|tờ)\b(?!\s+\d)",
}
# Before these, a short Vietnamese word is a number and not its other sense.
_VI_UNIT = (
    r"(?:ngày|tuần|tháng|năm|giờ|tiếng|phút|người|bản|tờ|lần|yên|loại|giấy|bước|chữ số|tầng|tấm|bộ|phần trăm)\b"
    r"(?!\s+\d)"
)
_ORDINALS = _counted("first second third fourth fifth sixth seventh eighth ninth tenth", 1)
_ORDINAL = re.compile(rf"\b({'|'.join(_ORDINALS)})(?= (?:floor|week|month|day|monday|tuesday|wednesday|thursday|friday|"
                      r"saturday|sunday)\b)")  # fmt: skip
_PT_ORDINAL = re.compile(r"\b(primeiro|segundo|terceiro|quarto|quinto)(?= (?:andar|dia)\b)|\bprimeiro(?= de [a-zç]+\b)")
_PT_ORDINALS = {"primeiro": 1, "segundo": 2, "terceiro": 3, "quarto": 4, "quinto": 5}
_VI_MONTH = re.compile(
    r"\btháng (mười một|mười hai|một|giêng|hai|ba|tư|năm|sáu|bảy|tám|chín|mười|chạp)\b(?! (?:ngày|tuần|\d))"
)
_VI_MONTHS = {"một": 1, "giêng": 1, "hai": 2, "ba": 3, "tư": 4, "năm": 5, "sáu": 6, "bảy": 7, "tám": 8, "chín": 9,
              "mười": 10, "mười một": 11, "mười hai": 12, "chạp": 12}  # fmt: skip


def spelled_as_digits(text: str, language: str) -> str:
    """The text with spelled-out numbers as digits; lower-case text is expected.

    'one' (um, một) is only a number before a unit such as 'day', for elsewhere it is an article; the same holds for
    short Vietnamese words with other senses (năm is five and year, ba is three and father).
    """
    if language.startswith("en"):
        text = text.replace("twice", "2 times").replace("a fortnight", "2 weeks")
        text = _ORDINAL.sub(lambda m: str(_ORDINALS[m[1]]), text)
        return _convert(text, "en")
    if language.startswith("pt"):
        text = _PT_ORDINAL.sub(lambda m: str(_PT_ORDINALS[m[1] or "primeiro"]), text)
        return _convert(text, "pt")
    if language.startswith("vi"):
        text = _VI_MONTH.sub(lambda m: f"tháng {_VI_MONTHS[m[1]]}", text)
        return _convert(text, "vi")
    return text


@lru_cache(maxsize=3)
def _grammar(language: str) -> tuple[dict[str, int], re.Pattern[str], re.Pattern[str]]:
    """Word values, the phrase pattern, and the units before which 'one' is a number."""
    values = {"en": _EN, "pt": _PT, "vi": _VI}[language]
    words = "|".join(sorted([*values, *_TIMES], key=len, reverse=True))
    joint = {"en": r"(?:-| and | )", "pt": r"(?: e | )", "vi": r"(?: linh | lẻ | )"}[language]
    before = r"(?<!\bthứ )(?<!\d )" if language == "vi" else r"(?<!\d )"
    return values, re.compile(rf"{before}\b(?:{words})(?:{joint}(?:{words}))*\b"), re.compile(rf"\s+{_ONE[language]}")


def _convert(text: str, language: str) -> str:
    values, phrase, one = _grammar(language)
    unit = re.compile(rf"\s+{_VI_UNIT}")

    def digits(match: re.Match[str]) -> str:
        words = re.findall(r"[^\W\d_]+", match[0])
        numeric = [word for word in words if word in values or word in _TIMES]
        if language == "vi" and numeric[-1] == "năm" and len(numeric) > 1 and not unit.match(text, match.end()):
            numeric, tail = numeric[:-1], " năm"  # 'ba năm' is three years
        else:
            tail = ""
        alone = len(numeric) == 1
        if alone and not tail and values.get(numeric[0]) == 1 and not one.match(text, match.end()):
            return match[0]
        if alone and not tail and language == "vi" and numeric[0] != "mười" and not unit.match(text, match.end()):
            return match[0]
        return " ".join(map(str, _numbers(numeric, values))) + tail

    return phrase.sub(digits, text)


def _numbers(words: list[str], values: dict[str, int]) -> list[int]:
    """The numbers that a run of number words says: twenty one → [21], seven eight → [7, 8]."""
    found: list[int] = []
    total, section = 0, 0
    pending: int | None = None
    for word in words:
        times = _TIMES.get(word) if word not in values else None
        if times is not None and times >= 1000:
            total, section, pending = total + (section + (pending or 0) or 1) * times, 0, None
        elif times is not None:
            section, pending = section + (pending if pending is not None else 1) * times, None
        elif pending is None:
            pending = values[word]
        elif _adds(pending, values[word]):
            section, pending = section + pending, values[word]
        else:
            found.append(total + section + pending)
            total, section, pending = 0, 0, values[word]
    found.append(total + section + (pending or 0))
    return found


def _adds(before: int, value: int) -> bool:
    """True when the second word continues the first: twenty one, cento e dez, mười bốn."""
    if before >= 100:
        return value < 100
    return before >= 10 and before % 10 == 0 and 0 < value < 10
