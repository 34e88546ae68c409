"""Bytes become clean text: encodings of Japanese offices, control and hidden characters, radical look-alikes."""

from __future__ import annotations

import codecs
import re
import unicodedata
from dataclasses import dataclass

from charset_normalizer import from_bytes

from knowledge.errors import MalformedSource
from knowledge.sources.reading import refusal

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16: it begins with the same two bytes
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# What pages declare and what they mean: "Shift_JIS" of Windows holds ①, ㈱ and 髙, which only CP932 knows.
_MEANT = {
    "shift_jis": "cp932", "shift-jis": "cp932", "sjis": "cp932", "x-sjis": "cp932", "windows-31j": "cp932",
    "ms932": "cp932", "x-euc-jp": "euc_jp", "gb2312": "gb18030", "gbk": "gb18030", "iso-8859-1": "cp1252",
}  # fmt: skip
_ISO_2022_JP = re.compile(rb"\x1b\$[@B]|\x1b\$\([DOPQ]|\x1b\([JI]")
_MAX_REPLACED = 0.005  # of all characters: a page with a few 外字 is still a page
_MAX_CONTROLS = 0.01  # of all characters: more means that this is no text

_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")
# Invisible characters that can hide words from a reader but not from a machine: soft hyphen, zero-width space,
# direction marks and overrides, invisible operators, byte order mark, interlinear marks, tags, noncharacters.
# ZWJ and ZWNJ stay: Nepali and Burmese need them.
_HIDDEN = re.compile(
    "[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e007f]"
)
_BREAKS = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_SURROGATES = re.compile("[\ud800-\udfff]")
# NFC would turn the name characters of these blocks (神 福 都 …) into other ones.
_COMPOSABLE = re.compile("[^\uf900-\ufaff\U0002f800-\U0002fa1f]+")

