"""What the widget needs of a town before the first word."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi import Path as PathParam

from assistant.bootstrap import System
from assistant.language.detect import speakable
from assistant.language.interface import how_written, interface, own_names
from assistant.language.numbers import format_phone
from assistant.model import LANGUAGES
from assistant.store.knowledge import TownProfile
from assistant.web.schemas import TownOut
from assistant.web.state import system
from assistant.web.voice import hears

router = APIRouter(prefix="/api/v1/towns", tags=["town"])


@router.get("/{code}", response_model=TownOut)
def town(
    request: Request,
    code: Annotated[str, PathParam(pattern=r"^[0-9]{6}$")],
    language: Annotated[str, Query(max_length=35)] = "ja",
) -> dict[str, object]:
    """Name, phone, languages, interface strings and first questions of a town."""
    return {**start_data(system(request), code, speakable(language).language), "voice": hears(request.app)}


def start_data(here: System, code: str, language: str) -> dict[str, object]:
    """The same as plain values. Raises UnknownTown."""
    profile = here.profile(code)
    return {
        "code": code,
        "name": profile.name(language),
        "phone": format_phone(profile.text("phone")),
        "url": profile.text("url"),
        "hours": profile.words("hours", language),
        "address": profile.text("address"),
        "language": language,
        "languages": [{"code": c, "name": own_names()[c]} for c in LANGUAGES],
        "ui": interface(language),
        "formats": how_written(language),
        "suggestions": _suggestions(profile, language),
    }


def _suggestions(profile: TownProfile, language: str) -> list[str]:
    by_language = profile.profile.get("suggestions")
    found = by_language.get(language) if isinstance(by_language, dict) else None
    return [str(item) for item in found] if isinstance(found, list) else []
