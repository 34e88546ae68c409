"""意味を変えない: whether a plain sentence still says what its source says.

Written without knowledge of the rules, so that a rule that loses or turns something is caught and its sentence falls
back to the source. Compared are figures with their units, addresses and numbers of telephones, names, official terms,
limits (以内, 前, まで …) and what must, may, can and can't be done.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from assistant.language.plain.claiming import Claim, claims
from assistant.language.plain.dates import dated, undated
from assistant.language.plain.rules import by_start
from assistant.language.plain.word import ASIDE, Word

_WIDE = str.maketrans("０１２３４５６７８９，．：", "0123456789,.:")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*((?:[か][月所国]|[^\sぁ-ゖ。、以程等未迄頃])?)")
_KANJI_NUMBER = re.compile("[〇一二三四五六七八九十百千万億]+(?=[人日月年円枚通回歳つ件個名階分割])")
_IDIOM = re.compile("一人で|一人暮らし|一日中|一年中|一人ひとり|一人一人|十分(?![間後前以])")
_CODE = re.compile(r"[A-Za-z0-9@#%&=_~:/?+.-]{2,}")
_ERA = re.compile("(?:明治|大正|昭和|平成|令和)(?:元|[0-9０-９]{1,2})年")
# Words with a limit's letters that are none, or that connect sentences.
_NO_LIMIT = re.compile(
    "まで(?=[おご]?(?:問い?合わ?せ|連絡|電話|申し?込|聞い))|"
    "(?:あらかじめ|予め)(?=ご?(?:了承|理解|承知))|"
    "だから、|ですから、|それから、|これから|ことから、|今後"
)
_FROM = re.compile("(?<=[0-9０-９日月年度時）)])以降(?=[にはの、])に?")
_ONWARDS = "か、その後に"  # our words for 以降に
_BORN = re.compile("生まれて(?=[0-9０-９])")
_BEFORE = re.compile("事前|前もって|あらかじめ|予め|(?<!優)先に(?![すしさ見払計考決])")
_LIMITS = {
    name: re.compile(pattern)
    for name, pattern in {
        "以内": "以内",
        "以上": "以上",
        "以下": "以下(?!の(?:とおり|通り|よう))",
        "未満": "未満",
        "以降": "以降|以後",
        "超": "超(?!過)",
        "より": "(?<![にも])より",
        "まで": "まで|迄",
        "から": "から(?!な)|[ただ](?:上|うえ)で",
        "以前": "(?<=[0-9０-９日月年）)])以前",
        "前": "(?<![名以])前|(?<![0-9０-９日月年）)])以前",
        "後": "(?<![午今最])後(?!日)",
        "次": "翌|次の(?:日(?![程時])|月|年)",
        "ごと": "ごと|毎に",
        "だけ": "(?<!できる)(?<!いた)だけ|のみ|に限",
        "以外": "以外|(?<!取り)除[きくいか]",
    }.items()
}


def keeps(source: str, plain: str, found: Sequence[Word]) -> bool:
    """True when the plain sentence says what its source says; `found` are the source's words.

    Both without explanations; ASIDE signs stand for those that the source had.
    """
    return (
        figures(source) == figures(plain)
        and not _codes(source) - _codes(plain)
        and source.count(ASIDE) == plain.count(ASIDE)
        and _all_in(_ERA.findall(source), plain)
        and _all_in((word.text for word in found if _must_stay(word)), plain)
        and limits(source) == limits(plain)
        and _same(claims(source), claims(plain))
    )


def figures(text: str) -> Counter[str]:
    """Every number with the sign behind it, years and weekdays that we add left out."""
    plain = _IDIOM.sub("", undated(dated(text)).translate(_WIDE))
    found = Counter(m[0] + m[1] for m in _NUMBER.finditer(plain))
    return found + Counter(m[0] + plain[m.end()] for m in _KANJI_NUMBER.finditer(plain))


def limits(text: str) -> dict[str, int]:
    """How often each kind of limit is named; connecting words that we put in left out."""
    text = _BORN.sub("生後", text).replace(_ONWARDS, "から")
    text = _FROM.sub("から", _BEFORE.sub("前", _NO_LIMIT.sub("", text)))
    return {name: count for name, pattern in _LIMITS.items() if (count := len(pattern.findall(text)))}


def _same(source: Counter[Claim], plain: Counter[Claim]) -> bool:
    """True when both claim the same; a request for two acts may become two requests."""
    asked = Claim.PLEASE
    rest = {claim: count for claim, count in source.items() if claim is not asked}
    return rest == {c: n for c, n in plain.items() if c is not asked} and (asked in source) == (asked in plain)


def _must_stay(word: Word) -> bool:
    """Names, and official terms for which our list has no other word."""
    if word.name:
        return True
    if word.term is None or len(word.text) < 2:
        return False
    forms = {word.text, word.text.lstrip("おご御")}
    return not any(rule.hard in forms for form in forms for rule in by_start().get(form[:2], ()))


def _codes(text: str) -> Counter[str]:
    """Addresses, telephone numbers, Latin words: as they stand; times are compared as figures."""
    return Counter(code for code in _CODE.findall(text) if not re.fullmatch(r"[\d.,:]+", code))


def _all_in(parts: Iterable[str], text: str) -> bool:
    return all(part in text for part in parts)
