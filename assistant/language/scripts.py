"""Which script carries a message: a term of another language in its own script does not make the language.

'住民票 phải làm sao' is Vietnamese, 'visaの更新' Japanese, '督促状 คืออะไร' Thai: the small words and endings tell the
language of a sentence, and the names of things may come from anywhere.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from assistant.language.latin import grammar_words, latin_words

_HAN = "\u3400-\u9fff々〇\uf900-\ufaff\U00020000-\U0003ffff"
_PATTERNS = {
    "hiragana": re.compile("[ぁ-ゖ]"),
    "katakana": re.compile("[ァ-ヺー]"),
    "han": re.compile(f"[{_HAN}]"),
    "bopomofo": re.compile("[\u3105-\u312f]"),
    "latin": re.compile("[A-Za-z\u00c0-\u024f\u1e00-\u1eff]"),
    "ko": re.compile("[\uac00-\ud7af\u1100-\u11ff\u3130-\u318f]"),
    "th": re.compile("[\u0e00-\u0e7f]"),
    "my": re.compile("[\u1000-\u109f\ua9e0-\ua9fe\uaa60-\uaa7f]"),
    "ne": re.compile("[\u0900-\u097f]"),
}
_KNOWN = re.compile("|".join(pattern.pattern for pattern in _PATTERNS.values()))
_CARD = re.compile(r"(?i)\bmy ?number(?: card)?\b|\bzairyu card\b")  # names in every language
_ASIDE = re.compile(r"\([^()]*\)")
# Endings and particles that only a Japanese sentence has; the particles stand behind kanji, katakana or Latin letters.
_JAPANESE = re.compile(
    "です|ます|ません|まし[たょ]|ください|たい|ほし|ない|なか|ある|あり|いる|して|した|する|すれば|たら|って|とは|には|では|から|まで|いつ|どこ|"
    f"いくら|なに|何|どう|だれ|どれ|どの|この|その|れば|なら|ので|けど|(?<=[{_HAN}ァ-ヺーA-Za-z0-9])[のはをがにでへもとや](?![ぁ-ゖ])"
)
# Chinese, and never written in Japanese; ambiguous ones (的, 是, 了) stand in han.py.
_CHINESE = re.compile(
    "请|請問|請(?=[我你幫教給])|什么|什麼|怎么|怎麼|怎样|怎樣|吗|嗎|我(?=[的要想們们在是有家把被])|你|您|哪|这|這|没|沒|在哪|多少|几|幾[點点天歲岁個个]|"
    "谢|謝謝|办|辦理|们|們|呢|吧|还|還是|給我|给|為什麼|需要什|可以(?![上下前後内外])|的(?=[是在吗嗎])|是(?=什|不)|要(?=怎|带|帶|去|办|辦)"
)
_CHINESE_ALONE = re.compile("[的了是和與与將将於]|在(?![留宅庫学住職籍外])|就(?![職業労学])")  # where no kana is
_LATIN_WORD = re.compile(r"[A-Za-z\u00c0-\u024f\u1e00-\u1eff']+")
_SIGNS_PER_WORD = 10  # kanji and kana that one more small word in Latin letters must outweigh
_LETTERS_PER_SIGN = 3  # a Latin letter says less than a kana or kanji: 'garbage' and ごみ are both one word


@dataclass(frozen=True, slots=True)
class Carrier:
    """The script that carries a message, and the text to read its language from."""

    script: str  # "latin" | "japanese" | "han" | "ko" | "th" | "my" | "ne" | "und" | "": no letters to speak of
    text: str
    letters: dict[str, int]  # script → letters in the text
    grammar: bool  # endings or small words were seen, not only names of things


def carrier(text: str) -> Carrier:
    """The script of the sentence, for a text in NFKC without addresses; what stands in brackets only if longer."""
    core = _ASIDE.sub(" ", text)
    mixed = _PATTERNS["latin"].search(text) and not text.isascii()
    text = core if mixed and sum(map(str.isalpha, core)) * 2 > sum(map(str.isalpha, text)) else text
    count = {name: len(pattern.findall(text)) for name, pattern in _PATTERNS.items()}
    count["und"] = _strange(text)
    other = max(("ko", "th", "my", "ne", "und"), key=lambda name: count[name])
    east = (count["hiragana"] + count["han"] + count["bopomofo"]) * _LETTERS_PER_SIGN + count["katakana"]
    if max(count[other] * _LETTERS_PER_SIGN, east, count["latin"]) < 2:
        return Carrier("", text, count, False)
    japanese, chinese = _grammar(text, count)
    small = grammar_words(_lower_words(text)) if count["latin"] else 0
    if _other_carries(count, other, max(japanese, chinese), small - 3 * _runs(text, other)):
        return Carrier(other, text, count, True)
    if _latin_carries(text, count, east, small, max(japanese, chinese)):
        return Carrier("latin", text, count, small > 0)
    kana = count["hiragana"] or count["katakana"]
    script = "han" if not kana or (chinese and not japanese) else "japanese"
    return Carrier(script, text, count, japanese + chinese > 0)


def _grammar(text: str, count: dict[str, int]) -> tuple[int, int]:
    """How many Japanese and how many Chinese small words there are."""
    japanese = len(_JAPANESE.findall(text)) if count["hiragana"] else 0
    chinese = len(_CHINESE.findall(text)) + count["bopomofo"] if count["han"] + count["bopomofo"] else 0
    if not count["hiragana"] + count["katakana"]:
        chinese += len(_CHINESE_ALONE.findall(text))
    return japanese, chinese


def _other_carries(count: dict[str, int], other: str, east: int, spare: int) -> bool:
    """True when Hangul, Thai, Burmese, Devanagari or an unknown script carries the sentence.

    `east`: Japanese or Chinese small words; `spare`: small words in Latin letters beyond three for each foreign term.
    """
    letters = count[other]
    if not letters or (letters == 1 and (east or count["latin"] or count["han"] or other == "und")):
        return False
    if other == "und" and letters < count["han"] + count["hiragana"]:
        return False
    if east and letters <= count["hiragana"] + count["han"]:
        return False
    # One word of another script in a sentence in Latin letters: 'I lost my 외국인등록증, what should I do'.
    return spare < 0 or letters * _LETTERS_PER_SIGN > count["latin"]


def _runs(text: str, script: str) -> int:
    """How many stretches of the script stand between Latin words; 1 for unknown scripts."""
    if script == "und":
        return 1
    parts = re.split(_PATTERNS["latin"].pattern + "+", text)
    return sum(_PATTERNS[script].search(part) is not None for part in parts)


def _latin_carries(text: str, count: dict[str, int], east_weight: int, small: int, east: int) -> bool:
    """True when Latin letters carry the sentence, and not kana or Chinese characters."""
    if not count["latin"] or not east_weight:
        return bool(count["latin"])
    signs = count["hiragana"] + count["katakana"] + count["han"]
    if small > east + signs // _SIGNS_PER_WORD:
        return True
    if east:
        return False
    return _plain_letters(text) > east_weight


def _plain_letters(text: str) -> int:
    """Latin letters, where a name (Google Chrome, PDF) counts as one letter a word."""
    words = _LATIN_WORD.findall(text)
    if not any(word.islower() for word in words):
        return len(words)
    return sum(len(word) if word.islower() else 1 for word in words)


def _lower_words(text: str) -> list[str]:
    """The Latin words without names and abbreviations, which are capitalised; all words where all are."""
    words = [word for word in _LATIN_WORD.findall(_CARD.sub(" ", text)) if len(word) > 1]
    lower = [word for word in words if word.islower()]
    return latin_words(" ".join(lower or (words if len(words) > 2 else ())).casefold())


def _strange(text: str) -> int:
    """How many letters are of a script that we do not know; a letter alone is part of a face: ಠ_ಠ, (´・ω・`)."""
    found = run = 0
    for letter in _KNOWN.sub(" ", text) + " ":
        kind = unicodedata.category(letter)[0]
        if kind == "L":
            run += 1
        elif kind != "M":  # vowel signs are marks
            found += run if run > 1 else 0
            run = 0
    return found
