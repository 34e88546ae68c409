"""Reads a turn: small talk, a wish for a person, a personal case, or a question with facets."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

from assistant.model import Understanding
from assistant.understanding.around import without_fillers
from assistant.understanding.facets import facets
from assistant.understanding.intents import asks_for_person, personal_case, small_talk
from knowledge.glossary import terms


def read_turn(text: str, language: str) -> Understanding:
    """What the masked text means.

    The question is without 'um, well' and the like, which people type with the voice.
    intent: "greeting" | "thanks" | "who_are_you" | "goodbye" | "yes" | "no" | "staff" | "personal" | "ask".
    """
    text = without_fillers(_in_hiragana(text) if language.startswith("ja") else text, language)
    talk = small_talk(text, language)
    if talk is not None:
        return Understanding(language=language, question=text, intent=talk)
    if asks_for_person(text, language):
        return Understanding(language=language, question=text, intent="staff")
    if personal_case(text, language):
        return Understanding(language=language, question=text, intent="personal")
    return Understanding(language=language, question=text, intent="ask", facets=facets(text, language))


_KATAKANA = re.compile("[ァ-ヺ]{4}")
_TO_HIRAGANA: Final = {code: code - 0x60 for code in range(ord("ァ"), ord("ヶ") + 1)}
_OTHER_SCRIPT = re.compile("[ぁ-ゖ一-鿿々]")
_SHORTEST: Final = 4  # kana of a reading that is no part of another word


def _in_hiragana(text: str) -> str:
    """ｼﾞｭｳﾐﾝﾋｮｳ as じゅうみんひょう, by which it is found; words that are written in katakana stay as they are."""
    plain = unicodedata.normalize("NFKC", text)
    if not _KATAKANA.search(plain) or _OTHER_SCRIPT.search(plain):
        return text
    said = plain.translate(_TO_HIRAGANA)
    return said if _readings().search(said) else plain


@lru_cache(maxsize=1)
def _readings() -> re.Pattern[str]:
    """The readings of official terms that are not written as they are read."""
    written = [term.reading for term in terms() if not any(_KATAKANA.search(form) for form in term.ja)]
    readings = {form for reading in written for form in (reading, reading.partition("の")[0])}  # …票の写し
    listed = sorted((re.escape(reading) for reading in readings if len(reading) >= _SHORTEST), key=len, reverse=True)
    return re.compile("|".join(listed))
