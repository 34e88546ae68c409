"""The pages: the chat (with and without JavaScript), the cited sources, the widget's script."""

from __future__ import annotations

import uuid
from functools import lru_cache
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Form, Query, Request, Response, UploadFile
from fastapi.responses import FileResponse, HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from pydantic import ValidationError

from assistant.bootstrap import System
from assistant.errors import NotAuthorised, UnknownConversation, UnknownTown
from assistant.language.detect import speakable
from assistant.language.interface import interface, own_names, tag
from assistant.language.plain.shown import shown
from assistant.model import Channel, Conversation, Turn
from assistant.photos import MAX_BYTES
from assistant.services.record_words import told
from assistant.web.answer_text import day, moment, pieces, spelt
from assistant.web.callbacks import keep, offered
from assistant.web.pictures import taken
from assistant.web.problems import Problem
from assistant.web.schemas import MAX_SENT_CHARS, NewCallback
from assistant.web.sources import shown_document, shown_table
from assistant.web.state import address, limits, system
from assistant.web.towns import start_data

router = APIRouter(include_in_schema=False)

_HERE = Path(__file__).parent


@lru_cache(maxsize=1)
def templates() -> Environment:
    """The page templates; a variable that a page was not given is an error, not an empty string."""
    found = Environment(
        loader=FileSystemLoader(_HERE / "templates"), autoescape=select_autoescape(), undefined=StrictUndefined
    )
    found.filters |= {"day": day, "moment": moment, "pieces": pieces, "shown": shown, "spelt": spelt, "tag": tag}
    return found


@router.get("/", response_class=HTMLResponse)
def chat_page(
    request: Request,
    lang: Annotated[str, Query(max_length=35)] = "",
    town: Annotated[str, Query(max_length=6)] = "",
) -> HTMLResponse:
    """The town's chat page."""
    return _page(request, town or system(request).default_town(), _language(request, lang))


@router.post("/", response_class=HTMLResponse)
def chat_form(
    request: Request,
    text: Annotated[str, Form(max_length=MAX_SENT_CHARS)] = "",
    language: Annotated[str, Form(max_length=35)] = "",
    conversation: Annotated[str, Form(max_length=64)] = "",
    token: Annotated[str, Form(max_length=64)] = "",
    town: Annotated[str, Form(max_length=6)] = "",
    refresh: Annotated[str, Form(max_length=1)] = "",
    answer_in: Annotated[str, Form(max_length=35)] = "",
) -> HTMLResponse:
    """One turn without JavaScript, or a look for what staff wrote: the whole page comes back with the thread.

    `answer_in` is the language of a button that was pressed; what was typed is answered in its own.
    """
    here = system(request)
    code, shown = town or here.default_town(), _language(request, language)
    try:
        limits(request).messages.take(address(request))
        if not conversation:
            conversation, token = here.start(code, shown, Channel.WEB)
        held = here.conversations.authorised(conversation, token)
        if not refresh:
            turn = Turn(
                id=uuid.uuid4().hex, conversation=held.id, town=held.town, text=text.replace("\x00", ""),
                language=speakable(answer_in).language if answer_in else None, channel=Channel.WEB, at=here.clock(),
            )  # fmt: skip
            here.receive(turn, held)
    except Problem as exc:
        words = interface(shown)["busy"].replace("{seconds}", (exc.headers or {}).get("Retry-After", "60"))
        return _page(request, code, shown, text=text, error=words, conversation=conversation, token=token,
                     status=exc.status)  # fmt: skip
    except (UnknownConversation, NotAuthorised):
        return _page(request, code, shown, text=text, error=interface(shown)["expired"], status=409)
    return _page(request, code, shown, conversation=conversation, token=token)


@router.post("/callback", response_class=HTMLResponse)
def callback_form(
    request: Request,
    language: Annotated[str, Form(max_length=35)] = "",
    conversation: Annotated[str, Form(max_length=64)] = "",
    token: Annotated[str, Form(max_length=64)] = "",
    town: Annotated[str, Form(max_length=6)] = "",
    ticket: Annotated[str, Form(max_length=64)] = "",
    name: Annotated[str, Form(max_length=200)] = "",
    phone: Annotated[str, Form(max_length=50)] = "",
    email: Annotated[str, Form(max_length=254)] = "",
    when: Annotated[str, Form(max_length=200)] = "",
) -> HTMLResponse:
    """How the resident can be reached, without JavaScript; what was typed stays when it is refused."""
    here, code, shown = system(request), town or system(request).default_town(), _language(request, language)
    typed = {"name": name, "phone": phone, "email": email, "when": when}
    try:
        limits(request).messages.take(address(request))
        keep(here, here.conversations.authorised(conversation, token), NewCallback(ticket=ticket, **typed))
    except (Problem, ValidationError) as exc:
        wrong = isinstance(exc, ValidationError) or exc.status == 422
        error = interface(shown)["callback_needed" if wrong else "callback_failed"]
        return _page(request, code, shown, error=error, typed=typed, conversation=conversation, token=token,
                     status=422 if wrong else 409)  # fmt: skip
    except (UnknownConversation, NotAuthorised):
        return _page(request, code, shown, error=interface(shown)["expired"], status=409)
    return _page(request, code, shown, conversation=conversation, token=token)


