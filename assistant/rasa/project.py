"""A Rasa project as values: what its files declare, whatever their version."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from assistant.errors import MadoguchiError

_ANNOTATED = re.compile(r"\[([^\]]+)\](?:\(([^)]*)\)|\{([^}]*)\})")  # [text](entity:value) or [text]{"entity": …}
_NAMED = re.compile(r'"entity"\s*:\s*"([^"]+)"')


class RasaProjectUnreadable(MadoguchiError):
    """There is no Rasa project here. Name the folder that holds domain.yml and its training data."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answering:
    """A response `utter_…`: what the bot says."""

    texts: tuple[str, ...]  # variations
    conditional: bool = False  # some variation depends on a slot or channel
    rich: bool = False  # buttons, images, custom payloads


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """A rule or a story, as its steps in order."""

    name: str
    steps: tuple[tuple[str, str], ...]  # (intent | action | slot | loop | checkpoint | user, its name)
    conditional: bool = False


@dataclass(slots=True, kw_only=True)
class Project:
    """Everything found under one folder. Filled by assistant.rasa.reading."""

    examples: dict[str, list[str]] = field(default_factory=dict)  # intent → utterances with their markup
    intents: set[str] = field(default_factory=set)  # as the domain declares them
    entities: set[str] = field(default_factory=set)
    slots: dict[str, str] = field(default_factory=dict)  # name → type
    forms: dict[str, tuple[str, ...]] = field(default_factory=dict)  # name → required slots
    responses: dict[str, Answering] = field(default_factory=dict)
    actions: set[str] = field(default_factory=set)
    rules: list[Flow] = field(default_factory=list)
    stories: list[Flow] = field(default_factory=list)
    regexes: dict[str, int] = field(default_factory=dict)  # name → patterns
    lookups: dict[str, int] = field(default_factory=dict)
    synonyms: dict[str, int] = field(default_factory=dict)
    pipeline: list[str] = field(default_factory=list)
    policies: list[str] = field(default_factory=list)
    language: str = ""
    files: list[str] = field(default_factory=list)  # read, relative to the folder
    failed: list[str] = field(default_factory=list)  # "file: what is wrong with it"


def plain(example: str) -> str:
    """The utterance without entity markup: mis ilm [tallinnas](asukoht) on → mis ilm tallinnas on."""
    return _ANNOTATED.sub(r"\1", example)


def entities_in(example: str) -> set[str]:
    """Names of the entities that are marked in an utterance."""
    found: set[str] = set()
    for _, short, long in _ANNOTATED.findall(example):
        named = _NAMED.search(long)
        name = named.group(1) if named else short.split(":", 1)[0]
        if name.strip():
            found.add(name.strip())
    return found
