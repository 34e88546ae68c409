"""町名・地区: a town's districts, found in whatever script they are written in, and named so that all can read them.

How a name is read is the town's own matter (港町 is Minato-machi here, Minato-cho there): readings come from its
tables. Where none is given, what the dictionary says is good enough to find a district by, and never shown.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

import jaconv

from knowledge import japanese
from knowledge.chinese import japanese_form
from knowledge.romaji import romaji, romaji_key
from knowledge.sounds import in_other_script, sound_key

_GA = "[ヶケがガヵ之]"  # 緑ヶ丘 is also written 緑が丘, and 绿之丘 or 绿丘 in China
_SUFFIXES = {"町": ("まち", "ちょう"), "村": ("むら", "そん")}
_HAN = re.compile("[\u3400-\u9fff]")
_KANA = re.compile("[\u3041-\u30ff]")
_LATIN = re.compile("[a-z\u00c0-\u024f]+")
_LETTERS = re.compile(r"[^\W\d_](?:[^\W\d_]|[\u0900-\u0963\u0e31-\u0e4e\u102b-\u103e])*")
_SHORT = 2  # kana of a reading that could stand in any sentence
_SHORT_SOUND = 5  # letters of a sound that could: such a name must be a word of its own
_LEAST = (3, 4, 4)  # letters of a key by its tier; Mori without 町 is a family name too
_MOST_WORDS = 4  # Minato machi, Asahi ga oka
_ONE_NAME = re.compile(r"[^\d,;]+")
_LONG = re.compile("oo|ou|uu")
Names = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a district's name stands in a text; several districts: it may be any of them."""

    districts: Names
    start: int
    end: int  # exclusive


@dataclass(slots=True)
class Districts:
    """The districts of a town: name in kanji → reading in hiragana, "" where the town gives none."""

    readings: Mapping[str, str]
    _shapes: dict[str, re.Pattern[str]] = field(default_factory=dict)
    _kana: dict[str, Names] = field(default_factory=dict)  # reading → districts
    # Key → districts: as the town reads them, with 町 read the other way, without 町.
    _latin: list[dict[str, Names]] = field(default_factory=list)
    _sounds: list[dict[str, Names]] = field(default_factory=list)

    def __post_init__(self) -> None:
        tiers: list[dict[str, list[str]]] = [{}, {}, {}]
        for name, reading in self.readings.items():
            self._shapes[name] = re.compile(re.sub(_GA, f"{_GA}?", re.escape(name)))
            for tier, said in zip(tiers, _readings(name, reading or _looked_up(name)), strict=True):
                for one in said:
                    tier.setdefault(one, []).append(name)
        self._kana = {reading: tuple(names) for reading, names in tiers[0].items()}
        self._latin = [_keyed(tier, lambda one: romaji_key(romaji(one))) for tier in tiers]
        self._sounds = [_keyed(tier, sound_key) for tier in tiers]

    def places(self, text: str) -> list[Place]:
        """Where districts are named in the text (NFKC is taken here; positions are those of the NFKC text).

        In kanji first, then in kana, Latin letters, and the scripts of our residents; only the first of these that
        names one. A longer name hides a shorter one in it.
        """
        plain = unicodedata.normalize("NFKC", text)
        for found in (self._in_kanji, self._in_kana, self._in_latin, self._in_scripts):
            if places := _outer(found(plain)):
                return places
        return []

    def named(self, text: str) -> str | None:
        """The one district that a question names; of several the first; None when there is none, or it is unclear."""
        found = self.places(text)
        return found[0].districts[0] if found and len(found[0].districts) == 1 else None

    def latin(self, name: str) -> str:
        """The district in Latin letters as maps write it, Minato-machi; "" when the town gives no reading."""
        reading = self.readings.get(name, "")
        if not reading:
            return ""
        for kanji, endings in _SUFFIXES.items():
            for ending in endings if name.endswith(kanji) else ():
                if reading.endswith(ending) and len(reading) > len(ending):
                    return f"{_latin(reading.removesuffix(ending))}-{_latin(ending).lower()}"
        return _latin(reading)

    def _in_kanji(self, text: str) -> list[Place]:
        if not _HAN.search(text):
            return []
        # The same characters as Japan writes them, letter by letter so that positions stay: 樱台 is 桜台.
        ours = "".join(_ours(letter) for letter in text)
        return [
            Place((name,), *match.span())
            for name, shape in self._shapes.items()
            if (match := shape.search(text) or shape.search(ours))
        ]  # fmt: skip

    def _in_kana(self, text: str) -> list[Place]:
        if not _KANA.search(text):
            return []
        plain = jaconv.kata2hira(text)
        return [
            Place(names, at, at + len(reading))
            for reading, names in self._kana.items() if len(reading) > _SHORT and (at := plain.find(reading)) >= 0
        ]  # fmt: skip

    def _in_latin(self, text: str) -> list[Place]:
        words = [match.span() for match in _LATIN.finditer(_lower(text))]
        return self._joined(_lower(text), words, lambda piece: romaji_key(_plain_h(piece)), self._latin)

    def _in_scripts(self, text: str) -> list[Place]:
        words = [match.span() for match in _LETTERS.finditer(text) if in_other_script(match[0])]
        return self._joined(text, words, sound_key, self._sounds) or self._inside(text, words)

    def _joined(
        self, text: str, words: list[tuple[int, int]], key: Callable[[str], str], tiers: list[dict[str, Names]]
    ) -> list[Place]:  # fmt: skip
        """Names that are one word or several side by side, of the best tier that holds one."""
        for least, tier in zip(_LEAST, tiers, strict=True):
            found = []
            for at, (start, _) in enumerate(words):
                for size in range(min(_MOST_WORDS, len(words) - at), 0, -1):
                    piece = text[start : words[at + size - 1][1]]
                    one = key(piece) if _ONE_NAME.fullmatch(piece) else ""
                    if len(one) >= least and one in tier:
                        found.append(Place(self._meant(tier[one], piece), start, start + len(piece)))
                        break
            if found:
                return found
        return []

    def _inside(self, text: str, words: list[tuple[int, int]]) -> list[Place]:
        """Names with particles behind them, or in scripts without spaces."""
        for start, end in words:
            sound = sound_key(text[start:end])
            held = [(key, names) for tier in self._sounds[:2] for key, names in tier.items()
                    if len(key) >= _SHORT_SOUND and key in sound]  # fmt: skip
            if held:
                return [Place(max(held, key=lambda entry: len(entry[0]))[1], start, end)]
        return []

    def _meant(self, names: Names, piece: str) -> Names:
        """Those that the spelling fits: Ooshima is 大島, never 小島; Oshima may be both, as many drop the length."""
        long = {_plain_h(piece).replace("ō", o).replace("ū", "uu") for o in ("oo", "ou")}
        if len(names) == 1 or not any(_LONG.search(each) for each in long):
            return names
        typed = {"".join(filter(str.isalpha, each)) for each in long}
        fitting = tuple(name for name in names if romaji(self.readings[name] or _looked_up(name)) in typed)
        return fitting or names


