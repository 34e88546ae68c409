"""A stand-in for a Rasa server on a real socket: the root, and POST /model/parse in its published form.

It knows intents by words that a text holds, and misbehaves when told to. Source of the form: Rasa 3's HTTP API
description, operation parseModelMessage.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from enum import StrEnum

from connectors.sandbox.loopback import Loopback, Spoken


class Trouble(StrEnum):
    """What the server does instead of answering well."""

    NONE = "none"
    SILENT = "silent"  # takes the request and says nothing
    TRICKLE = "trickle"  # sends its headers a byte at a time
    ERROR = "error"  # 500
    NO_MODEL = "no_model"  # 409, as a server without a trained model
    NONSENSE = "nonsense"  # JSON of another form
    NOT_JSON = "not_json"


class RasaStandIn(Loopback):
    """The server in a thread; use it as a context manager. `parsed` counts the texts that it was asked about."""

    def __init__(self, intents: Mapping[str, str], *, port: int = 0, token: str = "") -> None:
        """`intents`: a word → the intent of texts that hold it; `port` 0 takes a free one."""
        self.intents = intents
        self.token = token
        self.trouble = Trouble.NONE
        self.confidence = 0.95
        self.parsed = 0
        super().__init__(_Requests, name="rasa", port=port)

    def understand(self, text: str) -> dict[str, object]:
        """The parse result, with the whole ranking."""
        name = next((intent for word, intent in self.intents.items() if word in text), None)
        rest = round(1 - self.confidence, 4)
        first = {"name": name or "nlu_fallback", "confidence": self.confidence if name else 0.4}
        others = [{"name": other, "confidence": rest} for other in self.intents.values() if other != name]
        return {"text": text, "intent": first, "entities": [], "text_tokens": [], "intent_ranking": [first, *others],
                "response_selector": {"all_retrieval_intents": []}}  # fmt: skip


class _Requests(Spoken):
    peer: RasaStandIn

    def do_GET(self) -> None:
        """The greeting of a Rasa server."""
        self.send_bytes(200, b"Hello from Rasa: 3.6.21", "text/html")

    def do_POST(self) -> None:
        """A parse result, or the trouble that is wanted."""
        body = json.loads(self.body() or b"{}")
        path, _, query = self.path.partition("?")
        if self.peer.token and query != f"token={self.peer.token}":
            return self.send_json(401, {"status": "failure", "reason": "NotAuthenticated", "code": 401})
        if path != "/model/parse" or "text" not in body:
            return self.send_json(400, {"status": "failure", "reason": "BadRequest", "code": 400})
        self.peer.parsed += 1
        if not self._troubled(self.peer.trouble):
            self.send_json(200, self.peer.understand(str(body["text"])))

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
            self.send_json(500, {"status": "failure", "reason": "ParsingError", "code": 500})
        elif trouble is Trouble.NO_MODEL:
            self.send_json(409, {"status": "failure", "reason": "Conflict", "code": 409})
        elif trouble is Trouble.NONSENSE:
            self.send_json(200, {"intent": {"name": 7, "confidence": "high"}})
        elif trouble is Trouble.NOT_JSON:
            self.send_bytes(200, b"<html>", "text/html")
        else:
            return False
        return True
