"""The demo's front hall, `/demo`: where everything is. Only `madoguchi demo` opens it; `serve` has no such page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from importlib.resources import files
from typing import Annotated, cast

import yaml
from fastapi import APIRouter, FastAPI, Query, Request
from fastapi.responses import HTMLResponse

from assistant.language.interface import interface, own_names
from assistant.model import LANGUAGES
from assistant.web.pages import templates
from assistant.web.state import system
from assistant.web.towns import start_data

router = APIRouter(include_in_schema=False)

HALL_LANGUAGES = ("ja", "en")
"""It is for those who look at the software, not for residents: Japanese and English."""


class Ear(StrEnum):
    """What hears in the demo."""

    DEMO = "demo"  # the small model that ships with it
    OWN = "own"  # the one that MADOGUCHI_WHISPER names
    NONE = "none"  # the extra `voice` is missing


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """An account of the demo, which everybody may know."""

    name: str
    role: str
    password: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Hall:
    """What runs in this demo."""

    logins: tuple[Login, ...]  # none: this home serves a real town
    line_page: str  # address of the LINE stand-in's telephone; "": a real channel is configured
    calls: str  # HOST:PORT of AudioSocket; "": none
    ear: Ear
    other_voices: bool  # other languages than Japanese are read aloud
    office: bool  # the back office is the stand-in


def open_hall(app: FastAPI, hall: Hall) -> None:
    """`/demo` is there from now on, and the chat page leads to it."""
    app.state.hall = hall
    app.include_router(router)


@router.get("/demo", response_class=HTMLResponse)
def demo_page(request: Request, lang: Annotated[str, Query(max_length=35)] = "") -> HTMLResponse:
    """Cards for everything that can be tried, with how to try it."""
    here, hall = system(request), cast("Hall", request.app.state.hall)
    language = _language(request, lang)
    code = here.default_town()
    town = start_data(here, code, language)
    page = templates().get_template("demo.html").render(
        hall=hall,
        words=hall_words()[language],
        language=language,
        languages=[(known, own_names()[known]) for known in HALL_LANGUAGES],
        town=town,
        ui=interface(language),
        questions=[(spoken, own_names()[spoken], _first_questions(request, code, spoken)) for spoken in LANGUAGES],
        base=str(request.base_url).rstrip("/"),
    )  # fmt: skip
    return HTMLResponse(page, headers={"Cache-Control": "no-store"})


@lru_cache(maxsize=1)
def hall_words() -> Mapping[str, Mapping[str, str]]:
    """Language → name → words."""
    loaded: dict[str, dict[str, str]] = yaml.safe_load(
        (files("assistant.web") / "hall_words.yaml").read_text(encoding="utf-8")
    )
    return loaded


def _first_questions(request: Request, code: str, language: str) -> list[str]:
    suggestions = start_data(system(request), code, language)["suggestions"]
    return cast("list[str]", suggestions)[:2]


def _language(request: Request, chosen: str) -> str:
    """The chosen one, or the first of the browser's that the hall has, or Japanese."""
    wishes = [chosen, *request.headers.get("accept-language", "").split(",")]
    for wish in wishes:
        known = wish.partition(";")[0].strip().split("-")[0].lower()
        if known in HALL_LANGUAGES:
            return known
    return HALL_LANGUAGES[0]
