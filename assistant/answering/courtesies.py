"""Thanks and greetings of a language model, which are left out without harm."""

from __future__ import annotations

import re

from assistant.answering.stating import courtesy

_COURTESY = re.compile(
    r"^(?:ご?質問|お問い合わせ|ご相談)?(?:いただき)?、?ありがとうございます[。！]?$"
    r"|^(?:はい|承知しました|わかりました|かしこまりました)[。、！]?$"
    r"|^(?:ほかに|他に|ご不明|また、?ご不明|わからないこと).{0,40}(?:ください|ませ)[。！]?$"
    r"|^(?:sure|certainly|of course|hello|hi|thank you|thanks)\b[^.!,]{0,40}[.!,]?$"
    r"|^(?:if you have|let me know|feel free).{0,80}$"
    r"|^(?:您好|你好|好的|谢谢|感谢).{0,15}[。！，]?$|^如(?:有|果您).{0,30}[。！]?$"
    r"|^(?:vâng|xin chào|cảm ơn)\b[^.!]{0,40}[.!]?$|^nếu (?:bạn|quý vị) (?:có|cần).{0,80}$"
    r"|^(?:claro|olá|com certeza|obrigad[oa])\b[^.!]{0,40}[.!]?$|^se (?:você )?(?:tiver|precisar).{0,80}$",
    re.IGNORECASE,
)


def is_courtesy(text: str, language: str) -> bool:
    """True for thanks, a greeting or closing words without a number in them."""
    if any(map(str.isdigit, text)):
        return False
    own = courtesy(language)
    return bool(_COURTESY.match(text) or (own is not None and own.match(text)))
