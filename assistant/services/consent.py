"""What must be settled before personal data is asked for or sent: consent, and who asks."""

from __future__ import annotations

from collections.abc import Mapping

from assistant.services.catalogue import ServiceSpec, Slot


def consent_missing(spec: ServiceSpec, slot: Slot, *, consented: bool) -> bool:
    """True when the slot asks for personal data and the resident has not agreed to what becomes of it."""
    return bool(slot.data) and bool(spec.consent) and not consented


def identity_missing(spec: ServiceSpec, values: Mapping[str, str]) -> tuple[str, ...]:
    """The slots that prove who asks and are not filled; a service without such slots needs no identity."""
    return tuple(slot.id for slot in spec.slots if slot.identifies and not values.get(slot.id))


def identifying(spec: ServiceSpec) -> tuple[str, ...]:
    """The slots that prove who asks."""
    return tuple(slot.id for slot in spec.slots if slot.identifies)


def kept_values(spec: ServiceSpec, values: Mapping[str, str]) -> dict[str, str]:
    """What may stay once the service is done: nothing that is personal data."""
    personal = {slot.id for slot in spec.slots if slot.data}
    return {name: value for name, value in values.items() if name not in personal}
