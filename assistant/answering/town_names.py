"""What the town's own places are called in each language: from its profile and its tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from knowledge.districts import Districts, districts_of
from knowledge.glossary import LANGUAGES
from knowledge.passage import Table
from knowledge.romaji import romaji

_KINDS = ("し", "まち", "ちょう", "むら", "そん", "く")  # 市 町 村 区
_LATIN_KINDS = ("-shi", "-cho", "-machi", "-mura", "-son", "-ku", "-ken", "-fu", " City", " Town", " Prefecture")
_OF_PLACES = ("facilities", "shelters", "hours")  # kinds of tables whose rows are places


def town_names(profile: Mapping[str, object], tables: Iterable[Table]) -> dict[str, dict[str, str]]:
    """Japanese name → language → name there, of the town, its prefecture and the places in its tables."""
    found: dict[str, dict[str, str]] = {}
    for key in ("name", "prefecture_name"):
        names = profile.get(key)
        if isinstance(names, dict) and "ja" in names:
            found[str(names["ja"])] = {str(language): str(name) for language, name in names.items()}
    held = list(tables)
    for table in held:
        if table.kind in _OF_PLACES:
            _add_rows(found, table)
    districts = town_districts(profile, held)
    for name in districts.readings:
        latin = districts.latin(name)
        if latin:
            found.setdefault(name, {language: latin for language in LANGUAGES if not language.startswith("zh")})
    return found


def town_districts(profile: Mapping[str, object], tables: Iterable[Table]) -> Districts:
    """町名: those of the town's profile and of its tables, with their readings where the tables give them."""
    held = table_districts(tables)
    listed = profile.get("districts")
    named = [str(name) for name in listed] if isinstance(listed, list) else []
    return districts_of([*named, *held.readings], held.readings)


def own_spellings(profile: Mapping[str, object]) -> list[str]:
    """The town and its prefecture as they stand in addresses: in every language, and as Asanagi-shi, Asanagi City."""
    found: list[str] = []
    for key in ("name", "prefecture_name"):
        names = profile.get(key)
        found += [str(name) for name in names.values()] if isinstance(names, dict) else []
    reading = str(profile.get("reading") or "")
    stems = [romaji(reading.removesuffix(end)) for end in _KINDS if reading.endswith(end)]
    english = profile.get("prefecture_name")
    stems += [str(english.get("en") or "").split(" ")[0]] if isinstance(english, dict) else []
    for stem in filter(None, stems):
        found += [stem.capitalize(), *(f"{stem.capitalize()}{kind}" for kind in _LATIN_KINDS)]
    return list(dict.fromkeys(found))


def table_districts(tables: Iterable[Table]) -> Districts:
    """The districts of the tables that have some; a reading is that of the row where the district is its key."""
    names: list[str] = []
    readings: dict[str, str] = {}
    for table in tables:
        if "district" in table.columns:
            at = table.columns.index("district")
            names += [row[at].strip() for row in table.rows]
            if table.key == "district" and "reading" in table.columns:
                told = table.columns.index("reading")
                readings |= {row[at].strip(): row[told].strip() for row in table.rows if row[told].strip()}
    return districts_of(names, readings)


def _add_rows(found: dict[str, dict[str, str]], table: Table) -> None:
    columns = table.columns
    named = [(language, columns.index(column)) for language, column in table.local if column in columns]
    aliases = columns.index(table.aliases) if table.aliases in columns else None
    for row in table.rows:
        local = {language: name for language, at in named if (name := row[at].partition("|")[0].strip())}
        spellings = [row[columns.index(table.key)], *(row[aliases].split("|") if aliases is not None else ())]
        for spelling in filter(None, map(str.strip, spellings)):
            found.setdefault(spelling, {}).update({k: v for k, v in local.items() if k not in found.get(spelling, {})})
