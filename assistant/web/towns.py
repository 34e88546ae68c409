"""What the widget needs of a town before the first word."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from typing import Annotated

import yaml
from fastapi import APIRouter, Query, Request
from fastapi import Path as PathParam

from assistant.bootstrap import System
from assistant.language.detect import speakable
from assistant.model import LANGUAGES
from assistant.store.knowledge import TownProfile
from assistant.web.schemas import TownOut
from assistant.web.state import system
from assistant.web.voice import hears

router = APIRouter(prefix="/api/v1/towns", tags=["town"])

OWN_NAMES = {
    "ja": "日本語", "ja-x-easy": "やさしい日本語", "en": "English", "zh-Hans": "简体中文", "vi": "Tiếng Việt",
    "pt-BR": "Português",
}  # fmt: skip


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
        "phone": profile.text("phone"),
        "url": profile.text("url"),
        "hours": profile.words("hours", language),
        "address": profile.text("address"),
        "languages": [{"code": c, "name": OWN_NAMES[c]} for c in LANGUAGES],
        "ui": interface(language),
        "suggestions": _suggestions(profile, language),
    }


@lru_cache(maxsize=len(LANGUAGES))
def interface(language: str) -> dict[str, str]:
    """The interface's strings in that language."""
    file = files("assistant.language") / "words" / "ui" / f"{language}.yaml"
    loaded: dict[str, str] = yaml.safe_load(file.read_text(encoding="utf-8"))
    return loaded


def _suggestions(profile: TownProfile, language: str) -> list[str]:
    by_language = profile.profile.get("suggestions")
    found = by_language.get(language) if isinstance(by_language, dict) else None
    return [str(item) for item in found] if isinstance(found, list) else []
