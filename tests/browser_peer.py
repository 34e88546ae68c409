"""A scripted stand-in for the web API, and the fixtures of the browser tests.

It serves the real templates, style sheets, scripts and words, and answers by a script, so that a test can bring about
what a real server does seldom: slow, busy, hostile, expired. By hand: `python tests/browser_peer.py 8765`.
"""

from __future__ import annotations

import asyncio
import json
import secrets
import socket
import sys
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import uvicorn
from browser_replies import CITATIONS, GUIDE, SUGGESTIONS, TOWN, Json, message_for
from fastapi import Body, FastAPI, Form, Header, Response
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import FileResponse, HTMLResponse, JSONResponse, StreamingResponse
from fastapi.staticfiles import StaticFiles

from assistant.answering.counter_card import counter_card
from assistant.language.interface import how_written, interface, own_names
from assistant.web.card import card_page
from assistant.web.pages import templates

ROOT = Path(__file__).parents[1] / "assistant"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'"
)


@dataclass(slots=True, kw_only=True)
class Script:
    """What happened at the stand-in, and what shall happen next."""

    threads: dict[str, list[Json]] = field(default_factory=dict)  # conversation id → {role, text, message}
    feedback: list[Json] = field(default_factory=list)
    asked: list[Json] = field(default_factory=list)  # bodies of POST messages, in order
    answered: dict[str, Json] = field(default_factory=dict)  # client's message id → Message
    language: str = "ja"  # in which the next text without a language is answered
    broken: int = 0  # so many of the next questions fail with `status`
    status: int = 503


def start_data(language: str) -> Json:
    """What GET /api/v1/towns/{code} gives."""
    known = language if language in own_names() else "ja"
    name = {"en": "Asanagi City", "vi": "Thành phố Asanagi", "pt-BR": "Cidade de Asanagi"}.get(known, "朝凪市")
    return {
        "code": TOWN, "name": name, "phone": "000-482-1111", "url": "https://www.city.asanagi.example/",
        "hours": "平日 8時30分から17時15分まで", "address": "〒000-4801 海原県朝凪市港町1丁目2番3号",
        "ui": interface(known), "formats": how_written(known), "language": known,
        "languages": [{"code": code, "name": own} for code, own in own_names().items()],
        "suggestions": SUGGESTIONS.get(known, SUGGESTIONS["ja"]),
    }  # fmt: skip


async def stream(message: Json, slow: bool) -> AsyncIterator[str]:
    """The Message as server-sent events; a slow one takes some ten seconds."""
    yield event("decision", {**message, "text": "", "citations": []})
    text = str(message["text"])
    for start in range(0, len(text), 8):
        await asyncio.sleep(0.5 if slow else 0.01)
        yield event("delta", {"text": text[start : start + 8]})
    yield event("done", message)


def event(kind: str, data: object) -> str:
    """One event in wire form."""
    return f"event: {kind}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"


def render(name: str, language: str, **context: object) -> HTMLResponse:
    """A real template with the context that the real routes give."""
    town = start_data(language)
    page = templates().get_template(name).render(
        town=town, ui=town["ui"], language=language, languages=list(own_names().items()),
        suggestions=town["suggestions"], **context,
    )  # fmt: skip
    return HTMLResponse(page, headers={"Content-Security-Policy": POLICY})


def create_peer(script: Script) -> FastAPI:
    """The stand-in; everything that happens to it is seen in `script`."""
    app = FastAPI(openapi_url=None)
    app.add_middleware(CORSMiddleware, allow_origins=["*"], allow_methods=["*"], allow_headers=["*"])
    app.mount("/static", StaticFiles(directory=ROOT / "web" / "static"))
    add_pages(app, script)
    add_conversations(app, script)
    return app


