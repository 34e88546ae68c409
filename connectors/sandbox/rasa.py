"""A stand-in for a Rasa server on a real socket: the root, and POST /model/parse in its published form.

It knows intents by words that a text holds, and misbehaves when told to. Source of the form: Rasa 3's HTTP API
description, operation parseModelMessage.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from enum import StrEnum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType


class Trouble(StrEnum):
    """What the server does instead of answering well."""

    NONE = "none"
    SILENT = "silent"  # takes the request and says nothing
    TRICKLE = "trickle"  # sends its headers a byte at a time
    ERROR = "error"  # 500
    NO_MODEL = "no_model"  # 409, as a server without a trained model
    NONSENSE = "nonsense"  # JSON of another form
    NOT_JSON = "not_json"


class RasaStandIn:
    """The server in a thread; use it as a context manager. `parsed` counts the texts that it was asked about."""

    def __init__(self, intents: Mapping[str, str], *, port: int = 0, token: str = "") -> None:
        """`intents`: a word → the intent of texts that hold it; `port` 0 takes a free one."""
        self.intents = intents
        self.token = token
        self.trouble = Trouble.NONE
        self.confidence = 0.95
        self.parsed = 0
        self.closing = threading.Event()
        self._server = _Server(("127.0.0.1", port), _handler(self))

    @property
    def url(self) -> str:
        """The server's root."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def understand(self, text: str) -> dict[str, object]:
        """The parse result, with the whole ranking."""
        name = next((intent for word, intent in self.intents.items() if word in text), None)
        rest = round(1 - self.confidence, 4)
        first = {"name": name or "nlu_fallback", "confidence": self.confidence if name else 0.4}
        others = [{"name": other, "confidence": rest} for other in self.intents.values() if other != name]
        return {"text": text, "intent": first, "entities": [], "text_tokens": [], "intent_ranking": [first, *others],
                "response_selector": {"all_retrieval_intents": []}}  # fmt: skip

    def __enter__(self) -> RasaStandIn:
        threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True, name="sandbox-rasa"
        ).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, exc: BaseException | None, tb: TracebackType | None) -> None:
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: clients that hang up are what is tested."""


def _handler(server: RasaStandIn) -> type[BaseHTTPRequestHandler]:
    """A request handler class that answers for this server."""

    class Handler(_Requests):
        """Bound to one server."""

        peer = server

    return Handler


class _Requests(BaseHTTPRequestHandler):
    peer: RasaStandIn
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:  # texts are residents' words
        """Say nothing."""

    def do_GET(self) -> None:
        """The greeting of a Rasa server."""
        self._send(200, b"Hello from Rasa: 3.6.21", "text/html")

    def do_POST(self) -> None:
        """A parse result, or the trouble that is wanted."""
        body = json.loads(self.rfile.read(int(self.headers.get("Content-Length", "0"))) or b"{}")
        path, _, query = self.path.partition("?")
        if self.peer.token and query != f"token={self.peer.token}":
            return self._json(401, {"status": "failure", "reason": "NotAuthenticated", "code": 401})
        if path != "/model/parse" or "text" not in body:
            return self._json(400, {"status": "failure", "reason": "BadRequest", "code": 400})
        self.peer.parsed += 1
        if not self._troubled(self.peer.trouble):
            self._json(200, self.peer.understand(str(body["text"])))

    def _troubled(self, trouble: Trouble) -> bool:
        """Make the trouble; False when there is none to make."""
        if trouble is Trouble.SILENT:
            self.peer.closing.wait(20)
        elif trouble is Trouble.TRICKLE:
            for letter in b"HTTP/1.1 200 OK\r\nX-Filler: " + b"a" * 200:
                self.wfile.write(bytes([letter]))
                if self.peer.closing.wait(0.1):
                    break
        elif trouble is Trouble.ERROR:
            self._json(500, {"status": "failure", "reason": "ParsingError", "code": 500})
        elif trouble is Trouble.NO_MODEL:
            self._json(409, {"status": "failure", "reason": "Conflict", "code": 409})
        elif trouble is Trouble.NONSENSE:
            self._json(200, {"intent": {"name": 7, "confidence": "high"}})
        elif trouble is Trouble.NOT_JSON:
            self._send(200, b"<html>", "text/html")
        else:
            return False
        return True

    def _json(self, status: int, value: object) -> None:
        self._send(status, json.dumps(value, ensure_ascii=False).encode(), "application/json")

    def _send(self, status: int, body: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
