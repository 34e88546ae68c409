"""Imported and edited texts live together: what an import may replace, and what waits for staff."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from knowledge.passage import Document
from knowledge.sync import Incoming


@dataclass(frozen=True, slots=True, kw_only=True)
class Sorted:
    """An import's texts by what becomes of them."""

    free: tuple[Incoming[Document], ...]  # no one edited them: the import decides
    kept: int  # staff hold them, and the file says nothing new
    offered: tuple[Incoming[Document], ...]  # staff hold them, and the file was changed: a conflict


def sort_out(incoming: Iterable[Incoming[Document]], seen: Mapping[str, str], in_force: Mapping[str, str]) -> Sorted:
    """Texts that staff published or withdrew are not replaced by an import.

    `seen` maps the id of each text that staff hold to the digest of the newest import that they know of;
    `in_force` maps ids to the digests in force.
    """
    free, offered, kept = [], [], 0
    for entry in incoming:
        id_ = entry.item.id
        if id_ not in seen:
            free.append(entry)
        elif entry.item.digest in (seen[id_], in_force.get(id_)):
            kept += 1
        else:
            offered.append(entry)
    return Sorted(free=tuple(free), kept=kept, offered=tuple(offered))


def conflict(entry: Incoming[Document]) -> str:
    """What the import's report says of a text that it did not replace."""
    return (
        f"{entry.source}: conflict, staff have edited or withdrawn {entry.item.id}; their version stays. "
        "Compare the two under /knowledge."
    )
