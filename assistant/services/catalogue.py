"""The catalogue of services: one YAML file each, checked when it is loaded.

A file says what a service asks (slots, in order), which personal data it touches, which operation of the back office
it calls and whether that writes. Its texts and cues in each language stand in words/*/services.yaml under its id, or in
the file itself as language → text.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from importlib.resources import files
from typing import TypeVar

import yaml

from assistant.language.errors import PatternsInvalid
from assistant.language.folders import in_all, pattern_language
from assistant.language.patterns import Rule, parse_rules
from assistant.language.words import placeholders
from assistant.model import LANGUAGES
from assistant.services.errors import CatalogueInvalid

_Named = TypeVar("_Named", bound=StrEnum)

Texts = Mapping[str, str]
"""language → text"""


class Effect(StrEnum):
    """Whether the back office changes something."""

    READ = "read"
    WRITE = "write"


class Kind(StrEnum):
    """How a slot's value is read."""

    ITEM = "item"  # a row of one of the town's fee tables; its price goes along
    ADDRESS = "address"
    DAY = "day"  # one of the days that the rule offers
    OPTION = "option"
    TEXT = "text"
    REFERENCE = "reference"  # a number such as SH-100234
    BIRTH_DATE = "birth_date"
    PHOTO = "photo"  # a picture that was sent, or its address on the web


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One of a slot's options; `cues` find it in what the resident writes."""

    id: str
    label: Texts
    cues: tuple[Rule, ...]
    sends: str  # what a routed field gets; empty: the id


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """Which days are offered."""

    weekdays: tuple[int, ...]  # 0 = Monday
    earliest: int  # days from today
    latest: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """One thing that a service needs to know."""

    id: str
    kind: Kind
    field: str  # its name in the operation; empty: it is not sent
    label: Texts
    ask: Texts
    data: str  # kind of personal data for the access record; empty: none
    identifies: bool  # proves who asks; never shown, never in a summary
    optional: bool
    rows: str  # of an item: how the keys of its rows begin
    hint_from: str  # the slot whose text may already say the option
    route: str  # the operation's field that gets the option's `sends`
    options: tuple[Option, ...]
    days: Days | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceSpec:
    """One service."""

    id: str
    effect: Effect
    operation: str
    undo: str  # operation that takes it back by the receipt's number; empty: it can't be taken back
    guides: tuple[str, ...]  # ids of guides whose answers offer the service
    title: Texts
    offer: Texts  # what the button says and sends; a cue finds it
    purpose: Texts  # for the access record, where the Japanese is kept
    consent: Texts  # asked before the first personal data; empty: none is needed
    done: Texts  # placeholders: the result's fields that `result` names
    result: tuple[str, ...]
    states: Mapping[str, Mapping[str, Texts]]  # field → value → words for it
    slots: tuple[Slot, ...]
    cues: tuple[Rule, ...]
    undo_cues: tuple[Rule, ...]

    @property
    def data(self) -> tuple[str, ...]:
        """Kinds of personal data that the service touches."""
        return tuple(dict.fromkeys(slot.data for slot in self.slots if slot.data))

    def slot(self, id_: str) -> Slot:
        """The slot of that id."""
        return next(slot for slot in self.slots if slot.id == id_)


@lru_cache(maxsize=1)
def load_catalogue() -> Mapping[str, ServiceSpec]:
    """id → service, of all files of the catalogue. Raises CatalogueInvalid naming file and key."""
    found: dict[str, ServiceSpec] = {}
    for file in sorted((files("assistant.services") / "catalogue").iterdir(), key=lambda f: f.name):
        if file.name.endswith(".yaml"):
            spec = parse_service(file.read_text(encoding="utf-8"), file.name, _words())
            found[spec.id] = spec
    return found


def _words() -> dict[str, Mapping[str, object]]:
    return {language: held for language, held in in_all("services").items()}


