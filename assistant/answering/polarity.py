"""Claims that turn an answer round: required or not, possible or not, with or without a fee.

The patterns of further languages stand in words/*/checks.yaml.
"""

from __future__ import annotations

import re
from enum import StrEnum

from assistant.answering.stating import stating


class Concept(StrEnum):
    """What a sentence may claim or deny."""

    NEEDED = "needed"
    POSSIBLE = "possible"
    CHARGED = "charged"


Claim = tuple[Concept, bool]
"""A concept and whether it is affirmed."""

# Per language: concept → (denied, affirmed). Denials are struck out before affirmations are looked for.
_JA = {
    Concept.NEEDED: (
        r"不要|必要(?:は|が)?(?:ありません|ない|なし)|"
        r"(?<!お金は)(?<!お金は )(?<!料は)(?<!料は )(?:いりません|要りません|いらない)|"
        r"なくても(?:よい|いい|大丈夫|かまいません|できます)|"
        r"必要としません|省略(?:でき|して)|任意|義務(?:は|が)?(?:ありません|ない)|予約なし|なしで",
        r"必要(?=です|であ|があります|があり|となり|になり|だ|。|$|で、)|必須|なければなりません|なければいけません|ないといけません|いります|"
        r"要ります",
    ),
    Concept.POSSIBLE: (
        r"できません|できない|できず|不可|不可能|られません|受け付けていません|受け付けません|使えません|なれません|認められません|いけません(?<!ばいけません)",
        r"できます|できる|可能|使えます|なれます|認められます",
    ),
    Concept.CHARGED: (
        r"無料|(?:手数料|費用|料金|お金|おかね)(?:は|が)?(?:かかりません|かからない|いりません)|(?<!\d)0円",
        r"有料|(?:手数料|費用|料金|お金|おかね)(?:は|が)?(?:かかります|かかる|いります)|[1-9]\d*円",
    ),
}
_EN = {
    Concept.NEEDED: (
        r"(?:not|n't|no longer|never)\s+(?:be\s+)?(?:strictly\s+)?(?:required|necessary|needed|need|have to|mandatory)|"
        r"\bno need\b|\bunnecessary\b|\bneed not\b|\boptional\b|"
        r"\bwithout (?:a |an )?(?:booking|appointment|reservation)",
        r"\bmust\b(?!\s+not)|(?<!if )(?<!when )(?<!as )\b(?:required|necessary|needed|mandatory)\b|\bneeds? to\b|"
        r"\b(?:have|has) to\b|\byou(?: will|'ll)? need\b",
    ),
    Concept.POSSIBLE: (
        r"\bcan\s?not\b|\bcan't\b|\bunable to\b|(?:not|n't)\s+(?:be\s+)?(?:able|possible|allowed|accepted|permitted|"
        r"available)\b|\bmust not\b|\bmay not\b|\bimpossible\b|\bprohibited\b",
        r"\bcan\b|\bable to\b|\bpossible\b|\ballowed\b|\baccepted\b|\bpermitted\b|\bmay\b(?! \d)",
    ),
    Concept.CHARGED: (
        r"\bfree of charge\b|\bno (?:fee|charge|cost)\b|\bis free\b|\bare free\b|\bfree\b(?=[.,;)]|$)",
        r"\bnot free\b|\b(?:fee|charge)s? (?:is|are|applies|apply|will be)\b(?! (?:free|waived|not))|[1-9]\d* yen",
    ),
}
_ZH = {
    Concept.NEEDED: (
        r"不需要|无需|无须|不必|不用|没有必要|毋需|不要求|可以不带",
        r"需要|必须|必需|须(?=[在于提携持])|务必",
    ),
    Concept.POSSIBLE: (
        r"不可以|不能|无法|不可|不得|不接受|不受理|禁止",
        r"可以|可(?=[在由以通委])|能够|能(?=[在由以通委办])",
    ),
    Concept.CHARGED: (
        r"免费|不收费|不收取|无需缴费|不需要(?:手续费|费用)",
        r"收费|收取|需(?:要)?(?:缴|付|支付)|[1-9]\d*日元",
    ),
}
_VI = {
    Concept.NEEDED: (
        r"không (?:cần|bắt buộc|phải|yêu cầu)|khỏi cần|miễn nộp",
        r"\bcần\b|\bphải\b|bắt buộc",
    ),
    Concept.POSSIBLE: (
        r"không (?:thể|được|chấp nhận|nhận)|\bcấm\b|chưa thể",
        r"có thể|\bđược (?:phép|chấp nhận)\b",
    ),
    Concept.CHARGED: (
        r"miễn phí|không (?:mất|thu|tính|tốn) (?:lệ )?phí|không có phí",
        r"\b(?:có|mất|thu|tính|tốn) (?:lệ )?phí|phải (?:trả|đóng|nộp) (?:lệ )?phí|[1-9]\d* yên",
    ),
}
_PT = {
    Concept.NEEDED: (
        r"não (?:é|são|será|serão)?\s*(?:necessári[oa]s?|obrigatóri[oa]s?|preciso|precisa(?:m)?|exigid[oa]s?|deve)|"
        r"dispensad[oa]s?|sem necessidade|desnecessári[oa]",
        r"(?<!se )\b(?:necessári[oa]s?|obrigatóri[oa]s?|precisam?|é preciso|exigid[oa]s?|devem?|deverá)\b",
    ),
    Concept.POSSIBLE: (
        r"não (?:se )?(?:pode[mr]?|é possível|é permitid[oa]|é aceit[oa]|consegue)|\bproibid[oa]s?\b|\bimpossível\b",
        r"\bpode[mr]?\b|é possível|é permitid[oa]|é aceit[oa]",
    ),
    Concept.CHARGED: (
        r"\bgrátis\b|\bgratuit[oa]s?\b|sem (?:custo|taxa)s?|não (?:há|tem) (?:taxa|custo)s?|isent[oa]",
        r"\bhá (?:uma )?taxa|\bpag[oa]s?\b|\bcobrad[oa]s?\b|[1-9]\d* ienes?",
    ),
}
_BY_LANGUAGE = {
    base: {
        concept: (re.compile(denied), re.compile(affirmed)) for concept, (denied, affirmed) in table.items()
    }
    for base, table in (("ja", _JA), ("en", _EN), ("zh", _ZH), ("vi", _VI), ("pt", _PT))
}  # fmt: skip


def claims(text: str, language: str) -> frozenset[Claim]:
    """What `plain_numbers` text claims; both sides of a concept when the text says both. Unknown languages: none."""
    found: set[Claim] = set()
    own = stating(language)
    table = own.claims if own is not None else _BY_LANGUAGE.get(language.split("-", 1)[0], {})
    for name, (denied, affirmed) in table.items():
        concept = Concept(name)
        if denied.search(text):
            found.add((concept, False))
        if affirmed.search(denied.sub(" ", text)):
            found.add((concept, True))
    return frozenset(found)


def contradicts(said: frozenset[Claim], stated: frozenset[Claim]) -> bool:
    """True when some concept is claimed on one side only in the reply, and only on the other in the passage."""
    return any(
        (concept, not side) not in said and (concept, not side) in stated and (concept, side) not in stated
        for concept, side in said
    )


def denies_unstated_duty(said: frozenset[Claim], stated: frozenset[Claim]) -> bool:
    """True when the reply says that something is not needed, and the passages never say so of anything."""
    denial = (Concept.NEEDED, False)
    return denial in said and denial not in stated
