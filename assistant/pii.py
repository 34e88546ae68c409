"""Personal data in what residents write: found and hidden before anything is stored, searched or shown.

Own detectors, because word boundaries (`\\b`) miss what is glued to kana: digits are bounded by look-arounds, numbers
with check digits are verified, and widths, kinds of hyphen, spaces and invisible characters between digits don't help
to slip through. A name is found only where somebody introduces it; 法人番号 is public and stays.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

from assistant.pii_names import find_names

MARK = re.compile("〔[^〔〕]{1,12}〕")
"""What a hidden part looks like afterwards: 〔電話番号〕. Facets and searches leave it out (`without_marks`)."""

_SIGNS = "[-‐‑‒–—―−ーｰ. \u3000\u00a0()\u00ad\u200b-\u200f\u2060\ufeff\ufe0f\u20e3]"
_S = _SIGNS + "{0,3}"  # what may stand between two digits
_KANJI_DIGITS = str.maketrans("〇一二三四五六七八九", "0123456789")
_END = r"(?!\d|[年月日時円%]|,\d)"  # a date or an amount is no number of an account
_ACCOUNT_WORDS = (
    "口座番号|基礎年金番号|年金番号|被保険者(?:証)?(?:の)?番号|保険証(?:の)?(?:記号)?番号|記号番号|受給者(?:証)?番号|"
    "住民票コード|世帯番号|宛名番号|免許証?(?:の)?番号|パスポート番号|旅券番号|"
    "account (?:number|no)|insurance (?:card )?number|licen[cs]e number|passport (?:number|no)|"
    "账号|账户|帐号|保险证号|护照号|驾照号|số tài khoản|so tai khoan|stk|số thẻ|so the|số hộ chiếu|so ho chieu|"
    "n[uú]mero d[ao] (?:conta|cart[aã]o|passaporte|carteira|seguro)|conta (?:corrente|poupan[cç]a)"
)
_BANK_WORDS = "銀行|信用金庫|信金|農協|支店|ゆうちょ|普通|当座|口座"
_PASSPORT_WORDS = "パスポート|旅券|passport|护照|護照|hộ chiếu|ho chieu|passaporte"
_BIRTH_WORDS = (
    "生年月日|誕生日|生まれた(?:日|のは)|(?:date of birth|birthday|dob|born(?: on)?)|出生日期|出生于|生日|"
    "ngày sinh|ngay sinh|sinh ngày|sinh ngay|data de nascimento|nascid[oa] em|nasci em"
)
_POSTAL_WORDS = "〒|郵便番号|postal code|zip(?: code)?|邮编|mã bưu điện|cep"
_MY_NUMBER_WORDS = "マイナンバー|個人番号|my ?number|个人编号|個人編號"
_MONTHS = (
    "jan(?:uary|eiro)?|feb(?:ruary)?|fev(?:ereiro)?|mar(?:ch|ço|co)?|apr(?:il)?|abr(?:il)?|may|maio|june?|junho|july?|"
    "julho|aug(?:ust)?|agosto|sep(?:tember)?|set(?:embro)?|oct(?:ober)?|out(?:ubro)?|nov(?:ember|embro)?|dec(?:ember)?|"
    "dez(?:embro)?"
)
_DATE = (
    r"(?:(?:明治|大正|昭和|平成|令和|[mtshr])\.?(?:\d{1,2}|元)[年./-]\d{1,2}[月./-]\d{1,2}日?"
    r"|(?:19|20)\d\d ?[年./-] ?\d{1,2} ?[月./-] ?\d{1,2} ?[日号]?|(?:19|20)\d{6}(?!\d)"
    rf"|\d{{1,2}}[/.-]\d{{1,2}}[/.-](?:19|20)?\d\d|(?:{_MONTHS})\.? \d{{1,2}}(?:st|nd|rd|th)?,? (?:19|20)\d\d"
    rf"|\d{{1,2}}(?:st|nd|rd|th)? (?:de )?(?:{_MONTHS})\.?,? (?:de )?(?:19|20)\d\d"
    r"|\d{1,2} tháng \d{1,2} năm \d{4}|\d{1,2} thang \d{1,2} nam \d{4})"
)
_PLACE = "(?<=[一-龥々ァ-ヶーぁ-ん])"
_CARD_NUMBER = rf"[a-z]{{2}}{_S}\d(?:{_S}\d){{7}}{_S}[a-z]{{2}}"
_CHOME = rf"\d{{1,3}}丁目[ \u3000]*\d{{1,4}}(?:番地?|号室?|の|\d|{_SIGNS}(?=\d))*"
_BANCHI = rf"\d{{1,4}}(?:番地?(?:の|\d|号室?|{_SIGNS}(?=\d))*|(?:[-‐‑−–ー]\d{{1,4}}){{1,3}}(?:号室?)?)"
_NOT_RANGE = "(?<!から)(?<!から )(?<![~〜])"  # birth dates from … to … are whom a rule is for, not a person
_BUILDING = (
    r"(?:[ \u3000]*[ァ-ヶーA-Za-z・一-龥々]{2,20}[ \u3000]*\d{1,4}(?:号室?)?|[ \u3000]*[ァ-ヶーA-Za-z・]{2,20}"
    r"|[ \u3000]*\d{1,4}号室?)?"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Masked:
    """A text whose personal data is hidden, and which kinds were hidden."""

    text: str
    kinds: tuple[str, ...]  # sorted, without repeats: "phone", "my_number", …


@dataclass(frozen=True, slots=True)
class _Detector:
    kind: str
    mark: str
    pattern: re.Pattern[str]  # group "it" is hidden if there is one, else the whole match
    accept: Callable[[str], bool] = lambda digits: True  # gets the digits of what is hidden


def mask(text: str, *, allow: Collection[str] = ()) -> Masked:
    """The text with personal data replaced by marks such as 〔電話番号〕; masking again changes nothing.

    `allow` holds telephone numbers that are public (the town's own), in any writing.
    """
    public = frozenset(_digits(_plain(number)) for number in allow)
    kinds: set[str] = set()
    while True:
        found = _find(text, public)
        if not found:
            return Masked(text=text, kinds=tuple(sorted(kinds)))
        for start, end, detector_kind, mark in reversed(found):
            kinds.add(detector_kind)
            text = text[:start] + mark + text[end:]


def without_marks(masked: str) -> str:
    """The masked text with its marks as single spaces, for matching and searching."""
    return MARK.sub(" ", masked)


def _find(text: str, public: frozenset[str]) -> list[tuple[int, int, str, str]]:
    """What to hide as (start, end, kind, mark), in order and without overlaps; earlier detectors go first."""
    taken = [match.span() for match in MARK.finditer(text)]
    found: list[tuple[int, int, str, str]] = []
    for start, end, kind, mark in _candidates(text, public):
        if start < end and not any(start < b and a < end for a, b in taken):
            taken.append((start, end))
            found.append((start, end, kind, mark))
    return sorted(found)


def _candidates(text: str, public: frozenset[str]) -> Iterator[tuple[int, int, str, str]]:
    plain = _plain(text)
    numbers = plain.translate(_KANJI_DIGITS)
    for detector in _DETECTORS:
        for match in detector.pattern.finditer(numbers):
            group = "it" if "it" in detector.pattern.groupindex else 0
            digits = _digits(match[group])
            if detector.accept(digits) and not (detector.kind == "phone" and digits in public):
                yield *match.span(group), detector.kind, f"〔{detector.mark}〕"
    for start, end in find_names(plain):
        yield start, end, "name", "〔氏名〕"


def _plain(text: str) -> str:
    """ASCII digits, letters and signs for all their kinds, lower case; the length stays the same."""
    return "".join(map(_plain_letter, text))


def _plain_letter(letter: str) -> str:
    value = unicodedata.digit(letter, None)
    if value is not None:
        return str(value)
    wide = chr(ord(letter) - 0xFEE0) if "！" <= letter <= "～" else letter
    lower = wide.lower()
    return lower if len(lower) == 1 else wide


def _digits(text: str) -> str:
    return "".join(c for c in text if c in "0123456789")


def is_my_number(digits: str) -> bool:
    """True for 12 digits whose last is the check digit of 個人番号.

    Source: 行政手続における特定の個人を識別するための番号の利用等に関する法律…総務省令（平成26年総務省令第85号）第5条:
    11 minus (sum of P(n)·Q(n), n from the right, Q = n+1 up to 6 and n-5 from 7) mod 11; 0 when that rest is 0 or 1.
    """
    if len(digits) != 12:
        return False
    total = sum(int(p) * (n + 1 if n <= 6 else n - 5) for n, p in enumerate(reversed(digits[:11]), start=1))
    rest = total % 11
    return int(digits[11]) == (0 if rest <= 1 else 11 - rest)


def is_card_number(digits: str) -> bool:
    """True for 14 to 19 digits that pass the Luhn check (ISO/IEC 7812-1); 13 digits are a 法人番号 here."""
    if not 14 <= len(digits) <= 19 or len(set(digits)) == 1:
        return False
    doubled = (int(d) * (2 if i % 2 else 1) for i, d in enumerate(reversed(digits)))
    return sum(d - 9 if d > 9 else d for d in doubled) % 10 == 0


def _is_personal_phone(digits: str) -> bool:
    """Mobile and landline numbers; free-dial and navi-dial lines (0120, 0570, 0990) belong to offices."""
    return not digits.startswith(("0120", "0570", "0990"))


def _detector(kind: str, mark: str, pattern: str, accept: Callable[[str], bool] | None = None) -> _Detector:
    compiled = re.compile(pattern)
    return _Detector(kind, mark, compiled, accept) if accept else _Detector(kind, mark, compiled)


def _run(count: str) -> str:
    """A regex of `count` digits with separators between them."""
    return rf"(?:{_S}\d){{{count}}}"


_DETECTORS = (
    _detector("email", "メール", r"[a-z0-9._%+'-]+@[a-z0-9-]+(?:\.[a-z0-9-]+)+"),
    _detector("residence_card", "在留カード番号", rf"(?<![a-z0-9]){_CARD_NUMBER}(?![a-z0-9])"),
    _detector("card", "カード番号", rf"(?<!\d)\d{_run('13,18')}(?!\d)", is_card_number),
    _detector("my_number", "個人番号", rf"(?<!\d)\d{_run('11')}(?!\d)", is_my_number),
    _detector("my_number", "個人番号", rf"(?:{_MY_NUMBER_WORDS})[^0-9\n]{{0,12}}(?P<it>\d{_run('11')})(?!\d)"),
    _detector("birth_date", "生年月日", rf"(?:{_BIRTH_WORDS})[^0-9\n]{{0,8}}?(?P<it>{_DATE})"),
    _detector("birth_date", "生年月日", rf"{_NOT_RANGE}(?P<it>{_DATE})(?= ?(?:生まれ|生れ|うまれ))"),
    _detector("account", "番号", rf"(?:{_ACCOUNT_WORDS})[^0-9\n]{{0,8}}?(?P<it>[a-z]{{0,2}}\d{_run('3,13')}){_END}"),
    _detector("account", "口座番号", rf"(?:{_BANK_WORDS})[^0-9\n]{{0,12}}(?P<it>\d{_run('6')}){_END}"),
    _detector("phone", "電話番号", rf"(?<!\d)(?:\+|00){_S}81{_S}(?:0{_S})?[1-9]{_run('8,9')}(?!\d)"),
    _detector("phone", "電話番号", rf"(?<!\d)\(?0{_S}[5-9]{_S}0{_run('8')}(?!\d)", _is_personal_phone),
    _detector("phone", "電話番号", rf"(?<!\d)\(?0{_run('9')}(?!\d)", _is_personal_phone),
    _detector("passport", "旅券番号", r"(?<![a-z0-9])[a-z]{2}\d{7}(?![a-z0-9])"),
    _detector("passport", "旅券番号", rf"(?:{_PASSPORT_WORDS})[^0-9\n]{{0,10}}?(?P<it>[a-z]{{1,2}}\d{{6,8}})(?!\d)"),
    _detector("postal_code", "郵便番号", rf"(?:{_POSTAL_WORDS})[ :：は]{{0,3}}(?P<it>\d{{3}}{_S}\d{{4}})(?!\d)"),
    _detector("address", "番地", _PLACE + _CHOME + _BUILDING),
    _detector("address", "番地", rf"(?<=[市区町村郡字])[ \u3000]*(?P<it>{_BANCHI}{_BUILDING})"),
)
