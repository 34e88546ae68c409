"""Calls a back office for a flow; every access to personal data goes on record, before it and with its end."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from assistant.access import Access
from assistant.model import Turn
from assistant.photos import PREFIX
from assistant.services.catalogue import Effect, Kind, ServiceSpec
from assistant.services.consent import identifying, identity_missing
from assistant.services.flow import Flow
from connectors.service import Call, Connector, Scalar, ServiceError, ServiceMisused, ServiceRefused


class Claims(Protocol):
    """Which turn's key a call carries."""

    def claim(self, conversation: str, flow: str, operation: str, turn: str, now: datetime) -> str:
        """The first turn that claimed this operation of this flow."""

    def release(self, conversation: str, flow: str, operation: str) -> None:
        """Forget the claim: nothing was done."""


class Tries(Protocol):
    """How often somebody has been wrong about who they are."""

    def begin(self, town: str, conversation: str, named: str, now: datetime) -> str | None:
        """A try, counted as wrong until it is forgiven; None when no further one may be made."""

    def forgive(self, attempt: str) -> None:
        """The try was right, or could not be made."""


class Photos(Protocol):
    """What residents have sent."""

    def read(self, conversation: str, id_: str) -> bytes | None:
        """The JPEG of that id, or None."""

    def names(self, conversation: str) -> frozenset[str]:
        """`photo:<id>` of each photo of the conversation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Calls with a key that makes a repeat harmless."""

    connector: Connector
    claims: Claims
    tries: Tries
    photos: Photos
    record: Callable[[Access], object]
    clock: Callable[[], datetime]

    def call(self, spec: ServiceSpec, flow: Flow, turn: Turn) -> Mapping[str, Scalar]:
        """The result of the service's operation. Raises ServiceError."""
        if identity_missing(spec, flow.values):
            raise ServiceMisused("Who asks is not known, so the back office was not called.")
        attempt = self._attempt(spec, flow, turn) if identifying(spec) else ""
        try:
            result = self._called(spec, spec.operation, self._values(spec, flow, turn), flow, turn)
        except ServiceError as exc:
            if attempt and not (isinstance(exc, ServiceRefused) and exc.code == "not_identified"):
                self.tries.forgive(attempt)
            raise
        if attempt:
            self.tries.forgive(attempt)
        return result

    def _attempt(self, spec: ServiceSpec, flow: Flow, turn: Turn) -> str:
        """The try's own name; ServiceRefused when there were too many wrong ones."""
        named = "".join(flow.values[slot.id] for slot in spec.slots if slot.identifies and slot.kind is Kind.REFERENCE)
        attempt = self.tries.begin(turn.town, turn.conversation, named, self.clock())
        if attempt is None:
            self._note(spec, turn, "refused")
            raise ServiceRefused("locked", 423)
        return attempt

    def undo(self, spec: ServiceSpec, flow: Flow, turn: Turn) -> Mapping[str, Scalar]:
        """The result of taking back what the receipt's number names. Raises ServiceError."""
        return self._called(spec, spec.undo, {"number": flow.number}, flow, turn)

    def _called(
        self, spec: ServiceSpec, operation: str, values: Mapping[str, Scalar], flow: Flow, turn: Turn
    ) -> Mapping[str, Scalar]:
        write = spec.effect is Effect.WRITE
        first = turn.id
        if write:
            first = self.claims.claim(turn.conversation, flow.id, operation, turn.id, self.clock())
        call = Call(
            operation=operation, values=values, key=key_of(turn.conversation, first), user=pseudonym(turn.conversation),
            issue=key_of(turn.conversation, flow.id),
        )  # fmt: skip
        self._note(spec, turn, "asked")
        try:
            result = self.connector.call(call)
        except ServiceRefused:
            if write:
                self.claims.release(turn.conversation, flow.id, operation)
            self._note(spec, turn, "refused")
            raise
        except ServiceError:
            self._note(spec, turn, "failed")
            raise
        self._note(spec, turn, "done")
        return result

    def _values(self, spec: ServiceSpec, flow: Flow, turn: Turn) -> dict[str, Scalar]:
        """The slots as the operation's fields."""
        values: dict[str, Scalar] = {}
        for slot in spec.slots:
            value = flow.values.get(slot.id) or None
            values[slot.field] = self._picture(turn, value) if value and slot.kind is Kind.PHOTO else value
            if slot.kind is Kind.ITEM:
                values["yen"] = flow.yen
            if slot.route:
                values[slot.route] = next((option.sends for option in slot.options if option.id == value), None)
        return values

    def _picture(self, turn: Turn, value: str) -> str | None:
        """The picture itself, so that the back office has it also when the resident deletes the conversation."""
        if not value.startswith(PREFIX):
            return value
        found = self.photos.read(turn.conversation, value.removeprefix(PREFIX))
        return f"data:image/jpeg;base64,{base64.b64encode(found).decode()}" if found else None

    def _note(self, spec: ServiceSpec, turn: Turn, outcome: str) -> None:
        if spec.data:
            who = f"service:{spec.id} via {self.connector.name}"
            self.record(
                Access(
                    town=turn.town, conversation=turn.conversation, who=who, what=spec.data, why=spec.purpose["ja"],
                    outcome=outcome, at=self.clock(),
                )
            )  # fmt: skip


def key_of(conversation: str, turn: str) -> str:
    """The idempotency key of a turn: Turn.id is unique only in its conversation, and back offices keep keys for all."""
    return hashlib.sha256(f"{conversation}\n{turn}".encode("utf-8", "surrogatepass")).hexdigest()[:40]


def pseudonym(conversation: str) -> str:
    """Who causes a call, for the back office's own log; nobody can be found by it outside our database."""
    return "JP" + hashlib.sha256(f"user\n{conversation}".encode()).hexdigest()[:16]
