"""Which language a message is in: the script that carries it first, then the words and characters of that script.

`python -m eval.identification` measures it. `speakable` maps a language to one in which we can reply.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from assistant.language.devanagari import detect_devanagari
from assistant.language.easy import is_easy
from assistant.language.folding import strip_hidden
from assistant.language.han import detect_han, only_chinese
from assistant.language.latin import rank_latin
from assistant.language.scripts import Carrier, carrier
from assistant.model import LANGUAGES

DETECTABLE: tuple[str, ...] = tuple(
    dict.fromkeys((*LANGUAGES, "zh-Hant", "ko", "es", "id", "fil", "ne", "th", "my", "und"))
)
"""All that `detect` can report; "und" is a language that we do not know, such as Russian, Hindi or French."""

# Addresses, and the places of values in a template ({temperature}), are in no language.
_NOISE = re.compile(r"https?://\S+|\S{1,64}@\S+|\{\w{0,40}\}")
_MOST = 1000  # characters that are looked at


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

    Emoji, digits, addresses and the like alone give the prior, or "ja" (confidence 0.3). A sentence is in the language
    of its small words and endings, whatever it names things in. Japanese written in plain Japanese, or from somebody
    who chose ja-x-easy, is "ja-x-easy"; Japanese in romaji is "ja", Nepali in Latin letters "ne".
    """
    text = unicodedata.normalize("NFKC", _NOISE.sub(" ", strip_hidden(text)))[:_MOST]
    found = carrier(text)
    language, confidence = _read(found, prior)
    if language == "ja" and (prior == "ja-x-easy" or (found.script == "japanese" and is_easy(text))):
        language = "ja-x-easy"
    return Detected(language=language, confidence=confidence)


def speakable(language: str) -> Spoken:
    """The language in which we can reply to somebody who writes `language`, a BCP-47 tag such as es-MX or zh-TW.

    Where we do not speak it: zh-Hant → zh-Hans (close enough to read); fil → en, an official language of the
    Philippines; every other one → ja-x-easy, which more foreign residents read than English
    (出入国在留管理庁・文化庁『在留支援のためのやさしい日本語ガイドライン』). Never a silent fallback: `exact` is False,
    and the caller adds the notice in the resident's own language, with all languages and a person to choose.
    """
    ours = language if language in LANGUAGES else _without_region(language)
    if ours in LANGUAGES:
        return Spoken(language=ours, exact=True)
    return Spoken(language={"zh-Hant": "zh-Hans", "fil": "en"}.get(ours, "ja-x-easy"), exact=False)


def _without_region(language: str) -> str:
    base, _, region = language.partition("-")
    if base == "zh":
        return "zh-Hant" if region.casefold().startswith(("hant", "tw", "hk", "mo")) else "zh-Hans"
    return {"pt": "pt-BR", "tl": "fil"}.get(base, base)


def _read(found: Carrier, prior: str | None) -> tuple[str, float]:
    """The language of what the script carries, and how sure it is."""
    match found.script:
        case "":
            return prior or "ja", 0.3
        case "latin":
            return rank_latin(found.text, prior=prior)
        case "ne":
            return detect_devanagari(found.text)
        case "han":
            return _chinese_characters(found, prior)
        case "japanese":
            return _japanese(found, prior)
        case other:
            return other, 0.99 if other != "und" else 0.5


def _japanese(found: Carrier, prior: str | None) -> tuple[str, float]:
    hiragana, han = found.letters["hiragana"], found.letters["han"]
    if hiragana > 1 or (hiragana and han < 8):
        return "ja", 0.99
    # の in the name of a Chinese shop; 在留カード续签
    if hiragana + found.letters["katakana"] == 1 or only_chinese(found.text):
        return detect_han(found.text, prior=prior)
    return "ja", 0.9


def _chinese_characters(found: Carrier, prior: str | None) -> tuple[str, float]:
    if found.letters["bopomofo"]:
        return "zh-Hant", 0.9
    foreign = prior is not None and not prior.startswith(("ja", "zh"))
    if foreign and not found.grammar and found.letters["han"] <= 8 and not only_chinese(found.text):
        return str(prior), 0.5  # 住民税, pasted by somebody who speaks Vietnamese with us
    return detect_han(found.text, prior=prior)
