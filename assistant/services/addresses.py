"""住所: an address of the town in any writing, read to the one form that the town uses. Pure.

港町1丁目2番3号, 港町一丁目2の3, みなとまち 1-2-3 and '1-2-3 Minato-machi, Asanagi-shi' are one address. A district that
the town does not have, or another town's name, is never taken for one of ours, nor one of two guessed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from assistant.services.house_numbers import Numbers, Way, numbers_in, plain_numbers, short, ways, written
from assistant.understanding.elsewhere import municipality
from knowledge.districts import Districts, Place
from knowledge.romaji import romaji_key

_HERE = "\ue010"  # stands for the district in the rest of the text
_POSTCODE = re.compile(r"〒 ?\d{3}-?\d{4}|(?<![\d-])\d{3}-\d{4}(?![\d-])")
_COUNTRY = re.compile(r"日本国?[、,]? |,? ?\bjapan\b\.?", re.IGNORECASE)
_ROOM = re.compile(
    r"(?:\b(?:room|rm|apt|apartment|unit|apto|apartamento|depto|departamento|phòng|phong|căn hộ|kamar|kuwarto|sala)"
    r"\b\.? ?(?:no\.? ?)?#?|#|कोठा (?:नं\.? ?)?|ห้อง ?(?:เลขที่ )?|အခန်း(?:အမှတ်)? ?)([a-z]?-?\d{1,5}[a-z]?)(?![\d-])"
    r"|(?<![\d-])([A-Za-z]?\d{1,5}) ?(?:号室|號房|号房|室|호실|호(?!선))",
    re.IGNORECASE,
)
_LEAD = re.compile(r"^(?:私の|わたしの|うちの)?(?:住所|自宅|うち)(?:は|:| )[、 ]?")
_LABELS = frozenset(
    "大字 字 address dirección direccion endereço endereco địa chỉ dia chi alamat tirahan 주소 번지 ठेगाना ที่อยู่ เลขที่ "
    "လိပ်စာ 地址 住址".split()
)  # fmt: skip
_TAIL = re.compile(r"(?:です|になります|でお願いします|に住んでいます)?[。.!！]*$")
_OTHER_KANJI = re.compile("[\u3400-\u9fff々ヶケぁ-ん][ぁ-ん]{0,3}[市区郡村県府都道](?=$|[\u3400-\u9fffぁ-ヺ ])")
_OTHER_LATIN = re.compile(
    r"\b([a-zà-ɏ]+)[- ](?:shi|ku|gun|mura|son|ken|fu|city|ward|village|prefecture)\b", re.IGNORECASE
)  # fmt: skip
_HAN = re.compile("[\u3400-\u9fff々ヶ]")
_JOINING = re.compile("[\u3400-\u9fff々ヶァ-ヺー]")  # 新港町 and メゾン桜台 are not 港町 and 桜台
_LATIN_WORD = re.compile("[A-Za-z\u00c0-\u024f]+")
_BETWEEN = re.compile(r"[\s,、，の]*")
_SMALL = frozenset(
    "in at to is my address live living en em na no sa o tai de di dia chi direccion tirahan alamat i".split()
)  # fmt: skip
_LONGEST = 400  # characters


@dataclass(frozen=True, slots=True, kw_only=True)
class TownMap:
    """What addresses are read against."""

    names: tuple[str, ...]  # of the town and its prefecture, in kanji and in Latin letters
    districts: Districts
    ways: Mapping[str, Way] = field(default_factory=dict)
    whole: bool = False  # the town has named all its districts: no other one is ours


NO_MAP = TownMap(names=(), districts=Districts({}))
"""Of a town that has told nothing of its districts: an address is taken as it is written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """An address read; `problem` says why not, in flow_words."""

    value: str = ""  # 港町1丁目2番3号 朝凪ハイツ 201号室
    several: tuple[str, ...] = ()  # the addresses that it could be
    problem: str = ""


