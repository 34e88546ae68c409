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
import yaml
from fastapi import Body, FastAPI, Form, Header, Response
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import FileResponse, HTMLResponse, JSONResponse, StreamingResponse
from fastapi.staticfiles import StaticFiles
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

ROOT = Path(__file__).parents[1] / "assistant"
TOWN = "482013"
LANGUAGES = {
    "ja": "日本語", "ja-x-easy": "やさしい日本語", "en": "English", "zh-Hans": "简体中文", "vi": "Tiếng Việt",
    "pt-BR": "Português",
}  # fmt: skip
HOSTILE = '<img src=x onerror="window.hit=1"><script>window.hit=1</script> javascript:alert(1) [1] [9] "></textarea>'
POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'"
Json = dict[str, object]


@dataclass(slots=True, kw_only=True)
class Script:
    """What happened at the stand-in, and what shall happen next."""

    threads: dict[str, list[Json]] = field(default_factory=dict)  # conversation id → {role, text, message}
    feedback: list[Json] = field(default_factory=list)
    asked: list[Json] = field(default_factory=list)  # bodies of POST messages, in order
    answered: dict[str, Json] = field(default_factory=dict)  # client's message id → Message
    broken: int = 0  # so many of the next questions fail with `status`
    status: int = 503


CITATIONS: list[Json] = [
    {"n": 1, "title": "市外から引っ越してきたとき（転入届）", "url": "https://www.city.asanagi.example/guides/move-in",
     "source": f"/sources/{TOWN}/guide%3Amove-in%40ja?passage=p1&quote=14%E6%97%A5%E4%BB%A5%E5%86%85#quote",
     "path": ["手続きの流れ"], "quote": "朝凪市に住み始めてから14日以内に、市民課か支所・出張所で転入届を出します。",
     "language": "ja", "layer": "town", "as_of": "2026-04-01", "passage": "p1"},
    {"n": 2, "title": "住民基本台帳法", "url": "https://laws.e-gov.go.jp/law/342AC0000000081", "source": None,
     "path": ["第四章", "第二十二条"], "quote": "転入をした者は、転入をした日から十四日以内に、届け出なければならない。",
     "language": "ja", "layer": "nation", "as_of": "2026-01-05", "passage": "p2"},
]  # fmt: skip
WORDS = {
    "ja": "転入届を、住み始めた日から14日以内に出してください。[1][2]\n\n持ってくるもの\n・転出証明書\n・本人確認書類（運転免許証など）\n"
          "・マイナンバーカード（家族全員の分）\n\n手数料は無料です。わからないときは市民課（000-482-1101）へお電話ください。",
    "ja-x-easy": "新（あたら）しい 家（いえ）に 住（す）んだ日から 14日以内（いない）に、役所（やくしょ）で「転入届（てんにゅうとどけ）」を 出（だ）して ください。[1]",
    "en": "Please file a moving-in notification within 14 days of the day you start living here. [1][2]\n\nWhat to bring\n"
          "- Moving-out certificate\n- Identification\n\nThere is no fee. Questions: Resident Division (000-482-1101).",
    "zh-Hans": "请在开始居住之日起14天内提交迁入申报（转入届）。[1]\n\n需要携带：\n・迁出证明书\n・身份证件\n\n免手续费。",
    "vi": "Hãy nộp giấy báo chuyển đến trong vòng 14 ngày kể từ ngày bắt đầu sống tại đây. [1][2]\n\nCần mang theo:\n"
          "- Giấy chứng nhận chuyển đi\n- Giấy tờ tùy thân\n\nMiễn phí.",
    "pt-BR": "Entregue a notificação de entrada em até 14 dias após começar a morar aqui. [1][2]\n\nO que levar:\n"
             "- Certificado de saída\n- Documento de identidade\n\nNão há taxa.",
}  # fmt: skip
TERM = {"ja": "転入届", "reading": "てんにゅうとどけ"}
LOCAL = {"en": "moving-in notification", "vi": "giấy báo chuyển đến", "zh-Hans": "迁入申报", "pt-BR": "notificação de entrada"}
SUGGESTIONS = {
    "ja": ["引っ越してきました。何をすればいいですか", "ごみの収集日を知りたい", "住民票の写しがほしい", "子どもが生まれました"],
    "en": ["I have just moved here. What should I do?", "When is garbage collected?", "I need a copy of my resident record"],
}


