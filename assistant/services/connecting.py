"""Builds the room of services from settings: the catalogue, checked, over the configured way to the back office."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from assistant.errors import SettingsError
from assistant.services.calling import Caller
from assistant.services.catalogue import load_catalogue
from assistant.services.flow_words import load_flow_words
from assistant.services.serve import Services
from assistant.settings import Settings
from assistant.store.audit import AccessRecord
from assistant.store.identity import IdentityTries
from assistant.store.photos import PhotoStore
from assistant.store.services import ServiceStore
from connectors.openapi import OpenApiConnector
from connectors.service import Connector
from connectors.xroad import XRoadConnector


def build_services(
    settings: Settings, store: ServiceStore, record: AccessRecord, tries: IdentityTries, photos: PhotoStore,
    clock: Callable[[], datetime],
) -> Services | None:  # fmt: skip
    """The services, or None when no back office is connected; a broken catalogue is refused either way."""
    catalogue, words = load_catalogue(), load_flow_words()
    connector = connector_of(settings)
    if connector is None:
        return None
    caller = Caller(connector=connector, claims=store, tries=tries, photos=photos, record=record.append, clock=clock)
    return Services(catalogue=catalogue, flow_words=words, held=store.flow, caller=caller)


def connector_of(settings: Settings) -> Connector | None:
    """The way to the back office that the settings name. Raises SettingsError for an identifier that is none."""
    if settings.xroad_server:
        try:
            return XRoadConnector(
                settings.xroad_server, client=settings.xroad_client, service=settings.xroad_service,
                seconds=settings.services_timeout,
            )  # fmt: skip
        except ValueError as exc:
            raise SettingsError(f"MADOGUCHI_XROAD_CLIENT or MADOGUCHI_XROAD_SERVICE: {exc}.") from exc
    return OpenApiConnector(settings.services_url, seconds=settings.services_timeout) if settings.services_url else None