@router.post("/photo", response_class=HTMLResponse)
def photo_form(
    request: Request,
    photo: UploadFile,
    language: Annotated[str, Form(max_length=35)] = "",
    conversation: Annotated[str, Form(max_length=64)] = "",
    token: Annotated[str, Form(max_length=64)] = "",
    town: Annotated[str, Form(max_length=6)] = "",
) -> HTMLResponse:
    """A picture as the answer to an open form's question, without JavaScript."""
    here, code, shown = system(request), town or system(request).default_town(), _language(request, language)
    try:
        held = here.conversations.authorised(conversation, token)
        text = taken(here, held.id, photo.file.read(MAX_BYTES + 1))
    except Problem as exc:
        key = {413: "photo_too_large", 415: "photo_no_picture", 409: "photo_many"}[exc.status]
        return _page(request, code, shown, error=interface(shown)[key], conversation=conversation, token=token,
                     status=exc.status)  # fmt: skip
    except (UnknownConversation, NotAuthorised):
        return _page(request, code, shown, error=interface(shown)["expired"], status=409)
    return chat_form(request, text=text, language=language, conversation=conversation, token=token, town=town)


@router.get("/widget.js")
def widget() -> FileResponse:
    """The one-line embed; any site may load it."""
    headers = {"Cross-Origin-Resource-Policy": "cross-origin", "Cache-Control": "public, max-age=300"}
    return FileResponse(_HERE / "static" / "widget.js", media_type="text/javascript", headers=headers)


@router.get("/favicon.ico")
def favicon() -> Response:
    """There is none; an empty reply keeps it out of the error figures."""
    return Response(status_code=204)


@router.get("/sources/{town}/{document:path}", response_class=HTMLResponse)
def source(
    request: Request,
    town: str,
    document: str,
    passage: Annotated[str, Query(max_length=400)] = "",
    quote: Annotated[str, Query(max_length=400)] = "",
    end: Annotated[str, Query(max_length=400)] = "",
    lang: Annotated[str, Query(max_length=35)] = "",
) -> HTMLResponse:
    """A cited document with the quote marked."""
    return _source(request, town, shown_document(system(request), town, document, passage, quote, end), lang)


@router.get("/tables/{town}/{table:path}", response_class=HTMLResponse)
def table(
    request: Request,
    town: str,
    table: str,
    passage: Annotated[str, Query(max_length=400)] = "",
    lang: Annotated[str, Query(max_length=35)] = "",
) -> HTMLResponse:
    """A cited table with the row marked."""
    return _source(request, town, shown_table(system(request), town, table, passage), lang)


def _source(request: Request, town: str, shown: dict[str, object] | None, lang: str) -> HTMLResponse:
    language = _language(request, lang)
    if shown is None:
        return gone_page(request, town, language)
    context = {"town": start_data(system(request), town, language), "language": language, "ui": interface(language)}
    return HTMLResponse(templates().get_template("source.html").render(**context, **shown))


def gone_page(request: Request, town: str, language: str) -> HTMLResponse:
    """Says that the town has no such document any more. Raises UnknownTown."""
    words = interface(language)
    page = templates().get_template("error.html").render(
        town=start_data(system(request), town, language), language=language, ui=words, status=404, title="404",
        detail=words["source_gone"],
    )  # fmt: skip
    return HTMLResponse(page, status_code=404)


def _page(
    request: Request, code: str, language: str, *, text: str = "", error: str = "", conversation: str = "",
    token: str = "", typed: dict[str, str] | None = None, status: int = 200,
) -> HTMLResponse:  # fmt: skip
    here = system(request)
    try:
        town = start_data(here, code, language)
    except UnknownTown:
        raise Problem(404, "Unknown town", str(UnknownTown())) from None
    held = _held(here, conversation, token)
    spoken = here.conversations.thread(held.id) if held else []
    page = templates().get_template("page.html").render(
        town=town,
        language=language,
        languages=list(own_names().items()),
        ui=interface(language),
        turns=[{"role": s.role, "text": s.text, "message": s.message} for s in spoken],
        conversation=conversation,
        token=token,
        text=text,
        error=error,
        suggestions=town["suggestions"],
        callback=offered(here, held) if held else None,
        told=[(e.access.at, told(e.access, language)) for e in here.access.entries(held.id)] if held else [],
        typed=typed or dict.fromkeys(("name", "phone", "email", "when"), ""),
        with_staff=bool(held and here.desk.store.open_tickets(held.id)),
        guide=hasattr(request.app.state, "hall"),  # only `madoguchi demo` has one
    )  # fmt: skip
    return HTMLResponse(page, status_code=status, headers={"Cache-Control": "no-store"})


def _held(here: System, conversation: str, token: str) -> Conversation | None:
    """The conversation, also when the page only says that we are busy; None unless the token is its own."""
    try:
        return here.conversations.authorised(conversation, token) if conversation else None
    except (UnknownConversation, NotAuthorised):
        return None


def _language(request: Request, chosen: str) -> str:
    """The chosen language, or the browser's first one that we speak, or Japanese."""
    if chosen:
        return speakable(chosen).language
    for part in request.headers.get("accept-language", "").split(","):
        spoken = speakable(part.partition(";")[0].strip() or "ja")
        if spoken.exact:
            return spoken.language
    return "ja"
