"""What is answered from the form's own values while the form waits: 'and how much is it?'."""

from __future__ import annotations

from collections.abc import Mapping

from assistant.answering.looked_up import Asked, reply
from assistant.language.numbers import format_yen
from assistant.language.words import Words
from assistant.model import Facet, Reply
from assistant.services.catalogue import Kind, ServiceSpec
from assistant.services.slots import Surroundings, name, place_of, price
from knowledge.table_rows import row_passage


def item_fee(spec: ServiceSpec, values: Mapping[str, str], near: Surroundings, words: Words) -> Reply | None:
    """The price of the chosen item with its row as the source; None when nothing with a price is chosen yet."""
    for slot in spec.slots:
        value = values.get(slot.id, "")
        place, yen = place_of(slot, value, near), price(slot, value, near)
        if slot.kind is Kind.ITEM and value and place is not None and yen is not None:
            asked = Asked(question="", language=near.language, facets=(Facet.FEE,), today=near.today, words=words)
            line = f"{name(slot, value, near.language, near)}: {format_yen(yen, near.language)}"
            return reply(asked, [(line, row_passage(*place))])
    return None
