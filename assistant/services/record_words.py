"""Entries of the access record in the resident's words: who, what, why, and how it ended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from assistant.access import Access
from assistant.services.catalogue import load_catalogue
from assistant.services.checked_words import checked_words

_OUTCOMES = ("asked", "done", "refused", "failed", "read")
_KINDS = ("conversation", "contact", "photo")
_WANTED: Final[Mapping[str, frozenset[str]]] = {
    **dict.fromkeys(("other", *_OUTCOMES, *_KINDS), frozenset[str]()),
    "service": frozenset({"title"}), "clerk": frozenset({"ticket"}), "case": frozenset({"ticket"}),
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One access as a resident reads it. Staff appear by their case, not by their name."""

    who: str
    what: tuple[str, ...]
    why: str
    outcome: str


@lru_cache(maxsize=1)
def load_record_words() -> Mapping[str, Mapping[str, str]]:
    """language → key → template. Raises CatalogueInvalid naming what is missing or has other placeholders."""
    return checked_words("record", _WANTED)


def told(access: Access, language: str) -> Told:
    """The access in words of that language; what the catalogue does not know stays as it was written."""
    words = load_record_words()[language]
    kind, _, rest = access.who.partition(":")
    what = tuple(_kind(each, language) for each in access.what)
    outcome = words[access.outcome] if access.outcome in _OUTCOMES else access.outcome
    if kind == "clerk":
        ticket = access.why.removeprefix("ticket ")
        who, why = words["clerk"].format(ticket=ticket), words["case"].format(ticket=ticket)
        return Told(who=who, what=what, why=why, outcome=outcome)
    spec = load_catalogue().get(rest.partition(" ")[0]) if kind == "service" else None
    who = words["service"].format(title=spec.title[language]) if spec else words["other"]
    return Told(who=who, what=what, why=spec.purpose[language] if spec else access.why, outcome=outcome)


def _kind(kind: str, language: str) -> str:
    """A kind of data: one of ours, or what a service's slot calls it."""
    if kind in _KINDS:
        return load_record_words()[language][kind]
    slots = (slot for spec in load_catalogue().values() for slot in spec.slots if slot.data == kind)
    return next((slot.label[language] for slot in slots), kind)