def add_pages(app: FastAPI, script: Script) -> None:
    """Pages and start data."""

    @app.get("/widget.js")
    def widget() -> FileResponse:
        return FileResponse(ROOT / "web" / "static" / "widget.js", media_type="text/javascript")

    @app.get("/api/v1/towns/{code}")
    def town(code: str, language: str = "ja") -> Json:
        return start_data(language)

    @app.get("/")
    def page(lang: str = "ja") -> HTMLResponse:
        return render("page.html", lang, turns=[], conversation="", token="", text="", error="")

    @app.post("/")
    def form(
        text: Annotated[str, Form()] = "",
        language: Annotated[str, Form()] = "ja",
        conversation: Annotated[str, Form()] = "",
        answer_in: Annotated[str, Form()] = "",
    ) -> HTMLResponse:
        if not text:
            said = {"conversation": conversation, "token": conversation, "text": text, "error": "error"}
            return render("page.html", language, turns=script.threads.get(conversation, []), **said)
        conversation = conversation or secrets.token_hex(4)
        turns = script.threads.setdefault(conversation, [])
        guessed = "vi" if text.startswith("vi:") else language
        message = message_for(text, answer_in or guessed, conversation)
        turns += [{"role": "resident", "text": text, "message": None},
                  {"role": "assistant", "text": message["text"], "message": message}]  # fmt: skip
        held = {"conversation": conversation, "token": conversation, "text": "", "error": ""}
        return render("page.html", language, turns=turns, **held)

    @app.get("/sources/{town}/{document:path}")
    def source(town: str, document: str, lang: str = "ja") -> HTMLResponse:
        shown = {**CITATIONS[0], "department": "市民課"}
        quote = {"text": CITATIONS[0]["quote"], "mark": True}
        parts = [{"text": "前の市区町村で転出届を出します。\n", "mark": False}, quote]
        sections = [{"path": ["手続きの流れ"], "parts": parts}, {"path": ["注意すること"], "parts": parts[:1]}]
        return render("source.html", lang, document=shown, sections=sections)

    @app.get("/card/{town}")
    def card(language: str = "ja") -> HTMLResponse:
        own = None if language == "ja" else GUIDE
        shown = counter_card(GUIDE, own, language, lambda text: None)
        page = card_page(shown, start_data(language), language)
        return HTMLResponse(page, headers={"Content-Security-Policy": POLICY})

    @app.get("/gone")
    def gone(lang: str = "ja") -> HTMLResponse:
        return render("error.html", lang, status=404, title="404", detail="<b>404</b>")


def add_conversations(app: FastAPI, script: Script) -> None:
    """The conversation API; the token is the conversation's id."""
    path = "/api/v1/conversations"
    gone = JSONResponse({"title": "Unknown conversation", "status": 404}, 404, media_type="application/problem+json")

    @app.post(path, status_code=201)
    def start(body: Annotated[Json, Body()]) -> Json:
        script.language = str(body.get("language") or "ja")
        id_ = secrets.token_hex(4)
        script.threads[id_] = []
        return {"id": id_, "token": id_}

    @app.post(path + "/{id}/messages")
    def say(id: str, body: Annotated[Json, Body()], authorization: Annotated[str, Header()]) -> Response:
        script.asked.append(body)
        if id not in script.threads or authorization != f"Bearer {id}":
            return gone
        if script.broken:
            script.broken -= 1
            return JSONResponse({"status": script.status}, script.status, headers={"Retry-After": "7"})
        text, asked = str(body["text"]), str(body["id"])
        if asked not in script.answered:
            message = message_for(text, str(body.get("language") or body.get("page") or script.language), id)
            script.answered[asked] = message
            script.threads[id] += [{"role": "resident", "text": text, "message": None},
                                   {"role": "assistant", "text": message["text"], "message": message}]  # fmt: skip
        events = stream(script.answered[asked], text.startswith("slow"))
        return StreamingResponse(events, media_type="text/event-stream")

    @app.get(path + "/{id}/messages")
    def thread(id: str) -> Response:
        return JSONResponse({"messages": script.threads[id]}) if id in script.threads else gone

    @app.get(path + "/{id}/events")
    async def events() -> StreamingResponse:
        async def silence() -> AsyncIterator[str]:
            while True:
                yield ": nothing from staff\n\n"
                await asyncio.sleep(0.5)

        return StreamingResponse(silence(), media_type="text/event-stream")

    @app.post(path + "/{id}/feedback", status_code=204)
    def feedback(id: str, body: Annotated[Json, Body()]) -> None:
        script.feedback.append(body)

    @app.delete(path + "/{id}", status_code=204)
    def delete(id: str) -> None:
        script.threads.pop(id, None)


@contextmanager
def serving(app: FastAPI, port: int = 0) -> Iterator[str]:
    """The application on a loopback port of a thread; gives its address with a closing slash."""
    listener = socket.create_server(("127.0.0.1", port))
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=1))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/"
    finally:
        server.should_exit = True
        thread.join(5)
        listener.close()


if __name__ == "__main__":
    with serving(create_peer(Script()), int(sys.argv[1])) as address:
        print(address)
        threading.Event().wait()
