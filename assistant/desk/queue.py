"""The desk as reception sees it: promises, open tickets, and the bot's silence while a clerk has the case."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from assistant.desk.hours import ZONE, Hours, read_hours
from assistant.desk.ticket import State
from assistant.language.detect import speakable
from assistant.language.numbers import format_date, format_time
from assistant.language.phrases import Phrase
from assistant.language.saying import outcome_words
from assistant.language.words import Words
from assistant.model import Conversation, Evidence, Outcome, Reply, Turn, Why
from assistant.store.desk import DeskStore


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """What the resident may expect of staff."""

    text: str
    opens_at: datetime | None  # UTC; None while the desk is open


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Answers what reception asks about tickets."""

    store: DeskStore
    words: Words
    entry: Callable[[str], Mapping[str, object] | None]  # town → its `desk:` entry; None: it promises nothing

    def hours(self, town: str) -> Hours | None:
        """The town's desk hours; None when its profile has no `desk:`."""
        entry = self.entry(town)
        return None if entry is None else read_hours(entry)

    def promise(self, town: str, language: str, now: datetime) -> Promise | None:
        """What the town promises now; None when it promises nothing (it has no `desk:` in its profile)."""
        hours = self.hours(town)
        if hours is None:
            return None
        if hours.is_open(now):
            text = self.words.phrase(Phrase.PROMISE_OPEN, language, minutes=hours.reply_minutes)
            return Promise(text=text, opens_at=None)
        opening = hours.opens_after(now)
        if opening is None:
            return None
        local = opening.astimezone(ZONE)
        when = f"{format_date(local.date(), language)} {format_time(local.time(), language)}"
        return Promise(text=self.words.phrase(Phrase.PROMISE_CLOSED, language, opens_at=when), opens_at=opening)

    def open_ticket(self, conversation: str) -> str | None:
        """The newest ticket of the conversation that is not closed: a second hand-over joins it."""
        found = self.store.open_tickets(conversation)
        return found[-1].id if found else None

    def silence(self, turn: Turn, conversation: Conversation) -> Outcome | None:
        """While a clerk has the case, all that the bot says is that the words were delivered; else None."""
        if not any(ticket.state is State.TAKEN for ticket in self.store.open_tickets(turn.conversation)):
            return None
        language = speakable(turn.language or conversation.language or "ja").language
        text = outcome_words(self.words, Why.WITH_STAFF, language, "")
        topic = conversation.topic_key  # the bot goes on from where it stopped, should it be asked again
        decision = Reply(why=Why.WITH_STAFF, language=language, text=text, topic_key=topic)
        return Outcome(decision=decision, evidence=Evidence())
