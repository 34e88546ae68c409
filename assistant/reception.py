"""Reception: stores what came in, lets the pipeline decide, stores what goes out. No turn is answered twice."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

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

    def receive(self, turn: Turn, conversation: Conversation) -> Payload:
        """The Message that answers this turn; the same one again when the turn's id is known.

        A turn that was stored but never answered (the process was killed in between) is answered now.
        Raises UnknownConversation when the conversation was deleted meanwhile.
        """
        if not self.store.add_turn(turn):
            known = self.store.message_to(turn.conversation, turn.id)
            if known is not None:
                return known
        outcome = self.respond(turn, conversation)
        return self.store.put_message(self._message(turn, outcome))

    def _message(self, turn: Turn, outcome: Outcome) -> NewMessage:
        now = self.clock()
        decision = outcome.decision
        ticket = _ticket(decision)
        payload = message_payload(
            decision, id_=uuid.uuid4().hex, turn=turn, ticket=ticket.id if ticket else None, at=now
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
        )


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
