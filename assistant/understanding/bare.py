"""A question that is one bare word, with or without a wish around it: 証明書がほしい, tax, 'I need a certificate'.

It names a thing and not what is wanted of it, so what it ties with is asked back.
"""

from __future__ import annotations

import re
from typing import Final

from assistant.language.folding import fold, tighten

_LONGEST = 6  # characters in Japanese and Chinese: 引っ越し, 印鑑登録証明
_WISH = re.compile(
    "(?:が|を|の)?(?:ほしい|欲しい|(?<=が)したい|とりたい|取りたい|もらいたい|ください|下さい|について|のこと|知りたい|教えて|お願い)"
    "(?:です|ん|の|が|を|で|お?(?:聞き|伺い|尋ね|相談し)たい|教えて|知りたい|ください|下さい|します)*$"
)
_PARTS = re.compile("(?<=.)[でをのにとはが](?=.)")  # 郵送で住民票: two things, so it says what is wanted
_ASKING = re.compile(
    r"^(?:i (?:need|want)|(?:tell me )?about|tôi (?:cần|muốn)|toi (?:can|muon)|(?:eu )?(?:preciso de|quero))"
    r"\s+(?:an?\s|the\s|uma?\s|o\s)?"
)
_MARKS: Final = " 。、？?！!.,…"


def bare_word(question: str, language: str) -> str:
    """The word, folded; "" when the question says more than one."""
    spaced = fold(question).text.strip(_MARKS)
    if language.split("-", 1)[0] not in ("ja", "zh"):
        word = _ASKING.sub("", spaced).strip(_MARKS)
        return word if word and " " not in word else ""
    tight = tighten(fold(question)).text.strip(_MARKS)
    if len(tight) <= _LONGEST:
        return tight
    word = _WISH.sub("", tight)
    return word if len(word) <= _LONGEST and not _PARTS.search(word) else ""
