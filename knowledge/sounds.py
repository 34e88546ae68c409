"""A key under which a Japanese name meets itself in Latin, Korean, Nepali, Thai and Burmese letters.

Coarse on purpose: voiced and unvoiced, long and short, s and ch are one, as they are where these scripts write Japanese
(ち is จิ or ชิ, か is 가 or 카). Two names of one town may share a key; who uses it must say so rather than choose.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from knowledge.romaji import romaji, romaji_key

_OTHER_SCRIPTS = re.compile("[\u0900-\u097f\u0e00-\u0e7f\u1000-\u109f\u1100-\u11ff\uac00-\ud7af]")
_CLASSES = (
    ("ts|sh|ch|[zjcx]", "s"), ("[gq]", "k"), ("d", "t"), ("[bv]", "p"), ("f", "h"), ("l", "r"), ("(?<=s)y", ""),
    ("m(?=p)|ng", "n"), (r"(.)\1+", r"\1"), ("(?<=o)u|(?<=e)i", ""),
)  # fmt: skip


def _table(letters: str, sounds: str) -> dict[str, str]:
    return dict(zip(letters, sounds.split(), strict=True))


_KOREAN = (
    _table("ᄀᄁᄂᄃᄄᄅᄆᄇᄈᄉᄊᄋᄌᄍᄎᄏᄐᄑᄒ", "k k n t t r m p p s s - s s s k t p h")
    | _table("ᅡᅢᅣᅤᅥᅦᅧᅨᅩᅪᅭᅮᅯᅱᅲᅳᅴᅵ", "a e ya ye o e yo ye o wa yo u wo wi yu u ui i")
    | {"ᆫ": "n", "ᆼ": "n", "ᆷ": "n", "ᆺ": "", "ᆯ": "r", "ᆨ": "", "ᆸ": ""}
)
_NEPALI = _table("कखगघङचछजझञटठडढणतथदधनप", "k k k k n s s s s n t t t t n t t t t n p") | _table(
    "फबभमयरलवशषसह", "h p p m y r r w s s s h"
)
_NEPALI_SIGNS = _table("ािीुूेैोौृंँ", "a i i u u e ai o au ri n n")
_NEPALI_VOWELS = _table("अआइईउऊएऐओऔ", "a a i i u u e ai o au")
_BURMESE = _table("ကခဂဃငစဆဇဈညဋဌဍဎဏတထဒဓန", "k k k k n s s s s n t t t t n t t t t n") | _table(
    "ပဖဗဘမယရလဝသဟအ", "p h p p m y r r w s h -"
)
_THAI = _table("กขคฆงจฉชซฌญฎฏฐฑฒณดตถทธน", "k k k k n s s s s s y t t t t t n t t t t t n") | _table(
    "บปผฝพฟภมยรลวศษสหฬฮ", "p p p h p h p m y r r w s s s h r h"
)
_THAI_AFTER = _table("ะัาิีึืุู", "a a a i i u u u u")
_THAI_BEFORE = {"เ": "e", "แ": "e", "โ": "o", "ไ": "ai", "ใ": "ai"}


def in_other_script(text: str) -> bool:
    """True when some letter is Korean, Nepali, Thai or Burmese."""
    return bool(_OTHER_SCRIPTS.search(text))


@lru_cache(maxsize=4096)
def sound_key(text: str) -> str:
    """The key of a name in any of these scripts, or of a reading in kana; "" when nothing is left of it."""
    plain = unicodedata.normalize("NFKC", text)
    if re.search("[\u3041-\u30ff]", plain):
        plain = romaji(plain)
    elif in_other_script(plain):
        plain = _korean(plain) or _nepali(plain) or _burmese(plain) or _thai(plain)
    key = romaji_key(plain)
    for pattern, one in _CLASSES:
        key = re.sub(pattern, one, key)
    return key


def _korean(text: str) -> str:
    found = (_KOREAN.get(letter, "") for letter in unicodedata.normalize("NFD", text))
    return "".join(found).replace("-", "")


def _nepali(text: str) -> str:
    """A consonant has an a of its own unless a sign follows, or it ends the word."""
    letters: list[str] = []
    for at, letter in enumerate(text):
        following = text[at + 1 : at + 2]
        if letter in _NEPALI:
            bare = following in _NEPALI_SIGNS or following in ("\u094d", "")
            letters.append(_NEPALI[letter] + ("" if bare else "a"))
        else:
            letters.append(_NEPALI_SIGNS.get(letter) or _NEPALI_VOWELS.get(letter, ""))
    return "".join(letters)


def _burmese(text: str) -> str:
    plain = re.sub("[\u1037\u1038]", "", text)  # tone marks
    plain = plain.replace("ိုင်", "aai").replace("င်", "in")
    plain = re.sub("([ကခဂ])[\u103b\u103c]", "စ", re.sub("ရ\u103e|လျ\u103e", "စ", plain))  # ky is ch, rh is sh
    found = re.sub("[\u103b\u103c]", "y", plain)
    found = re.sub("\u102d\u102f", "o", re.sub("\u1031([\u102b\u102c])\u103a?", "o", found))
    found = re.sub("[\u102b\u102c]", "a", re.sub("[\u102d\u102e]", "i", re.sub("[\u102f\u1030]", "u", found)))
    found = re.sub("[\u1031\u1032]", "e", found).replace("\u1036", "n").replace("\u103d", "w")
    letters = []
    for at, letter in enumerate(found):
        following = found[at + 1 : at + 2]
        if letter in _BURMESE:
            own = "" if following in "aiueoy\u103a\u1039" and following else "a"
            letters.append(_BURMESE[letter] + own)
        elif letter in "aiueoywn":
            letters.append(letter)
    return "".join(letters).replace("-", "")


def _thai(text: str) -> str:
    """A vowel that is written before its consonant is said after it; the short a behind it then is silent."""
    plain = re.sub("[ก-ฮ]์", "", re.sub("[\u0e47-\u0e4b]", "", text)).replace("ํา", "ัม")
    plain = re.sub("([เแโไใ])([ก-ฮ])ะ?", lambda m: m[2] + m[1], plain)
    letters: list[str] = []
    for at, letter in enumerate(plain):
        if letter == "อ":
            vowel = at + 1 < len(plain) and (plain[at + 1] in _THAI_AFTER or plain[at + 1] in _THAI_BEFORE)
            letters.append("" if vowel else "o")
        else:
            letters.append(_THAI.get(letter) or _THAI_AFTER.get(letter) or _THAI_BEFORE.get(letter, ""))
    return "".join(letters)
