"""Names of offices and Japanese names in a reply that the cited passages do not hold."""

from __future__ import annotations

import re

from assistant.answering.numerals import plain
from assistant.answering.stating import stating
from knowledge.chinese import simplified

_SUFFIX = re.compile(
    "課(?![税程題金外目す])|係(?![るりわ員数争留])|支所|出張所|センター|局(?![面地員])|署(?![名員])|室(?![内外温])|役所|役場|"
    "保健所|相談所|裁判所|事務所|図書館|公民館|病院|派出所|窓口センター"
)
_NAME_LETTER = re.compile("[\u3400-\u9fff々ァ-ヶーa-z]")
# Names with kana inside: 子育て支援課, まちづくり課, こども課, くらし安全課.
_KANA_LEAD = re.compile("(?:[\u3400-\u9fff]て|くり|まち|ども|らし|どり|やか|あい|きいき)$")
_GENERIC = re.compile(
    "(?:関係|結局|当局|部署|教室|個室|浴室|病室|和室|洋室|居室)$|^(?:[担当所管同各本]+[課係局署]|(?:お住まいの)?(?:市区町村|市町村|市|区|町|村)?"
    "(?:役所|役場)|(?:市|区)役所(?:本庁)?|本庁舎|最寄)"
)
_LEFT_WORDS = ("平日", "当日", "直接", "本庁舎", "市", "各", "近", "最寄", "休日", "後日")
_ZH_LEFT = frozenset("到在向去往由和或及与的于请询系至是为市区找给，、。：:( ")
_ZH_SUFFIX = re.compile("課(?![本程外税題])|係|科(?!学|目)|支所|出張所|中心(?!地|区)|局(?!面|部)|署|室(?!内|外)")
_SIMPLIFIED = str.maketrans(
    "课证厅务员际环财产计设备长妇儿疗险护养农业总图书馆灾邮电话劳动卫县岛滨广场处张见联络经济兴画团乡镇门关东户齐龄",
    "課証庁務員際環財産計設備長婦児療険護養農業総図書館災郵電話労働衛県島浜広場処張見聯絡経済興画団郷鎮門関東戸斉齢",
)
_JAPANESE_RUN = re.compile("[\u3400-\u9fff々ぁ-んァ-ヶー]{2,}")
_UPPER = "A-ZÀ-ÝĐƠƯ\u1ea0-\u1ef8"
_OF_EN = (
    "Division|Office|Center|Centre|Counter|Section|Department|Bureau|Desk|Branch|Station|Library|Hospital|Clinic|Court"
)
_ENGLISH = re.compile(rf"\b((?:[{_UPPER}][\w'’&-]*\s+(?:(?:and|of|for|the|&)\s+)*){{1,6}}(?:{_OF_EN}))s?\b")
_GENERIC_EN = re.compile(
    r"^(?:(?:the|at|visit|go|to|please|contact|your|our|in|from|submit|bring|call|ask|nearest|local|any|each|this)\s+)*",
    re.IGNORECASE,
)
_CITY_EN = re.compile(
    r"^(?:(?:city|town|ward|village|municipal|government|main|branch|local)\s+)*(?:office|branch|counter|center|centre|"
    r"library|desk)?s?$",
    re.IGNORECASE,
)
_PORTUGUESE = re.compile(
    r"\b((?:Divisão|Seção|Setor|Departamento|Centro|Balcão|Escritório|Secretaria|Subprefeitura|Posto|Filial|Agência|"
    rf"Delegacia|Biblioteca|Hospital)\s+(?:(?:de|da|do|das|dos|e)\s+)*[{_UPPER}][\w-]*(?:\s+(?:(?:de|da|do|das|dos|e)\s+)?"
    rf"[{_UPPER}][\w-]*)*)"
)
_VIETNAMESE = re.compile(
    r"\b((?:[Pp]hòng|[Bb]an|[Tt]rung tâm|[Cc]hi nhánh|[Qq]uầy|[Vv]ăn phòng|[Cc]ục|[Ss]ở|[Đđ]ồn|[Bb]ộ phận|[Tt]hư viện|"
    rf"[Bb]ệnh viện)(?:\s+[{_UPPER}]\w*)+)"
)
_LATIN_NAMES = {"en": _ENGLISH, "pt": _PORTUGUESE, "vi": _VIETNAMESE}


def name_text(text: str) -> str:
    """The form in which names are looked for: `plain`, simplified characters as in Japan, no spaces in Japanese."""
    return re.sub("(?<=[\u3040-\u9fff])\\s+(?=[\u3040-\u9fff])", "", plain(text)).translate(_SIMPLIFIED)


def has_unstated_name(sentence: str, language: str, held: str, *, same_language: bool) -> bool:
    """True when the sentence names an office that `held` (`name_text` of the cited passages) does not.

    Japanese: every …課, …係, …支所, …センター and so on. Chinese: likewise, in Japanese characters. Others: every
    Japanese name must stand in `held`; a capitalised office name must stand there when a cited passage is in the same
    language, and must otherwise come with its Japanese name, which alone can be compared.
    """
    folded = name_text(simplified(sentence) if language == "zh-Hant" else sentence)
    base = language.split("-", 1)[0]
    if base == "ja":
        return any(not _japanese_stated(folded, match, held) for match in _SUFFIX.finditer(folded))
    if base == "zh":
        return any(not _chinese_stated(folded, match, held) for match in _ZH_SUFFIX.finditer(folded))
    japanese = _JAPANESE_RUN.findall(folded)
    if any(run not in held for run in japanese):
        return True
    own = stating(language)
    pattern = own.offices if own is not None else _LATIN_NAMES.get(base)
    names = [match[0] if own else match[1] for match in pattern.finditer(sentence)] if pattern is not None else []
    return any(not _latin_stated(name, held, bool(japanese), same_language) for name in names)


def _japanese_stated(text: str, suffix: re.Match[str], held: str) -> bool:
    start = suffix.start()
    while start > 0 and _NAME_LETTER.match(text[start - 1]):
        start -= 1
    lead = _KANA_LEAD.search(text[:start])
    name = text[(lead.start() if lead else start) : suffix.end()]
    if name in held or _GENERIC.search(name):
        return True
    if start == suffix.start() and not lead:
        return True  # この課, 担当の課: names nothing
    for at in range(1, len(name) - len(suffix[0])):
        left, rest = name[:at], name[at:]
        if rest in held and (left in held or left.endswith(_LEFT_WORDS)):
            return True  # 平日市民課: two words that stand side by side
    return False


def _chinese_stated(text: str, suffix: re.Match[str], held: str) -> bool:
    """Chinese has no kana to end a word: after some break the text up to the suffix must be a held name."""
    japanese = re.match(r"\(([^()]{2,30})\)", text[suffix.end() :])
    if japanese and japanese[1] in held:
        return True  # 儿童家庭课（こども家庭課）
    start = suffix.start()
    while start > 0 and "\u3400" <= text[start - 1] <= "\u9fff":
        start -= 1
    if start == suffix.start() or text[suffix.start() - 1] in "該本各一哪这那此":
        return True
    for at in range(start, suffix.start()):
        begins = at == start or text[at - 1] in _ZH_LEFT
        if begins and len(text[at : suffix.start()]) >= 1 and text[at : suffix.end()] in held:
            return True
    return False


def _latin_stated(name: str, held: str, with_japanese: bool, same_language: bool) -> bool:
    bare = _GENERIC_EN.sub("", " ".join(name.split()))
    if _CITY_EN.match(bare) or plain(bare) in held:
        return True
    return with_japanese and not same_language
