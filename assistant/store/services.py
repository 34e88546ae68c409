"""What was filled in so far for a service, and which turn's key its call carries."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, Engine, delete, insert, select
from sqlalchemy.exc import IntegrityError

from assistant.store import service_tables as s
from assistant.store.records import Payload


class ServiceStore:
    """Reads flows and claims calls; a flow is written together with the message that shows it (`put_flow`)."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def flow(self, conversation: str) -> Payload | None:
        """The state of the conversation's service, or None."""
        with self._engine.connect() as c:
            query = select(s.service_flows.c.state).where(s.service_flows.c.conversation == conversation)
            state: Payload | None = c.execute(query).scalar()
        return state

    def claim(self, conversation: str, flow: str, operation: str, turn: str, now: datetime) -> str:
        """The turn whose key this operation of this flow carries: the first one that claimed it.

        A second press of the button, or the same turn after a crash, gets the first one's key and so its receipt.
        Raises sqlalchemy.exc.IntegrityError when the conversation was deleted.
        """
        row = {"conversation": conversation, "flow": flow, "operation": operation, "turn": turn, "at": now}
        try:
            with self._engine.begin() as c:
                c.execute(insert(s.service_calls), row)
        except IntegrityError:
            held = self._claimed(conversation, flow, operation)
            if held is None:
                raise
            return held
        return turn

    def release(self, conversation: str, flow: str, operation: str) -> None:
        """Let the operation be called again under another key: the back office refused, nothing was done."""
        t = s.service_calls.c
        with self._engine.begin() as c:
            c.execute(
                delete(s.service_calls).where(t.conversation == conversation, t.flow == flow, t.operation == operation)
            )

    def _claimed(self, conversation: str, flow: str, operation: str) -> str | None:
        t = s.service_calls.c
        query = select(t.turn).where(t.conversation == conversation, t.flow == flow, t.operation == operation)
        with self._engine.connect() as c:
            turn: str | None = c.execute(query).scalar()
        return turn


def put_flow(c: Connection, conversation: str, town: str, state: Payload, now: datetime) -> None:
    """Store the flow in the transaction of its message; an empty state takes it away."""
    c.execute(delete(s.service_flows).where(s.service_flows.c.conversation == conversation))
    if state:
        c.execute(insert(s.service_flows), {"conversation": conversation, "town": town, "state": state, "at": now})