def districts_of(names: Iterable[str], readings: Mapping[str, str]) -> Districts:
    """The districts of a town in the order of `names`; `readings` may hold more."""
    return Districts({name: readings.get(name, "") for name in dict.fromkeys(names) if name})


def _readings(name: str, reading: str) -> tuple[set[str], set[str], set[str]]:
    """As the town reads it; with 町 read the other way; without 町."""
    own, other, bare = {reading} - {""}, set(), set()
    for kanji, endings in _SUFFIXES.items():
        for ending in endings if name.endswith(kanji) else ():
            if reading.endswith(ending) and len(reading) > len(ending):
                stem = reading.removesuffix(ending)
                bare.add(stem)
                other |= {stem + each for each in endings if each != ending}
    return own, other, bare


def _keyed(tier: Mapping[str, list[str]], key: Callable[[str], str]) -> dict[str, Names]:
    found: dict[str, Names] = {}
    for reading, names in tier.items():
        one = key(reading)
        found[one] = tuple(dict.fromkeys((*found.get(one, ()), *names)))
    return found


def _outer(places: list[Place]) -> list[Place]:
    """In order, without those that lie in a longer one: 浜町 of 北浜町."""
    kept = [one for one in places if not any(
        other.start <= one.start and one.end <= other.end and other.end - other.start > one.end - one.start
        for other in places)]  # fmt: skip
    return sorted(kept, key=lambda place: place.start)


@lru_cache(maxsize=8192)
def _ours(letter: str) -> str:
    """The character as Japan writes it; what becomes several stays."""
    found = japanese_form(letter) if _HAN.match(letter) else letter
    return found if len(found) == 1 else letter


@lru_cache(maxsize=8192)
def _looked_up(name: str) -> str:
    """The reading by the dictionary; "" when it is no reading."""
    reading = jaconv.kata2hira(japanese.reading(name))
    return reading if re.fullmatch("[\u3041-\u3096ー]+", reading) else ""


def _latin(reading: str) -> str:
    """As on maps: long vowels short, the first letter large."""
    return re.sub("o[ou]", "o", romaji(reading)).replace("uu", "u").capitalize()


def _plain_h(piece: str) -> str:
    """Passports write a long o as oh: Ohshima."""
    return re.sub("oh(?![aiueoy])", "oo", piece)


def _lower(text: str) -> str:
    """Small letters, each in its place."""
    return "".join(small if len(small := letter.lower()) == 1 else letter for letter in text)