def read_address(text: str, town: TownMap) -> Address:
    """The address in its normal form, or why there is none: no_number, no_district, which_district or other_town."""
    if len(text) > _LONGEST:
        return Address(problem="again")
    plain = _without_town(_without_own_reading(_tidy(text)), town)
    places = [place for place in town.districts.places(plain) if _stands_alone(plain, place)]
    if _another_town(plain, places, town):
        return Address(problem="other_town")
    if not places:
        return _unknown(text, plain, town)
    names = list(dict.fromkeys(name for place in places for name in place.districts))
    rest = plain_numbers(_around(plain, places))
    found = [_composed(name, rest, town.ways.get(name, Way.MIXED)) for name in names]
    if not all(found):
        return Address(problem="no_number")
    return Address(value=found[0]) if len(found) == 1 else Address(several=tuple(found), problem="which_district")


def shown_address(value: str, language: str, districts: Districts) -> str:
    """The address for a reader of that language: 桜台1丁目2番3号 (Sakuradai 1-2-3)."""
    name = max((each for each in districts.readings if value.startswith(each)), key=len, default="")
    latin = districts.latin(name) if name and not language.startswith(("ja", "zh")) else ""
    if not latin:
        return value
    street, _, inside = value.removeprefix(name).partition(" ")
    room = re.search(r"(\w+)号室$", inside)
    return f"{value} ({' '.join((latin, short(street)))}{f', {room[1]}' if room else ''})"


def town_map(names: Iterable[str], districts: Districts, addresses: Iterable[str], *, whole: bool) -> TownMap:
    """The map of a town; `addresses` are the town's own, from which is seen how each district counts."""
    told = []
    for address in addresses:
        plain = unicodedata.normalize("NFKC", address)
        for place in districts.places(plain)[:1]:
            told.append((place.districts[0], plain[place.end :]))
    return TownMap(names=tuple(filter(None, names)), districts=districts, ways=ways(told), whole=whole)


def _tidy(text: str) -> str:
    plain = " ".join(unicodedata.normalize("NFKC", text).split())
    plain = "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in plain)
    plain = _COUNTRY.sub("", _POSTCODE.sub(" ", plain)).strip(" ,、")
    return _TAIL.sub("", _LEAD.sub("", plain)).strip(" ,、")


def _without_own_reading(text: str) -> str:
    """桜台1丁目2番3号 (Sakuradai 1-2-3), as we write it ourselves, without what is in brackets."""
    return re.sub(r"^([^()]*[\u3400-\u9fff][^()]*) \([A-Z][A-Za-z0-9 ,-]+\)$", r"\1", text)


def _without_town(text: str, town: TownMap) -> str:
    latin = [name for name in town.names if _LATIN_WORD.search(name)]
    others = "|".join(re.escape(name) for name in sorted(set(town.names) - set(latin), key=len, reverse=True))
    if others:
        follow = "|".join(re.escape(name) for name in town.districts.readings)
        text = re.sub(rf"(?:{others})(?={others}|{follow}|大?字|[ ,、]|[ぁ-んァ-ヶ]|$)", "", text)
    own = {romaji_key(name) for name in latin}
    kept = [part.strip() for part in text.split(",") if romaji_key(part) not in own or not part.strip()]
    text = ", ".join(filter(None, kept))
    for name in latin:  # Minato-machi Asanagi-shi, without a comma; Asanagi alone may be a house's name
        text = _dropped(text, romaji_key(name)) if re.search(r"\w[ -]\w", name) else text
    return text.strip(" ,、")


def _dropped(text: str, key: str) -> str:
    """The text without the words that are read so."""
    words = list(_LATIN_WORD.finditer(text))
    for at, first in enumerate(words):
        for last in words[at : at + 3]:
            piece = text[first.start() : last.end()]
            if romaji_key(piece) == key and "," not in piece and not re.search(r"\d", piece):
                return f"{text[: first.start()]}{text[last.end() :]}".strip(" ,")
    return text


