"""What an import changes: compares what comes in with what is held, by content digests."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar


class Digested(Protocol):
    """Anything with an id and a digest of its content: a Document or a Table."""

    @property
    def id(self) -> str:
        """Unique within an owner."""

    @property
    def digest(self) -> str:
        """Equal digests mean equal content."""


T = TypeVar("T", bound=Digested)


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What is held of one item."""

    digest: str
    source: str
    collection: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming(Generic[T]):
    """An item and the file it was read from."""

    item: T
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes(Generic[T]):
    """The difference; a second import of the same files has only `unchanged`."""

    added: tuple[Incoming[T], ...]
    changed: tuple[Incoming[T], ...]
    unchanged: int
    withdrawn: tuple[str, ...]  # ids


def compare(
    held: Mapping[str, Held], incoming: Iterable[Incoming[T]], *, collection: str, failed: frozenset[str] = frozenset()
) -> Changes[T]:
    """What must be written so that the collection holds exactly `incoming`.

    `held` maps id to what the owner holds in any collection. Items of this collection that did not come again are
    withdrawn, unless their source is among `failed`: a file that can't be read today takes nothing away.
    An id that comes twice counts once, the last one wins.
    """
    last = {entry.item.id: entry for entry in incoming}
    added, changed, unchanged = [], [], 0
    for entry in last.values():
        before = held.get(entry.item.id)
        if before is None:
            added.append(entry)
        elif before.digest != entry.item.digest or before.collection != collection or before.source != entry.source:
            changed.append(entry)
        else:
            unchanged += 1
    gone = tuple(
        id_ for id_, h in held.items() if h.collection == collection and id_ not in last and h.source not in failed
    )
    return Changes(added=tuple(added), changed=tuple(changed), unchanged=unchanged, withdrawn=gone)
