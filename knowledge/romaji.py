"""Japanese words in Latin letters: how a reading is written, and a key under which all spellings of it meet."""

from __future__ import annotations

import re
import unicodedata

import jaconv

_KUNREI = (("sy", "sh"), ("ty", "ch"), ("zy", "j"), ("jy", "j"), ("si", "shi"), ("ti", "chi"), ("tu", "tsu"),
           ("zi", "ji"), ("hu", "fu"), ("shi", "shi"))  # fmt: skip
_DRAWN = re.compile(r"([aiueo])\1+")


def romaji(reading: str) -> str:
    """The reading (hiragana or katakana) in Hepburn letters, long vowels written out: じゅうみん → juumin."""
    return str(jaconv.kana2alphabet(jaconv.kata2hira(reading).replace("ー", "")))


def romaji_key(text: str) -> str:
    """What all spellings of one Japanese word in Latin letters share.

    Macrons, hyphens, spaces and long vowels fall away and Kunrei spellings become Hepburn:
    jūminhyō, juuminhyou, juminhyo and zyuminhyo all give juminhyo.
    """
    plain = "".join(c for c in unicodedata.normalize("NFKD", text).lower() if c.isascii() and c.isalpha())
    for kunrei, hepburn in _KUNREI:
        plain = re.sub(rf"(?<![sc]){kunrei}" if kunrei == "hu" else kunrei, hepburn, plain)
    plain = plain.replace("shhi", "shi").replace("chhi", "chi")
    plain = re.sub(r"(?<=o)u+", "", re.sub(r"m(?=[bmp])", "n", plain))
    return _DRAWN.sub(r"\1", plain)  # last: souon gives soon first