def _another_town(text: str, places: list[Place], town: TownMap) -> bool:
    """True when a municipality, ward or prefecture is named that is not ours; in kanji it stands first."""
    digit = re.search(r"\d", text)
    head = text[: min([place.start for place in places] or [digit.start() if digit else len(text)])]
    for name in town.names:
        head = head.replace(name, "") if _HAN.search(name) else head
    if _OTHER_KANJI.search(head):
        return True
    own = {romaji_key(name) for name in town.names} | {romaji_key(re.split("[ -]", name)[0]) for name in town.names}
    within = [range(place.start, place.end) for place in places]
    for match in _OTHER_LATIN.finditer(text):
        if romaji_key(match[1]) not in own and not any(match.start() in span for span in within):
            return True
    parts = (part.strip() for part in text.split(","))
    return any(part and municipality(part) and not town.districts.places(part) for part in parts)


def _stands_alone(text: str, place: Place) -> bool:
    """False for 港町 in 新港町 or 桜台 in 桜台東, and for Minato-machi in Shin Minato-machi."""
    before, after = text[: place.start], text[place.end :]
    if _HAN.match(text[place.start]):
        joined_before = _JOINING.match(before[-1:]) and not before.endswith("字")
        joined_after = _JOINING.match(after) and not re.match("[一二三四五六七八九十]+(?:丁目|番|の|[-ー])|字", after)
        return not joined_before and not joined_after
    words = list(_LATIN_WORD.finditer(before))
    last = words[-1] if words and not re.search(r"[\d,]", before[words[-1].end() :]) else None
    return last is None or not _LATIN_WORD.match(text[place.start :]) or romaji_key(last[0]) in _SMALL


def _around(text: str, places: list[Place]) -> str:
    """The text with a mark for the first place and without the others."""
    for place in reversed(places[1:]):
        text = f"{text[: place.start]} {text[place.end :]}"
    return f"{text[: places[0].start]}{_HERE}{text[places[0].end :]}"


def _unknown(text: str, plain: str, town: TownMap) -> Address:
    """A district that is not on the map: asked back where the map is whole, else taken as it is written."""
    if town.whole:
        return Address(problem="no_district" if numbers_in(plain_numbers(plain)) else "no_number")
    kept = " ".join(unicodedata.normalize("NFKC", text).split())
    number = any(c.isdigit() or c in "一二三四五六七八九" for c in kept)
    return Address(value=kept) if number and len(kept) >= 4 else Address(problem="again")


def _composed(name: str, rest: str, way: Way) -> str:
    """The normal form from what stands around the district; "" without a number."""
    rooms = [match[1] or match[2] for match in _ROOM.finditer(rest)]
    rest = _ROOM.sub(" ", rest)
    at = rest.index(_HERE)
    groups = numbers_in(rest)
    main = _main(groups, rest, at)
    if main is None:
        return ""
    said, room = written(main, way)
    if not said:
        return ""
    spare = [group for group in groups if group is not main and len(group.values) == 1 and not group.units[0]]
    if not room and not rooms and len(spare) == 1:
        room = str(spare[0].values[0])
        rest = rest[: spare[0].start] + " " * (spare[0].end - spare[0].start) + rest[spare[0].end :]
    building = _building(rest[: main.start] + " " + rest[main.end :])
    room = (rooms or [room])[0].lstrip("-#")
    return " ".join(part for part in (f"{name}{said}", building, f"{room}号室" if room else "") if part)


def _main(groups: list[Numbers], rest: str, at: int) -> Numbers | None:
    """The numbers of the house: those with most parts that stand beside the district."""
    beside = [
        group for group in groups
        if _BETWEEN.fullmatch(rest[at + 1 : group.start]) or _BETWEEN.fullmatch(rest[group.end : at])
    ]  # fmt: skip
    return max(beside or groups, key=lambda group: (len(group.values), group.start > at), default=None)


def _building(rest: str) -> str:
    """What is left: the name of a house, as it was written."""
    plain = re.sub(r"[\ue000-\ue0ff]", " ", rest)
    words = [word for word in re.split(r"[\s,、，]+", plain) if re.search(r"\w", word) and word.lower() not in _LABELS]
    if all(romaji_key(word) in _SMALL or not word.isalnum() for word in words):
        return ""
    return " ".join(words)