def parse_service(text: str, file: str, words: Mapping[str, Mapping[str, object]] | None = None) -> ServiceSpec:
    """The service that a YAML text describes; `words` maps language → service id → its texts.

    Raises CatalogueInvalid naming file and key.
    """
    try:
        held = yaml.safe_load(text)
    except yaml.YAMLError as exc:
        raise CatalogueInvalid(f"{file} is no valid YAML") from exc
    for language, texts in (words or {}).items():
        if isinstance(held, dict) and held.get("id") in texts:
            _lay(held, texts[held["id"]], language)
    keys = {"id", "effect", "operation", "purpose", "title", "offer", "done", "result", "slots", "cues"}
    entry = _entry(held, file, keys, {"undo", "guides", "consent", "states", "undo_cues"})
    result = tuple(_strings(entry["result"], f"{file}: result"))
    spec = ServiceSpec(
        id=str(entry["id"]),
        effect=_one(Effect, entry["effect"], f"{file}: effect"),
        operation=str(entry["operation"]),
        undo=str(entry.get("undo", "")),
        guides=tuple(_strings(entry.get("guides", []), f"{file}: guides")),
        title=_texts(entry["title"], f"{file}: title"),
        offer=_texts(entry["offer"], f"{file}: offer"),
        purpose=_texts(entry["purpose"], f"{file}: purpose"),
        consent=_texts(entry["consent"], f"{file}: consent") if "consent" in entry else {},
        done=_texts(entry["done"], f"{file}: done", set(result)),
        result=result,
        states=_states(entry.get("states", {}), f"{file}: states"),
        slots=_slots(entry["slots"], f"{file}: slots"),
        cues=_rules(entry["cues"], f"{file}: cues"),
        undo_cues=_rules(entry["undo_cues"], f"{file}: undo_cues") if "undo_cues" in entry else (),
    )
    _check(spec, file)
    return spec


_CUES = ("cues", "undo_cues")


def _lay(held: dict[str, object], texts: object, language: str) -> None:
    """Put one language's texts at their places: slots and options are found by their ids."""
    for key, text in texts.items() if isinstance(texts, dict) else ():
        place = held.get(key)
        if isinstance(place, list):
            for each in place:
                if isinstance(text, dict) and each["id"] in text:
                    _lay(each, text[each["id"]], language)
        elif key in _CUES:
            _at(held, key)[pattern_language(language)] = text
        elif isinstance(text, dict):
            _lay(_at(held, key), text, language)
        else:
            _at(held, key)[language] = text


def _at(held: dict[str, object], key: str) -> dict[str, object]:
    found = held.setdefault(key, {})
    assert isinstance(found, dict)
    return found


def _check(spec: ServiceSpec, file: str) -> None:
    ids = [slot.id for slot in spec.slots]
    if len(set(ids)) != len(ids):
        raise CatalogueInvalid(f"{file}: slots: an id stands twice")
    if spec.data and not spec.consent:
        raise CatalogueInvalid(f"{file}: consent is missing, but slots name personal data")
    if bool(spec.undo) != bool(spec.undo_cues):
        raise CatalogueInvalid(f"{file}: undo and undo_cues go together")
    for slot in spec.slots:
        if slot.hint_from and slot.hint_from not in ids:
            raise CatalogueInvalid(f"{file}: slots.{slot.id}.hint_from names no slot")


def _slots(value: object, where: str) -> tuple[Slot, ...]:
    if not isinstance(value, list) or not value:
        raise CatalogueInvalid(f"{where} must be a list")
    return tuple(_slot(each, f"{where}[{n}]") for n, each in enumerate(value))


