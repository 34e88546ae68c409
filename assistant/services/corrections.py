"""What a correction means: 'not the sofa, the bed' speaks of the bed. Pure."""

from __future__ import annotations

import re

_THING = r"[^,.;、。，；\n]{1,30}?"
_NEGATED = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"{_THING}(?:じゃ|では|で)(?:なくて?|ない(?:です|の)?)[、,。 ]*",
        rf"\bnot (?:the |a |an |my )?{_THING}(?:,| but )",
        rf",? ?(?:and |but )?not (?:the |a |an |my )?{_THING}[.!]?$",
        rf",? ?instead of {_THING}(?=$|[,.])",
        rf"\bkh[ôo]ng ph[ảa]i (?:l[àa] )?{_THING}(?:,|\bm[àa]\b(?: l[àa])?)",
        rf",? ?(?:ch[ứu] )?kh[ôo]ng ph[ảa]i (?:l[àa] )?{_THING}[.!]?$",
        rf"(?:不是|不要){_THING}(?:[，,]|而是|是|要)",
        rf"\bn[ãa]o (?:[ée] )?(?:o |a |um |uma )?{_THING}(?:,| mas | e sim )",
        rf",? ?em vez d[eoa] {_THING}(?=$|[,.])",
        rf"\bno (?:es )?(?:el |la |un |una |mi ){_THING}(?:,| sino )",
        rf",? ?en (?:lugar|vez) de {_THING}(?=$|[,.])",
        rf"\bhindi (?:po )?(?:ang |yung )?{_THING}(?:,| kundi | yung )",
        rf"\bbukan {_THING}(?:,| tapi | tetapi | melainkan )",
        rf"{_THING}(?:이|가)? ?(?:말고|아니고|아니라|대신)[, ]*",
        rf"{_THING} (?:होइन|हैन)[,। ]*",
        rf"ไม่ใช่{_THING}(?:,| |แต่(?:เป็น)?)",
        rf"{_THING} ?မဟုတ်(?:ဘူး|ပါ|ပဲ)?[,၊။ ]+",
    )
)
_LEAD = re.compile(
    r"^(?:いや|いえ|いいえ|no|không|khong|não|nao|不|아니요?|hindi|bukan|tidak|होइन|ไม่|မဟုတ်ဘူး)[、,，.。၊]+ ?",
    re.IGNORECASE,
)


def affirmed(text: str) -> str:
    """The text without what it says is not so; the text itself when it corrects nothing, or nothing would be left."""
    lead = _LEAD.match(text)
    rest = text[lead.end() :] if lead else text
    for pattern in _NEGATED:
        kept = pattern.sub(" ", rest, count=1).strip(" 、,，")
        if kept and kept != rest.strip(" 、,，"):
            return kept
    return text
