"""Reception: stores what came in, lets the pipeline decide, stores what goes out. No turn is answered twice."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from assistant.desk.queue import Desk, Promise
from assistant.language.folding import strip_hidden
from assistant.message import evidence_payload, message_payload
from assistant.model import Ask, Conversation, Decision, HandOff, Outcome, Reply, Turn
from assistant.store.conversations import ConversationStore
from assistant.store.records import NewMessage, NewTicket, Payload

Respond = Callable[[Turn, Conversation], Outcome]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reception:
    """Steps 2 and 7 of a message's path."""

    store: ConversationStore
    respond: Respond
    clock: Callable[[], datetime]
    desk: Desk | None = None  # None: no staff here; every turn is answered
    urgent: Callable[[Turn, Conversation], Outcome | None] | None = None  # what must be said even beside a clerk

    def receive(self, turn: Turn, conversation: Conversation) -> Payload:
        """The Message that answers this turn; the same one again when the turn's id is known.

        The words are stored in NFC without hidden characters; the pipeline sees them as they came, for it judges those.

        A turn that was stored but never answered (the process was killed in between) is answered now.
        Raises UnknownConversation when the conversation was deleted meanwhile.
        """
        if not self.store.add_turn(replace(turn, text=strip_hidden(turn.text))):
            known = self.store.message_to(turn.conversation, turn.id)
            if known is not None:
                return known
        outcome = self._beside_staff(turn, conversation) or self.respond(turn, conversation)
        return self.store.put_message(self._message(turn, outcome))

    def _beside_staff(self, turn: Turn, conversation: Conversation) -> Outcome | None:
        """While a clerk has the case the bot is silent, except for emergency numbers; None: it answers."""
        silence = self.desk.silence(turn, conversation) if self.desk else None
        if silence is None or self.urgent is None:
            return silence
        return self.urgent(turn, conversation) or silence

    def _message(self, turn: Turn, outcome: Outcome) -> NewMessage:
        now = self.clock()
        decision, promise = self._promised(outcome.decision, turn.town, now)
        again = self.desk.open_ticket(turn.conversation) if self.desk and isinstance(decision, HandOff) else None
        ticket = None if again else _ticket(decision)
        payload = message_payload(
            decision, id_=uuid.uuid4().hex, turn=turn, ticket=ticket.id if ticket else again, at=now,
            opens_at=promise.opens_at if promise else None,
        )  # fmt: skip
        return NewMessage(
            turn=turn,
            decision=str(payload["decision"]),
            why=decision.why.value,
            language=decision.language,
            confidence=decision.answer.confidence if isinstance(decision, Reply) and decision.answer else None,
            payload=payload,
            evidence=evidence_payload(outcome.evidence),
            at=now,
            topic_key=decision.topic_key if isinstance(decision, Reply | Ask) else None,
            pending=decision.choices,
            ticket=ticket,
            again=again,
            flow=outcome.flow,
            kept=outcome.kept,
        )

    def _promised(self, decision: Decision, town: str, now: datetime) -> tuple[Decision, Promise | None]:
        """A hand-over with what the desk promises at this hour; any other decision as it is."""
        if self.desk is None or not isinstance(decision, HandOff):
            return decision, None
        promise = self.desk.promise(town, decision.language, now)
        return (replace(decision, promise=promise.text), promise) if promise else (decision, None)


def _ticket(decision: Decision) -> NewTicket | None:
    if not isinstance(decision, HandOff):
        return None
    return NewTicket(
        id=_ticket_number(), why=decision.why.value, reason=decision.reason, summary=decision.summary
    )  # fmt: skip


def _ticket_number() -> str:
    """A number that can be read over the telephone: eight signs without 0, O, 1, I and L (31^8 = 8.5e11)."""
    signs = "".join(secrets.choice("23456789ABCDEFGHJKMNPQRSTUVWXYZ") for _ in range(8))
    return f"{signs[:4]}-{signs[4:]}"
