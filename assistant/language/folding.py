"""Forms of a text for matching: hidden characters removed, widths and cases folded, positions kept.

What a resident sees on the page stays as written; only the forms made here are compared with patterns.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from knowledge.chinese import simplified

_HIDDEN = re.compile(
    "[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e"
    "\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\ud800-\udfff"
    "\U000e0000-\U000e00ff\U000e01f0-\U000e0fff]"
)
_TAG_RUN = re.compile("(?<!\U0001f3f4)(?:[\U000e0020-\U000e007e]){3,}")
_FLAG = re.compile("\U0001f3f4[\U000e0020-\U000e007f]+")
# A selector is meant after an emoji or symbol (FE0F) or a kanji (IVS of a name); elsewhere it only hides text.
_STRAY_SELECTOR = re.compile(
    "(?<![\u2000-\u2bff\u3030-\u303d\u3297\u3299\U0001f000-\U0001faff#*0-9])[\ufe00-\ufe0f]"
    "|(?<![\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff])[\U000e0100-\U000e01ef]"
)
# Joiners belong to emoji families and to the scripts of South Asia and Arabic; between other letters they only hide.
_JOINED = "\u0600-\u07ff\u0900-\u0dff\u1000-\u109f\u1780-\u17ff\ufe0f\u2600-\u27bf\U0001f000-\U0001faff"
_STRAY_JOINER = re.compile(f"(?<![{_JOINED}])[\u200c\u200d]|[\u200c\u200d](?![{_JOINED}])")
_PILED_MARKS = re.compile("([\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]{3})[\u0300-\u036f\u20d0-\u20ff]+")
_FURIGANA = re.compile("(?<=[\u3400-\u9fff々])[(（][ぁ-んァ-ヶー・\\s]+[)）]")
_QUOTES = str.maketrans({"’": "'", "‘": "'", "`": "'", "´": "'", "“": '"', "”": '"', "‐": "-", "‑": "-"})
# Cyrillic and Greek letters that look like Latin ones: used to slip words past a filter.
_LOOKALIKES = str.maketrans("аеорсухікјѕԁɡαορνі", "aeopcyxikjsdgaopvi")
_HAN = re.compile("[\u3400-\u9fff]")
_CYRILLIC_WORD = re.compile("[\u0400-\u04ff\u0370-\u03ff]{4,}")


@dataclass(frozen=True, slots=True)
class Folded:
    """A text in the form that patterns are compared with, and where each character came from."""

    text: str
    origins: tuple[int, ...]  # index in the unfolded text of each character

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where folded characters start..end (end exclusive) stand in the unfolded text."""
        if start >= end:
            return (0, 0)
        return (self.origins[start], self.origins[end - 1] + 1)


@dataclass(frozen=True, slots=True)
class View:
    """The forms of one message: with single spaces, and without spaces and furigana."""

    spaced: Folded
    tight: Folded
    simplified: Folded  # `tight` with traditional Chinese characters as simplified ones
    accented: bool  # some Latin letter carries a diacritic


def strip_hidden(text: str) -> str:
    """The text in NFC without characters that nobody sees: zero-width, bidi controls, tags, stray selectors.

    Joiners of emoji and of South Asian scripts, one selector after an emoji or kanji, tabs and line breaks stay.
    Lone surrogates are removed, so that the result can always be stored as UTF-8. Idempotent.
    """
    previous = None
    while text != previous:  # removing one character can leave another one stray
        previous = text
        text = text.replace("\u2028", "\n").replace("\u2029", "\n").replace("\r\n", "\n")
        text = _HIDDEN.sub("", _FLAG.sub("\U0001f3f4", text))
        text = _STRAY_JOINER.sub("", _STRAY_SELECTOR.sub("", text))
        text = unicodedata.normalize("NFC", _PILED_MARKS.sub(r"\1", text))
    return text


def has_hidden_message(text: str) -> bool:
    """True when the text carries letters as invisible Unicode tags (flags of regions do not count)."""
    return bool(_TAG_RUN.search(_FLAG.sub("", text)))


def fold(text: str) -> Folded:
    """The text in NFKC, case-folded, with plain quotes and runs of space as one; positions refer to `text`."""
    letters: list[str] = []
    origins: list[int] = []
    for index, original in enumerate(text):
        for letter in unicodedata.normalize("NFKC", original).casefold().translate(_QUOTES):
            if letter in "\u200c\u200d":  # joiners change how letters look, not which they are
                continue
            letter = " " if letter.isspace() else letter
            if letter == " " and letters and letters[-1] == " ":
                continue
            joined = unicodedata.normalize("NFC", letters[-1] + letter) if letters else ""
            if letter == "เ" and letters and letters[-1] == "เ":  # typed twice, it looks like แ
                letters[-1] = "แ"
                continue
            if unicodedata.combining(letter) and len(joined) == 1:  # half-width kana carry their marks apart
                letters[-1] = joined
                continue
            letters.append(letter)
            origins.append(index)
    return Folded("".join(letters), tuple(origins))


def view(text: str) -> View:
    """All forms of a message that patterns need."""
    spaced = fold(text)
    plain = spaced.text
    if not _CYRILLIC_WORD.search(plain):  # a real Russian word is no disguise
        spaced = Folded(plain.translate(_LOOKALIKES), spaced.origins)
    accented = unaccented(spaced.text) != spaced.text
    tight = tighten(spaced)
    return View(spaced, tight, _simplified(tight), accented)


def _simplified(folded: Folded) -> Folded:
    """Letter by letter, since positions must stay; OpenCC joins hardly any characters in this direction."""
    text = simplified(folded.text) if _HAN.search(folded.text) else folded.text
    return Folded(text, folded.origins) if len(text) == len(folded.text) else folded


def tighten(folded: Folded) -> Folded:
    """The folded text without spaces and without furigana in brackets after kanji."""
    dropped = {i for match in _FURIGANA.finditer(folded.text) for i in range(*match.span())}
    kept = [i for i, letter in enumerate(folded.text) if letter != " " and i not in dropped]
    return Folded("".join(folded.text[i] for i in kept), tuple(folded.origins[i] for i in kept))


def unaccented(text: str) -> str:
    """Latin letters without their diacritics, đ as d; other scripts unchanged. The length stays the same for NFC."""
    return "".join(map(_base_letter, text))


def _base_letter(letter: str) -> str:
    if letter in "đĐ":
        return "d" if letter == "đ" else "D"
    if "\u00c0" <= letter <= "\u024f" or "\u1e00" <= letter <= "\u1eff":
        return unicodedata.normalize("NFD", letter)[0]
    return letter
