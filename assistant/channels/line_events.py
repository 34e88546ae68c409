"""What each event on LINE leads to: a turn for the pipeline, a greeting, polite words, or nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from assistant.bootstrap import System
from assistant.channels.line_words import say, to_line
from assistant.errors import UnknownConversation
from assistant.language.detect import speakable
from assistant.language.phrases import Phrase
from assistant.language.saying import outcome_words
from assistant.model import Channel, Conversation, Turn, Why
from assistant.photos import PREFIX, Flaw, PhotoRefused
from assistant.store.line import LineStore
from assistant.store.line_records import LineMessage, Outgoing, Waiting
from assistant.store.photos import TooManyPhotos
from connectors.line import LineEvent, LineKind, read_event
from connectors.line_messages import is_numbered

REPLY_FOR = timedelta(seconds=50)
"""After the event came in; LINE's reply tokens live about a minute, and the way there takes its time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LineEvents:
    """Deals with events; what it says is put into the outbox by whoever calls it."""

    system: System
    store: LineStore
    language_of: Callable[[str], str]  # LINE's user id → BCP-47 or ""
    picture_of: Callable[[str], bytes]  # id of a picture message → the picture
    reply_for: timedelta = REPLY_FOR

    def outgoing(self, waiting: Waiting) -> Outgoing | None:
        """The messages that answer the event; None when nothing is to be said. The same event gives the same turn."""
        event = read_event(waiting.payload)
        return self._posted(waiting, event, self._messages(waiting, event))

    def apology(self, waiting: Waiting) -> Outgoing | None:
        """What is said when the event could not be dealt with, again and again."""
        event = read_event(waiting.payload)
        if event.kind not in (LineKind.TEXT, LineKind.IMAGE, LineKind.FOLLOW):
            return None
        language = self._language(waiting, event)
        text = outcome_words(self.system.words, Why.PART_FAILED, language, "")
        return self._posted(waiting, event, say(text))

    def _posted(self, waiting: Waiting, event: LineEvent, messages: list[LineMessage]) -> Outgoing | None:
        if not messages:
            return None
        return Outgoing(
            town=waiting.town, resident=waiting.resident, source=event.id, messages=tuple(messages),
            reply_token=event.reply_token, reply_until=waiting.received_at + self.reply_for,
        )  # fmt: skip

    def _messages(self, waiting: Waiting, event: LineEvent) -> list[LineMessage]:
        if not event.user or not event.active:
            return []  # a group, where the town's answers would be read by others; or another module answers
        match event.kind:
            case LineKind.TEXT:
                return self._answer(waiting, event)
            case LineKind.FOLLOW:
                return self._greeting(waiting, event)
            case LineKind.STICKER:
                return self._words(waiting, event, sticker=True)
            case LineKind.IMAGE:
                return self._picture(waiting, event)
            case LineKind.MEDIA:
                return self._words(waiting, event, sticker=False)
            case LineKind.UNFOLLOW:
                # Blocked: nothing can be sent any more, so LINE's id is not kept.
                self.store.note_resident(waiting.town, waiting.resident, self.system.clock(), user_id=None)
                return []
            case LineKind.UNSEND:
                self._erase(waiting, event)
                return []
            case LineKind.OTHER:
                return self._words(waiting, event, sticker=False) if event.reply_token else []

    def _picture(self, waiting: Waiting, event: LineEvent) -> list[LineMessage]:
        """The answer to an open form's wish for a photo; any other picture is not even fetched."""
        known, services = self.store.known(waiting.town, waiting.resident), self.system.parts.services
        now = self.system.clock()
        if services is None or not known.conversation or not services.wants_photo(known.conversation, now):
            # The event may come again after a crash: its photo was then taken already.
            answered = known.conversation and self.system.conversations.message_to(known.conversation, event.id)
            return to_line(answered, self.system.words, self.system.settings.public_url) if answered else (
                self._words(waiting, event, sticker=False)
            )  # fmt: skip
        if self.store.taken_back(waiting.town, event.message):
            return []
        try:
            id_ = self.system.photos.put(known.conversation, self.picture_of(event.message))
        except (PhotoRefused, TooManyPhotos) as exc:
            return say(self._refused(exc, self._language(waiting, event)))
        return self._answer(waiting, replace(event, text=f"{PREFIX}{id_}"))

    def _refused(self, exc: PhotoRefused | TooManyPhotos, language: str) -> str:
        large = isinstance(exc, PhotoRefused) and exc.flaw is Flaw.TOO_LARGE
        key = Phrase.PHOTO_TOO_LARGE if large else Phrase.PHOTO_UNREADABLE
        return self.system.words.phrase(Phrase.PHOTO_MANY if isinstance(exc, TooManyPhotos) else key, language)

    def _answer(self, waiting: Waiting, event: LineEvent) -> list[LineMessage]:
        if self.store.taken_back(waiting.town, event.message):
            return []  # unsent before it was read
        for _ in range(2):
            conversation = self._conversation(waiting, event)
            turn = Turn(
                id=event.id, conversation=conversation.id, town=waiting.town,
                text=_chosen(event.text, conversation), language=None,
                channel=Channel.LINE, at=waiting.received_at,
            )  # fmt: skip
            try:
                message = self.system.receive(turn, conversation)
            except UnknownConversation:
                continue  # deleted in this very moment: a new one is begun
            return to_line(message, self.system.words, self.system.settings.public_url)
        raise UnknownConversation

    def _conversation(self, waiting: Waiting, event: LineEvent) -> Conversation:
        """The resident's conversation with the town, begun when there is none. Raises UnknownTown."""
        known = self.store.known(waiting.town, waiting.resident)
        held = self.store.conversation(known.conversation) if known.conversation else None
        if held is not None:
            return held
        language = known.language or None
        id_, _ = self.system.start(waiting.town, language, Channel.LINE)
        now: datetime = self.system.clock()
        self.store.note_resident(waiting.town, waiting.resident, now, conversation=id_, relayed=0)
        return Conversation(id=id_, town=waiting.town, language=language)

    def _greeting(self, waiting: Waiting, event: LineEvent) -> list[LineMessage]:
        spoken = self.language_of(event.user)
        if spoken:
            spoken = speakable(spoken).language
            now = self.system.clock()
            self.store.note_resident(waiting.town, waiting.resident, now, user_id=event.user, language=spoken)
        language = spoken or "ja"
        town = self.system.town(waiting.town).name(language)
        text = outcome_words(self.system.words, Why.GREETING, language, town)
        return say(text, self._suggestions(waiting.town, language))

    def _words(self, waiting: Waiting, event: LineEvent, *, sticker: bool) -> list[LineMessage]:
        language, words = self._language(waiting, event), self.system.words
        text = words.say(Why.EMPTY, language) if sticker else words.phrase(Phrase.TEXT_ONLY, language)
        return say(text, self._suggestions(waiting.town, language))

    def _language(self, waiting: Waiting, event: LineEvent) -> str:
        known = self.store.known(waiting.town, waiting.resident)
        held = self.store.conversation(known.conversation) if known.conversation else None
        spoken = (held.language if held else None) or known.language or self.language_of(event.user)
        return speakable(spoken).language if spoken else "ja"

    def _suggestions(self, town: str, language: str) -> list[str]:
        by_language = self.system.profile(town).profile.get("suggestions")
        found = by_language.get(language) if isinstance(by_language, dict) else None
        return [str(item) for item in found] if isinstance(found, list) else []

    def _erase(self, waiting: Waiting, event: LineEvent) -> None:
        known = self.store.known(waiting.town, waiting.resident)
        turns = self.store.events_of(waiting.town, waiting.resident, event.message)
        if known.conversation and turns:
            self.store.erase_turns(known.conversation, turns)


def _chosen(text: str, conversation: Conversation) -> str:
    """What a bare number stands for where choices were shown numbered; any other text as it is."""
    choices, number = conversation.pending, text.strip().rstrip(".．。")
    if not is_numbered([choice.label for choice in choices]) or not number.isdecimal():
        return text
    return choices[int(number) - 1].text if 1 <= int(number[:4]) <= len(choices) else text
