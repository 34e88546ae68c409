"""What makes a sentence hard beside its words: passives, honorifics, double negation, Japanese years."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assistant.language.plain.lists import listed
from assistant.language.plain.word import Word

Place = tuple[int, int]
"""Start and end in the text, characters."""

_POLITE_NOUN = re.compile("[ごお御](?=[\u3400-\u9fff])")
EVERYDAY = re.compile(
    "[ごお御](?:飯|金|茶|湯|水|菓子|酒|礼|互い|祝|知らせ|願|父|母|兄|姉|子|客|年寄|正月|土産|弁当|皿|風呂|寺|墓|祭|手洗|腹|腰|昼|医者|"
    "嬢|主人|迎え|遣い|釣|札|面|産|盆|世辞|伽|馬鹿|店|宅|葬|見舞|巡り|くやみ|たのしみ|じ)"
)
_WHOLE = "|".join(("ないわけで(?:は|も)(?:ない|ありません)", "な(?:く|いこと)(?:は|も)(?:ない|ありません)",
                   "ないとは(?:限らない|限りません|言えない|言えません)"))  # fmt: skip
_DUTY = "(?!な(?:ら|り)|いけ|だめ)"
_DOUBLE = re.compile(
    f"{_WHOLE}|(?:ない限り|なければ{_DUTY}|ないと、{_DUTY}|ない場合(?:は|に)?|以外(?:は|に))[^。（）]{{0,40}}?(?:ません|ない(?!場合|限り))"
)
_ERA = re.compile("(?:明治|大正|昭和|平成|令和)\\s*(?:元|[0-9０-９]{1,2})\\s*年")
_WESTERN_BESIDE = re.compile("[0-9０-９]{4}年度?[（(・/]$")
_WESTERN_BEHIND = re.compile("度?[（(][0-9０-９]{4}年")
_FULL_DATE = re.compile(
    "(?:[0-9０-９]{4}年(?:[（(][^（）()]{2,8}[）)])?|(?:大正|昭和|平成|令和)(?:元|[0-9０-９]{1,2})年(?:[（(][0-9０-９]{4}年[）)])?)"
    "\\s*[0-9０-９]{1,2}月\\s*[0-9０-９]{1,2}日"
)
_WEEKDAY = re.compile("[\\s（(・]*[月火水木金土日](?:曜|[）)・、])")


def passives(words: Sequence[Word]) -> Iterator[Place]:
    """受身・使役: 郵送される, 行わせる. られる with ます is taken for 'can' (受けられます)."""
    for n, word in enumerate(words):
        if word.kind != "助動詞" or n == 0:
            continue
        following = words[n + 1].lemma if n + 1 < len(words) else ""
        if (
            word.lemma == "れる"
            or (word.lemma == "られる" and following in ("て", "た"))
            or (word.lemma in ("せる", "させる") and words[n - 1].lemma not in ("知る", "しる", "済む"))
        ):
            yield words[n - 1].start, word.end


def honorifics(words: Sequence[Word]) -> Iterator[Place]:
    """敬語: ご持参ください, いただけます, ございます; not です, ます and てください, nor お金 and ご飯."""
    for n, word in enumerate(words):
        following = words[n + 1] if n + 1 < len(words) else None
        if word.kind == "動詞" and word.lemma in listed("verbs of respect"):
            yield word.start, word.end
        elif word.kind == "接頭辞" and word.text in ("お", "ご", "御") and following is not None:
            written = following.kind == "動詞" or "\u3400" <= following.text[0] <= "\u9fff"
            if written and not EVERYDAY.match(word.text + following.text):
                yield word.start, following.end
        elif (word.kind == "名詞" and _POLITE_NOUN.match(word.text) and not EVERYDAY.match(word.text)) or (
            word.text in ("様", "さま") and word.kind == "接尾辞"
        ):
            yield word.start, word.end


def double_negations(text: str) -> Iterator[Place]:
    """二重否定: なければ…できません, ないわけではない; not なければなりません, which is one idea."""
    return (match.span() for match in _DOUBLE.finditer(text))


def dates(text: str) -> Iterator[tuple[Place, bool]]:
    """Each date that could be given better: a Japanese year (True when the Western one stands beside it), a full date
    (True when its weekday is given)."""
    for match in _ERA.finditer(text):
        fine = _WESTERN_BESIDE.search(text, 0, match.start()) or _WESTERN_BEHIND.match(text, match.end())
        yield match.span(), fine is not None
    for match in _FULL_DATE.finditer(text):
        yield match.span(), _WEEKDAY.match(text, match.end()) is not None