def _slot(value: object, where: str) -> Slot:
    more = {"field", "data", "identifies", "optional", "rows", "hint_from", "route", "options", "days"}
    entry = _entry(value, where, {"id", "kind", "label", "ask"}, more)
    kind = _one(Kind, entry["kind"], f"{where}.kind")
    for key, wanted in (("options", Kind.OPTION), ("days", Kind.DAY), ("rows", Kind.ITEM)):
        if (key in entry) != (kind is wanted):
            raise CatalogueInvalid(f"{where}: `{key}` belongs to the kind {wanted.value}, and only there")
    return Slot(
        id=str(entry["id"]), kind=kind, field=str(entry.get("field", entry["id"])),
        label=_texts(entry["label"], f"{where}.label"), ask=_texts(entry["ask"], f"{where}.ask"),
        data=str(entry.get("data", "")), identifies=bool(entry.get("identifies")),
        optional=bool(entry.get("optional")), rows=str(entry.get("rows", "")),
        hint_from=str(entry.get("hint_from", "")), route=str(entry.get("route", "")),
        options=_options(entry.get("options", []), f"{where}.options"),
        days=_days(entry["days"], f"{where}.days") if "days" in entry else None,
    )  # fmt: skip


def _options(value: object, where: str) -> tuple[Option, ...]:
    if not isinstance(value, list):
        raise CatalogueInvalid(f"{where} must be a list")
    found = []
    for n, each in enumerate(value):
        entry = _entry(each, f"{where}[{n}]", {"id", "label", "cues"}, {"sends"})
        found.append(
            Option(
                id=str(entry["id"]), label=_texts(entry["label"], f"{where}[{n}].label"),
                cues=_rules(entry["cues"], f"{where}[{n}].cues"), sends=str(entry.get("sends", entry["id"])),
            )
        )  # fmt: skip
    return tuple(found)


def _days(value: object, where: str) -> Days:
    entry = _entry(value, where, {"weekdays", "earliest", "latest"}, set())
    weekdays = tuple("月火水木金土日".find(day) for day in str(entry["weekdays"]))
    earliest, latest = entry["earliest"], entry["latest"]
    if not weekdays or -1 in weekdays or not isinstance(earliest, int) or not isinstance(latest, int):
        raise CatalogueInvalid(f"{where}: weekdays are written as 水金, earliest and latest as days")
    return Days(weekdays=weekdays, earliest=earliest, latest=latest)


def _states(value: object, where: str) -> dict[str, dict[str, Texts]]:
    if not isinstance(value, dict):
        raise CatalogueInvalid(f"{where} must map fields to values to words")
    return {
        str(field): {str(name): _texts(texts, f"{where}.{field}.{name}") for name, texts in values.items()}
        for field, values in value.items()
    }


def _rules(value: object, where: str) -> tuple[Rule, ...]:
    try:
        return parse_rules(value, where)
    except PatternsInvalid as exc:
        raise CatalogueInvalid(str(exc)) from exc


def _texts(value: object, where: str, wanted: Iterable[str] = ()) -> Texts:
    if not isinstance(value, dict) or set(value) != set(LANGUAGES):
        raise CatalogueInvalid(f"{where} must have a text in each of {', '.join(LANGUAGES)}")
    for language, text in value.items():
        if not isinstance(text, str) or not text.strip() or placeholders(text) != set(wanted):
            raise CatalogueInvalid(f"{where}.{language} must be a text with exactly {{{', '.join(sorted(wanted))}}}")
    return {language: text.strip() for language, text in value.items()}


def _strings(value: object, where: str) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise CatalogueInvalid(f"{where} must be a list of texts")
    return value


def _one(kinds: type[_Named], value: object, where: str) -> _Named:
    try:
        return kinds(str(value))
    except ValueError as exc:
        raise CatalogueInvalid(f"{where} must be one of {', '.join(kinds)}") from exc


def _entry(value: object, where: str, needed: set[str], more: set[str]) -> dict[str, object]:
    if not isinstance(value, dict) or not needed <= set(value) <= needed | more:
        found = {str(key) for key in value} if isinstance(value, dict) else set()
        raise CatalogueInvalid(f"{where}: missing {sorted(needed - found)}, unknown {sorted(found - needed - more)}")
    return value
