"""Text made ready to be read aloud: what only the eye needs goes, figures become words that are said."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

Match = re.Match[str]
HIDDEN = {"So", "Cs", "Co", "Cf", "Cc"}  # Unicode categories without sound: pictures, marks of direction, control

URL = re.compile(r"(?:https?://|www\.)[\w\-./?%&=#~:+@,;!$'*()]*[\w/=#&]", re.ASCII | re.IGNORECASE)
PAGE = re.compile(URL.pattern + r"\s*(?=[をかにでの])", re.ASCII | re.IGNORECASE)  # part of its sentence: said by name
MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.ASCII)
CITATION = re.compile(r"\s*\[\d{1,3}(?:\s*[,、]\s*\d{1,3})*\]")
LINK = re.compile(r"\[([^\]\n]+)\]\([^)\n]*\)")
MARKS = re.compile(r"(?m)^\s*(?:[-*•・]\s+|#{1,6}\s+|>\s+)|\*\*|__|`|※|★|☆|●|■|▼|◆")
# Numbers of telephones: they begin with 0, in two or three groups; 119 and such are said digit by digit by their name.
TELEPHONE = re.compile(r"(?<![\d-])(0\d{1,4})[-‐−–ー()（） ]{1,2}(\d{1,4})[-‐−–ー()（） ]{1,2}(\d{3,4})(?![\d-])")
SHORT_NUMBER = re.compile(r"(?<![\d.,-])(110|118|119|171|189|188|7119|8000)番")
POST_CODE = re.compile(r"〒\s*(\d{3})[-‐−–](\d{4})")
ISO_DAY = re.compile(r"(?<![\d-])(\d{4})-(\d{2})-(\d{2})(?![\d-])")
SLASHED_DAY = re.compile(r"(?<![\d/])(\d{1,2})/(\d{1,2})(?=[（(][月火水木金土日])")
FRACTION = re.compile(r"(?<![\d/])(\d{1,2})/(\d{1,3})(?![\d/])")
CLOCK = re.compile(r"(?<![\d:])([01]?\d|2[0-4]):([0-5]\d)(?![\d:])")
SPAN = re.compile(r"(?<=[\d時分日月年円歳階])\s*[〜～~]\s*(?=[\d午前後翌])")
WEEKDAYS = re.compile(r"(?<![一-龠\d])([月火水木金土日](?:[・、,][月火水木金土日])+)(曜日?)?(?![一-龠])")
ONE_WEEKDAY = re.compile(r"[（(]([月火水木金土日])[）)]")

DIGITS = dict(zip("0123456789", "ゼロ イチ ニー サン ヨン ゴー ロク ナナ ハチ キュー".split(), strict=True))
# Words that pyopenjtalk-plus 0.4.1 reads wrongly, or as no one at a counter says them.
SAID: tuple[tuple[re.Pattern[str], str], ...] = tuple((re.compile(pattern), said) for pattern, said in (
    (r"(?<=\d)\s*[lLℓ](?![A-Za-z])", "リットル"),
    (r"(?<=\d)\s*(?:㎡|m2|m²)", "平方メートル"),
    (r"(?i)\be-?tax\b", "イータックス"),
    (r"(?i)\be-?ltax\b", "エルタックス"),
    (r"土日祝日?", "土曜、日曜、祝日"),
    (r"年末年始", "ねんまつねんし"),
    (r"(?<=[たるいな])方(?=[はがをにのへもと、。」）)]|$)", "かた"),
    (r"(?<=外国籍の)方|(?<=代理の)方|(?<=お持ちの)方|(?<=以上の)方|(?<=以下の)方|(?<=未満の)方", "かた"),
    (r"他(?=の市|の町|の村|の自治体|の区)", "ほか"),
    (r"(?<!\d)\s*:|:(?!\d)", "、"),
    (r"[→⇒]", "、"),
))  # fmt: skip


def reading(text: str, language: str) -> str:
    """The text as it is to be said in `language` (BCP-47); empty when nothing is left to say.

    Addresses of pages and citation marks are left out, telephone numbers are said digit by digit, in Japanese also
    times, dates, weekdays and units in the words used at a counter.
    """
    plain = unicodedata.normalize("NFKC", text) if language.startswith("ja") else text
    if language.startswith("ja"):
        plain = PAGE.sub("ホームページ", plain)
    plain = URL.sub("", CITATION.sub("", LINK.sub(r"\1", plain)))
    plain = MARKS.sub("", plain)
    plain = "".join(c for c in plain if unicodedata.category(c) not in HIDDEN or c in "\n〒")
    said = _japanese(plain) if language.startswith("ja") else _spaced(plain)
    lines = (line.strip() for line in said.splitlines())
    return "\n".join(line for line in lines if any(c.isalnum() for c in line))


def _japanese(text: str) -> str:
    text = MAIL.sub("メールアドレス", text)
    text = POST_CODE.sub(lambda m: f"郵便番号、{_digits(m[1])}の、{_digits(m[2])}", text)
    text = TELEPHONE.sub(lambda m: "の、".join(_digits(m[group]) for group in (1, 2, 3)), text)
    text = SHORT_NUMBER.sub(lambda m: _digits(m[1]) + "番", text)
    text = ISO_DAY.sub(lambda m: f"{m[1]}年{int(m[2])}月{int(m[3])}日", text)
    text = SLASHED_DAY.sub(lambda m: f"{m[1]}月{m[2]}日", text)
    text = FRACTION.sub(lambda m: f"{m[2]}分の{m[1]}", text)
    text = CLOCK.sub(_clock, text)
    text = SPAN.sub("から", text)
    text = WEEKDAYS.sub(_weekdays, text)
    text = ONE_WEEKDAY.sub(r"、\1曜日、", text)
    for pattern, said in SAID:
        text = pattern.sub(said, text)
    return text


def _clock(match: Match) -> str:
    minutes = int(match[2])
    return f"{int(match[1])}時" + (f"{minutes}分" if minutes else "")


def _weekdays(match: Match) -> str:
    return "、".join(f"{day}曜" for day in re.split("[・、,]", match[1])) + ("日" if match[2] else "")


def _digits(number: str) -> str:
    return "".join(DIGITS[digit] for digit in number)


def _spaced(text: str) -> str:
    """Telephone numbers as digits apart, groups parted by a comma, which any voice says one by one."""
    text = MAIL.sub("", text)
    apart: Callable[[str], str] = " ".join
    text = TELEPHONE.sub(lambda m: ", ".join(apart(m[group]) for group in (1, 2, 3)), text)
    return SHORT_NUMBER.sub(lambda m: apart(m[1]), text)


# A full stop ends a sentence before a space, but not behind a single letter: 3.5, R. Sakura, example.jp.
# Thai has no mark: its sentences are parted by length, at spaces.
SENTENCE = re.compile(r".*?(?:[。！？!?।॥။]+[」』）)]*|(?<!\s[^\W\d_])\.(?=\s)|\n|$)")
LONGEST = 120  # characters said in one breath; longer ones are parted at commas


def sentences(text: str) -> list[str]:
    """Pieces that are said one after another, so that the first can be heard while the rest is made."""
    pieces: list[str] = []
    for found in SENTENCE.findall(text):
        rest = found.strip()
        while len(rest) > LONGEST:
            cut = max(rest.rfind(mark, 0, LONGEST) for mark in "、,; ，")
            cut = cut if cut > 0 else LONGEST - 1
            pieces.append(rest[: cut + 1].strip())
            rest = rest[cut + 1 :].strip()
        pieces.append(rest)
    return [piece for piece in pieces if any(c.isalnum() for c in piece)]
