"""Which language a message is in: script rules first, then the words of Latin-script languages.

Knows more languages than are spoken here (ko, zh-Hant, es, id, fil, ne, th, my); `speakable` maps those for output.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.language.folding import strip_hidden
from assistant.language.han import detect_han
from assistant.language.latin import rank_latin
from assistant.model import LANGUAGES

DETECTABLE: tuple[str, ...] = (*LANGUAGES, "zh-Hant", "ko", "es", "id", "fil", "ne", "th", "my", "und")
"""All that `detect` can report; "und" stands for a script that we do not know, such as Cyrillic."""

_SCRIPTS = (
    ("kana", re.compile("[ぁ-ゖァ-ヺーｦ-ﾟ]")),
    ("hiragana", re.compile("[ぁ-ゖ]")),
    ("han", re.compile("[\u3400-\u9fff々〇\uf900-\ufaff\U00020000-\U0003ffff]")),
    ("latin", re.compile("[A-Za-z\u00c0-\u024f\u1e00-\u1effＡ-Ｚａ-ｚ]")),
    ("ko", re.compile("[\uac00-\ud7af\u1100-\u11ff\u3130-\u318f]")),
    ("th", re.compile("[\u0e00-\u0e7f]")),
    ("my", re.compile("[\u1000-\u109f]")),
    ("ne", re.compile("[\u0900-\u097f]")),
    ("und", re.compile("[\u0370-\u06ff\u0980-\u0dff\u0e80-\u0fff\u10a0-\u10ff\u1200-\u137f\u1780-\u17ff]")),
)
_FURIGANA = re.compile("[\u3400-\u9fff々][（(][ぁ-ん ー]+[)）]")
_SPACED_KANA = re.compile("[ぁ-んァ-ヶー。][ 　]+(?=[\u3400-\u9fffぁ-んァ-ヶ])")
_ADDRESS = re.compile(r"https?://\S+|\S+@\S+")
# A Latin letter says less than a kana or kanji: 'garbage' and ごみ are both one word.
_LETTERS_PER_SIGN = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Detected:
    """A language and how sure we are of it."""

    language: str  # BCP-47, one of DETECTABLE
    confidence: float  # 0-1; a guess from the conversation alone is 0.3


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """The language to reply in."""

    language: str  # one of model.LANGUAGES
    exact: bool  # False: not the resident's language; put Words.notice(detected language) before the reply


def detect(text: str, *, prior: str | None) -> Detected:
    """The language of one message; `prior` is what the resident chose or spoke before, and decides when text can't.

    Emoji, digits, addresses and the like alone give the prior, or "ja" (confidence 0.3). Japanese whose kanji carry
    readings in brackets, or Japanese from somebody who chose ja-x-easy, is "ja-x-easy".
    """
    text = _ADDRESS.sub(" ", strip_hidden(text))
    count = {name: len(pattern.findall(text)) for name, pattern in _SCRIPTS}
    weight = {name: count[name] * _LETTERS_PER_SIGN for name in ("ko", "th", "my", "ne", "und")}
    # A katakana word in a Portuguese sentence is the name of a thing, not the language: its signs count once.
    katakana = count["kana"] - count["hiragana"]
    east = (count["hiragana"] + count["han"]) * _LETTERS_PER_SIGN + katakana
    other, most = max(weight.items(), key=lambda item: item[1])
    if max(most, east, count["latin"]) < 2:
        return Detected(language=prior or "ja", confidence=0.3)
    if most >= max(east, count["latin"]):
        return Detected(language=other, confidence=0.99 if other != "und" else 0.5)
    if east < count["latin"]:
        language, confidence = rank_latin(text, prior=prior)
        return Detected(language=_easy_stays(language, prior), confidence=confidence)
    return _east_asian(text, count, prior)


def speakable(language: str) -> Spoken:
    """The language in which we can reply to somebody who writes `language`.

    zh-Hant → zh-Hans and pt → pt-BR (close enough to read); fil → en, an official language of the Philippines;
    every other one → ja-x-easy, which more foreign residents read than English
    (出入国在留管理庁・文化庁『在留支援のためのやさしい日本語ガイドライン』). Never a silent fallback: `exact` is False,
    and the caller adds the notice in the resident's own language, with all languages and a person to choose.
    """
    if language in LANGUAGES:
        return Spoken(language=language, exact=True)
    if language == "pt" or language.startswith("pt-"):
        return Spoken(language="pt-BR", exact=True)
    if language == "zh" or language.startswith("zh-"):
        return Spoken(language="zh-Hans", exact=language in ("zh", "zh-CN", "zh-SG"))
    if language.startswith(("ja-", "en-", "vi-")):
        return Spoken(language=language.split("-", 1)[0], exact=True)
    return Spoken(language="en" if language in ("fil", "tl") else "ja-x-easy", exact=False)


def _east_asian(text: str, count: dict[str, int], prior: str | None) -> Detected:
    if count["hiragana"] and (count["hiragana"] > 1 or count["han"] < 8):
        return Detected(language=_japanese(text, prior), confidence=0.99)
    if prior and not count["kana"] and count["han"] <= 8 and not prior.startswith(("ja", "zh")):
        return Detected(language=prior, confidence=0.5)  # 住民税, pasted by somebody who speaks Vietnamese with us
    language, confidence = detect_han(text, prior=prior)
    if count["kana"] and confidence < 0.9:
        language, confidence = "ja", 0.9
    return Detected(language=_japanese(text, prior) if language == "ja" else language, confidence=confidence)


def _japanese(text: str, prior: str | None) -> str:
    readings = len(_FURIGANA.findall(text))
    spaced = len(_SPACED_KANA.findall(text)) > 2
    easy = prior == "ja-x-easy" or readings >= 2 or (readings == 1 and len(text) < 40) or spaced
    return "ja-x-easy" if easy else "ja"


def _easy_stays(language: str, prior: str | None) -> str:
    return "ja-x-easy" if language == "ja" and prior == "ja-x-easy" else language