def message_for(text: str, language: str, conversation: str) -> Json:
    """The Message that the script has for a question; the first word decides."""
    message: Json = {
        "id": secrets.token_hex(8), "conversation": conversation, "in_reply_to": "", "decision": "reply",
        "why": "answered", "text": WORDS.get(language, WORDS["ja"]), "language": language, "confidence": 0.93,
        "citations": CITATIONS, "choices": [], "handoff": None, "machine_translated": False,
        "terms": [{**TERM, "local": LOCAL[language]}] if language in LOCAL else [], "at": "2026-11-20T00:00:00Z",
    }  # fmt: skip
    bare: Json = {"citations": [], "terms": []}
    if text.startswith("choose"):
        choices = [{"label": "住民票の写し", "text": "住民票の写しのこと"}, {"label": "印鑑登録証明書", "text": "印鑑登録証明書のこと"}]
        message |= {**bare, "decision": "ask", "why": "choose", "text": "どちらの証明書ですか。", "choices": choices}
    elif text.startswith("staff"):
        handoff = {"ticket": "A-2048", "desk": "市民課", "promise": "次の開庁日の正午までにご連絡します。",
                   "opens_at": "2026-11-23T23:30:00Z"}  # fmt: skip
        message |= {**bare, "decision": "handoff", "why": "requested", "text": "担当の職員におつなぎします。", "handoff": handoff}
    elif text.startswith("fire"):
        words = "すぐに119に電話してください。警察は110です。聴覚に障害のある方はNET119も使えます。救急車を呼ぶか迷うときは#7119へ。"
        message |= {**bare, "why": "emergency", "text": words}
    elif text.startswith("hostile"):
        first = {**CITATIONS[0], "title": HOSTILE, "url": "javascript:window.hit=1", "source": "javascript:window.hit=1",
                 "path": [HOSTILE], "quote": HOSTILE}  # fmt: skip
        words = f"{HOSTILE}\nhttps://example.jp/?q=<b>x</b>\ndata:text/html,<script>window.hit=1</script>"
        message |= {"text": words, "citations": [first], "choices": [{"label": HOSTILE, "text": HOSTILE}],
                    "terms": [{"ja": HOSTILE, "reading": HOSTILE, "local": HOSTILE}]}  # fmt: skip
    elif text.startswith("long"):
        message |= {"text": "\n\n".join([str(message["text"])] * 6)}
    return message


def start_data(language: str) -> Json:
    """What GET /api/v1/towns/{code} gives."""
    known = language if language in LANGUAGES else "ja"
    name = {"en": "Asanagi City", "vi": "Thành phố Asanagi", "pt-BR": "Cidade de Asanagi"}.get(known, "朝凪市")
    ui = yaml.safe_load((ROOT / "language" / "words" / "ui" / f"{known}.yaml").read_text(encoding="utf-8"))
    return {
        "code": TOWN, "name": name, "phone": "000-482-1111", "url": "https://www.city.asanagi.example/",
        "hours": "平日 8時30分から17時15分まで", "address": "〒000-4801 海原県朝凪市港町1丁目2番3号", "ui": ui,
        "languages": [{"code": code, "name": own} for code, own in LANGUAGES.items()],
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
    loader = FileSystemLoader(ROOT / "web" / "templates")
    pages = Environment(loader=loader, autoescape=select_autoescape(), undefined=StrictUndefined)
    town = start_data(language)
    page = pages.get_template(name).render(
        town=town, ui=town["ui"], language=language, languages=list(LANGUAGES.items()),
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
        text: Annotated[str, Form()] = "", language: Annotated[str, Form()] = "ja", conversation: Annotated[str, Form()] = ""
    ) -> HTMLResponse:
        if not text:
            said = {"conversation": conversation, "token": conversation, "text": text, "error": "error"}
            return render("page.html", language, turns=script.threads.get(conversation, []), **said)
        conversation = conversation or secrets.token_hex(4)
        turns = script.threads.setdefault(conversation, [])
        message = message_for(text, language, conversation)
        turns += [{"role": "resident", "text": text, "message": None},
                  {"role": "assistant", "text": message["text"], "message": message}]  # fmt: skip
        return render("page.html", language, turns=turns, conversation=conversation, token=conversation, text="", error="")

    @app.get("/sources/{town}/{document:path}")
    def source(town: str, document: str, lang: str = "ja") -> HTMLResponse:
        shown = {**CITATIONS[0], "department": "市民課"}
        parts = [{"text": "前の市区町村で転出届を出します。\n", "mark": False}, {"text": CITATIONS[0]["quote"], "mark": True}]
        sections = [{"path": ["手続きの流れ"], "parts": parts}, {"path": ["注意すること"], "parts": parts[:1]}]
        return render("source.html", lang, document=shown, sections=sections)

    @app.get("/gone")
    def gone(lang: str = "ja") -> HTMLResponse:
        return render("error.html", lang, status=404, title="404", detail="<b>404</b>")


def add_conversations(app: FastAPI, script: Script) -> None:
    """The conversation API; the token is the conversation's id."""
    path = "/api/v1/conversations"
    gone = JSONResponse({"title": "Unknown conversation", "status": 404}, 404, media_type="application/problem+json")

    @app.post(path, status_code=201)
    def start() -> Json:
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
            message = message_for(text, str(body.get("language", "ja")), id)
            script.answered[asked] = message
            script.threads[id] += [{"role": "resident", "text": text, "message": None},
                                   {"role": "assistant", "text": message["text"], "message": message}]  # fmt: skip
        events = stream(script.answered[asked], text.startswith("slow"))
        return StreamingResponse(events, media_type="text/event-stream")

    @app.get(path + "/{id}/messages")
    def thread(id: str) -> Response:
        return JSONResponse({"messages": script.threads[id]}) if id in script.threads else gone

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
