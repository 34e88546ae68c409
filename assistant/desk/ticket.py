"""The life of a ticket as a pure state machine: waiting → taken → (returned) → closed."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from assistant.errors import WrongMove


class State(StrEnum):
    """Where a ticket stands."""

    WAITING = "waiting"  # nobody has it
    TAKEN = "taken"  # one clerk has it; the bot is silent
    RETURNED = "returned"  # the bot speaks again; the case is not closed yet
    CLOSED = "closed"


class Move(StrEnum):
    """What can be done to a ticket."""

    CLAIM = "claim"
    RELEASE = "release"  # back to the queue, for a colleague
    RETURN = "return"  # back to the bot
    REOPEN = "reopen"  # the resident asks for a person again
    CLOSE = "close"


OPEN: Final = (State.WAITING, State.TAKEN, State.RETURNED)
"""States in which the case still belongs to the desk."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """From where a move is possible, where it leads, and whether only the clerk who holds the ticket may do it."""

    sources: tuple[State, ...]
    target: State
    holder: bool


RULES: Final[dict[Move, Rule]] = {
    Move.CLAIM: Rule(sources=(State.WAITING, State.RETURNED), target=State.TAKEN, holder=False),
    Move.RELEASE: Rule(sources=(State.TAKEN,), target=State.WAITING, holder=True),
    Move.RETURN: Rule(sources=(State.TAKEN,), target=State.RETURNED, holder=True),
    Move.REOPEN: Rule(sources=(State.RETURNED,), target=State.WAITING, holder=False),
    Move.CLOSE: Rule(sources=(State.TAKEN, State.RETURNED), target=State.CLOSED, holder=True),
}
"""The whole machine; the store builds its conditional updates from it, so that there is one truth."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A ticket's state and who has it; a returned one keeps the name of who had it last."""

    state: State
    by: str | None = None

    def __post_init__(self) -> None:
        if (self.by is None) == (self.state in (State.TAKEN, State.RETURNED)):
            raise ValueError("a taken or returned ticket has a clerk, a waiting one has none")


def moved(held: Held, move: Move, clerk: str) -> Held:
    """The ticket after the clerk's move. Raises WrongMove when it stands elsewhere or is another clerk's."""
    rule = RULES[move]
    if held.state not in rule.sources or (rule.holder and held.by != clerk):
        raise WrongMove
    if rule.target is State.WAITING:
        return Held(state=rule.target)
    if rule.target is State.CLOSED:
        return _DONE
    return Held(state=rule.target, by=clerk)


_DONE: Final = Held(state=State.CLOSED)
