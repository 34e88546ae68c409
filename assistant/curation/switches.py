"""停止スイッチ: what staff have switched off, and whether it touches a turn or a text."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from assistant.model import Channel
from knowledge.passage import Passage


class Scope(StrEnum):
    """What a switch stops."""

    ALL = "all"  # every automatic answer of the town; emergencies and the way to a person stay
    CHANNEL = "channel"
    LLM = "llm"  # the language model only: answers stay extractive
    TOPIC = "topic"
    GUIDE = "guide"  # a guide in all its languages, a table, a law: by its key
    SERVICE = "service"  # what is done through a back office: by its id; the topic `services` is all of them


@dataclass(frozen=True, slots=True, order=True, kw_only=True)
class Switch:
    """One thing that can be off; `name` is a channel, a topic, a key or a service, and empty for ALL and LLM."""

    scope: Scope
    name: str = ""

    def __post_init__(self) -> None:
        if (self.scope in (Scope.ALL, Scope.LLM)) != (self.name == ""):
            raise ValueError("a switch names what it stops, except `all` and `llm`, which name nothing")
        if self.scope is Scope.CHANNEL and self.name not in list(Channel):
            raise ValueError("a channel is web, line, phone or api")


_TABLE_TOPICS = {"garbage": "garbage", "shelters": "disaster"}  # tables bear no topic: their id's first word says it


@dataclass(frozen=True, slots=True, kw_only=True)
class Switches:
    """All that is off in a town at this moment."""

    off: frozenset[Switch] = frozenset()

    @property
    def llm(self) -> bool:
        """True when no language model may write."""
        return Switch(scope=Scope.LLM) in self.off

    def silences(self, channel: Channel) -> bool:
        """True when no automatic answer may go out through this channel."""
        return Switch(scope=Scope.ALL) in self.off or Switch(scope=Scope.CHANNEL, name=channel.value) in self.off

    def hides(self, passage: Passage) -> bool:
        """True when nothing may be answered from this passage: its text or its topic is off."""
        if not self.off:
            return False
        topic = passage.topic or _TABLE_TOPICS.get(passage.key.removeprefix("table:").partition("_")[0], "")
        by_topic = bool(topic) and Switch(scope=Scope.TOPIC, name=topic) in self.off
        return by_topic or Switch(scope=Scope.GUIDE, name=passage.key) in self.off

    def stops(self, service: str, keys: Iterable[str] = ()) -> bool:
        """True when the service may do nothing, or a table that it takes its prices from (by key) is off."""
        off = (Switch(scope=Scope.ALL), SERVICES, Switch(scope=Scope.SERVICE, name=service))
        return any(one in self.off for one in (*off, *(Switch(scope=Scope.GUIDE, name=key) for key in keys)))


SERVICES = Switch(scope=Scope.TOPIC, name="services")
"""All services at once."""

NOTHING_OFF = Switches()
