"""What a town brings to its answers, put together from its profile and its tables."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from assistant.answering.tables import TownTables
from assistant.answering.town_names import own_spellings, town_districts, town_names
from assistant.language.memory import memory_of
from assistant.language.words import Words
from assistant.model import Understanding
from assistant.parts import TownParts
from assistant.services.addresses import TownMap, town_map
from assistant.store.knowledge import TownProfile
from assistant.understanding.elsewhere import own_places
from knowledge.districts import Districts
from knowledge.passage import Table


def town_parts(
    profile: TownProfile, owners: tuple[str, ...], tables: Sequence[Table], words: Words,
    read: Callable[[str, str], Understanding],
) -> TownParts:  # fmt: skip
    """The town's parts; `tables` are those of all its layers, `read` its intent engine."""
    districts = town_districts(profile.profile, tables)
    memory = memory_of(town_names(profile.profile, tables))
    return TownParts(
        code=profile.code,
        owners=owners,
        name=profile.name,
        phone=profile.text("phone"),
        phones=profile.phones(),
        hours=partial(profile.words, "hours"),
        tables=TownTables(tables, words, districts=districts, render=memory.render),
        fees=tuple(table for table in tables if table.kind == "fees"),
        places=own_places(profile.profile, (t.rows for t in tables if t.kind in ("facilities", "shelters"))),
        read=read,
        readings={profile.name("ja"): profile.text("reading")} if profile.text("reading") else {},
        memory=memory,
        map=_map(profile, tables, districts),
    )


def _map(profile: TownProfile, tables: Sequence[Table], districts: Districts) -> TownMap:
    told = [row[table.columns.index("address")] for table in tables if "address" in table.columns for row in table.rows]
    return town_map(
        own_spellings(profile.profile), districts, [profile.text("address"), *told],
        whole=bool(profile.profile.get("districts")),
    )  # fmt: skip