# U+2E80-2EFF: NFKC leaves all but two of them. Source: Unicode, EquivalentUnifiedIdeograph.txt (as known; the
# last line holds the Kangxi radicals whose NFKC form is not the one that Japanese offices write: 戶 黑 黃 靑).
_RADICAL_PAIRS = (
    "⺁厂⺂乛⺃乚⺄乙⺅亻⺆冂⺈刀⺉刂⺊卜⺋㔾⺌小⺍小⺎兀⺏尣⺐尢⺒巳⺓幺⺔彑⺕彐⺖忄⺗㣺⺘扌⺙攵⺛旡⺜日⺝月⺞歺⺟母⺠民⺡氵"
    "⺢氺⺣灬⺤爫⺥爫⺦丬⺧牛⺨犭⺩王⺫罒⺬示⺭礻⺯糹⺰纟⺱罓⺲罒⺳㓁⺶羊⺹耂⺺肀⺻聿⺼月⺽臼⺾艹⺿艹⻀艹⻁虎⻂衤⻃覀⻄西⻅见"
    "⻆角⻈讠⻉贝⻊足⻋车⻌辶⻍辶⻎辶⻏阝⻐钅⻑長⻒镸⻓长⻔门⻖阝⻗雨⻘青⻙韦⻚页⻛风⻜飞⻝食⻟飠⻠饣⻢马⻣骨⻤鬼⻥鱼⻦鸟⻧卤"
    "⻨麦⻩黄⻪黾⻫斉⻬齐⻭歯⻮齿⻯竜⻰龙⻱龜⻲亀⻳龟"
    "⼾戸⿊黒⿈黄⾭青"
)
_RADICALS = {ord(_RADICAL_PAIRS[i]): _RADICAL_PAIRS[i + 1] for i in range(0, len(_RADICAL_PAIRS), 2)}
_KANGXI = re.compile("[\u2f00-\u2fdf]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoded:
    """Clean text, the encoding it was in, and how many characters could not be read (each is U+FFFD)."""

    text: str
    encoding: str
    unreadable: int = 0


def decode(raw: bytes, name: str, *, declared: str = "") -> Decoded:
    """The bytes as clean text.

    Tried in this order: byte order mark, ISO-2022-JP escapes, UTF-16 without mark, UTF-8, the declared
    encoding, CP932 against EUC-JP (the more Japanese one), charset-normalizer.
    Raises MalformedSource, naming the file, when the bytes are no text.
    """
    found = _decode(raw, declared)
    if found is None or len(_CONTROLS.findall(found.text)) > _MAX_CONTROLS * len(found.text) + 2:
        raise refusal(MalformedSource, name, "This file is not text. Save it again as UTF-8 in its own program.")
    return Decoded(text=clean(found.text), encoding=found.encoding, unreadable=found.unreadable)


def clean(text: str) -> str:
    """The text without control, hidden and broken characters, lines ended by \\n, composed (NFC).

    Nothing that can be seen is lost; compatibility ideographs, which names need, stay as they are.
    """
    text = _CONTROLS.sub("", _BREAKS.sub("\n", text))
    text = _SURROGATES.sub("\ufffd", _HIDDEN.sub("", text)).replace("\u00a0", " ")
    return _COMPOSABLE.sub(lambda found: unicodedata.normalize("NFC", found[0]), text)


def unify_radicals(text: str) -> str:
    """The text with radicals (U+2E80-2FDF, as PDFs give them) written as the characters meant: ⼊⼿⺠ → 入手民."""
    return _KANGXI.sub(lambda found: unicodedata.normalize("NFKC", found[0]), text.translate(_RADICALS))


def _decode(raw: bytes, declared: str) -> Decoded | None:
    for mark, encoding in _BOMS:
        if raw.startswith(mark):
            return _strict(raw, encoding) or _lenient(raw, encoding)
    if _ISO_2022_JP.search(raw):
        return _strict(raw, "iso2022_jp_ext") or _strict(raw, "iso2022_jp_3") or _lenient(raw, "iso2022_jp_ext")
    wide = _without_mark(raw)
    found = _strict(raw, wide) if wide else None
    found = found if found and _plausible(found.text) else None
    meant = _MEANT.get(declared.strip().lower(), declared.strip())
    return found or _strict(raw, "utf-8") or _strict(raw, meant) or _japanese(raw) or _lenient(raw, meant) or _any(raw)


def _without_mark(raw: bytes) -> str:
    """UTF-16 without a byte order mark shows as zeros in every second byte of its ASCII characters only."""
    even, odd = raw[0:4000:2].count(0), raw[1:4000:2].count(0)
    if odd and not even:
        return "utf-16-le"
    return "utf-16-be" if even and not odd else ""


def _plausible(text: str) -> bool:
    """True when most are ASCII, signs, kana, kanji or full-width; of random 16-bit values four in ten are."""
    known = sum(c <= "\x7f" or "\u2000" <= c <= "\u33ff" or "\u4e00" <= c <= "\u9fff" or c >= "\uf900" for c in text)
    return known > 0.8 * len(text)


def _strict(raw: bytes, encoding: str) -> Decoded | None:
    try:
        return Decoded(text=raw.decode(encoding), encoding=encoding)
    except (UnicodeError, LookupError, ValueError):  # ValueError: a NUL in the declared name
        return None


def _lenient(raw: bytes, encoding: str) -> Decoded | None:
    try:
        text = raw.decode(encoding, "replace")
    except (UnicodeError, LookupError, ValueError):
        return None
    bad = text.count("\ufffd")
    return Decoded(text=text, encoding=encoding, unreadable=bad) if bad <= _MAX_REPLACED * len(text) else None


def _japanese(raw: bytes) -> Decoded | None:
    """CP932 or EUC-JP, whichever reads as more Japanese; a few unreadable characters are allowed."""
    tries = [_strict(raw, "cp932") or _lenient(raw, "cp932"), _strict(raw, "euc_jp") or _lenient(raw, "euc_jp")]
    ranked = sorted((one for one in tries if one), key=lambda one: _japaneseness(one.text), reverse=True)
    return ranked[0] if ranked and _japaneseness(ranked[0].text) > 0.5 else None


def _japaneseness(text: str) -> float:
    """Share of kana and kanji among the characters outside ASCII, less half-width kana and unknown ones; -1 to 1."""
    outside = [char for char in text[:20000] if char > "\x7f"]
    if not outside:
        return 0.0
    good = sum("\u3000" <= c <= "\u30ff" or "\u4e00" <= c <= "\u9fff" or "\uff01" <= c <= "\uff5e" for c in outside)
    bad = sum("\uff61" <= c <= "\uff9f" or "\ue000" <= c <= "\uf8ff" or c == "\ufffd" for c in outside)
    return (good - bad) / len(outside)


def _any(raw: bytes) -> Decoded | None:
    best = from_bytes(raw[:200_000], steps=5, chunk_size=512).best()  # a sample decides; all of it would take seconds
    return (_strict(raw, best.encoding) or _lenient(raw, best.encoding)) if best else None
