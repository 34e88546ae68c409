"""A stand-in for an OpenAI-compatible language model on a real socket, which behaves well or badly when told to.

`POST /v1/chat/completions` (plain and streamed) and `GET /v1/models`. It understands prompts whose passages stand in
blocks `=== passage N / MARK ===` … `=== end passage N / MARK ===` and copies sentences out of them, so that its answers
are cited and true unless the behaviour spoils them. The behaviour is the model's name, or else the server's setting.

    python -m connectors.sandbox.llm --port 8100 --behaviour good
    MADOGUCHI_LLM=openai:good MADOGUCHI_LLM_BASE_URL=http://127.0.0.1:8100/v1 madoguchi serve
"""

from __future__ import annotations

import argparse
import json
import sys
import threading
from collections.abc import Iterator
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType

from connectors.sandbox.llm_replies import Asked, Behaviour, compose, read_prompt


class LanguageModel:
    """The stand-in as a server in a thread; use it as a context manager.

    `asked` holds the prompts in the order of their coming, for assertions. An `api_key` makes it refuse others (401).
    """

    def __init__(
        self, *, behaviour: Behaviour = Behaviour.GOOD, port: int = 0, api_key: str = "", delay: float = 0.2
    ) -> None:
        """`port` 0 takes a free one; `delay` in seconds is for TRICKLE."""
        self.behaviour = behaviour
        self.api_key = api_key
        self.delay = delay
        self.asked: list[Asked] = []
        self.closing = threading.Event()
        self._server = _Server(("127.0.0.1", port), _handler(self))

    @property
    def url(self) -> str:
        """The base address that clients want, with /v1."""
        return f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    def serve(self) -> None:
        """Serve until `stop`."""
        self._server.serve_forever(poll_interval=0.05)

    def stop(self) -> None:
        """End hanging answers and close the socket."""
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()

    def __enter__(self) -> LanguageModel:
        threading.Thread(target=self.serve, daemon=True, name="sandbox-llm").start()
        return self

    def __exit__(self, kind: type[BaseException] | None, exc: BaseException | None, tb: TracebackType | None) -> None:
        self.stop()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing when a client hangs up, which is what an impatient one should do."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]  # typeshed wants its own alias


def _handler(model: LanguageModel) -> type[BaseHTTPRequestHandler]:
    """A request handler class that answers for this model."""

    class Handler(_Requests):
        """Bound to one model."""

        peer = model

    return Handler


class _Requests(BaseHTTPRequestHandler):
    peer: LanguageModel
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:  # prompts hold residents' words
        """Say nothing."""

    def do_GET(self) -> None:
        """The list of models: one for each behaviour."""
        if self.path != "/v1/models":
            return self._json(HTTPStatus.NOT_FOUND, {"error": {"message": "not found"}})
        held = [{"id": b.value, "object": "model", "created": 0, "owned_by": "madoguchi"} for b in Behaviour]
        self._json(HTTPStatus.OK, {"object": "list", "data": held})

    def do_POST(self) -> None:
        """A completion, or the trouble that the behaviour wants."""
        body = json.loads(self.rfile.read(int(self.headers.get("Content-Length", "0"))) or b"{}")
        if self.peer.api_key and self.headers.get("Authorization") != f"Bearer {self.peer.api_key}":
            return self._json(HTTPStatus.UNAUTHORIZED, {"error": {"message": "wrong key", "code": "invalid_api_key"}})
        if self.path != "/v1/chat/completions" or not isinstance(body.get("messages"), list):
            return self._json(HTTPStatus.NOT_FOUND, {"error": {"message": "not found"}})
        words = {str(m.get("role")): str(m.get("content")) for m in body["messages"]}
        asked = read_prompt(words.get("system", ""), words.get("user", ""))
        self.peer.asked.append(asked)
        name = str(body.get("model", ""))
        behaviour = Behaviour(name) if name in set(Behaviour) else self.peer.behaviour
        if not self._refused(behaviour):
            self._answer(behaviour, compose(behaviour, asked), name, streamed=bool(body.get("stream")))

    def _refused(self, behaviour: Behaviour) -> bool:
        """Answer the behaviours that never come to words; False for the others."""
        if behaviour is Behaviour.RATE_LIMITED:
            self._json(HTTPStatus.TOO_MANY_REQUESTS, {"error": {"message": "slow down"}}, {"Retry-After": "30"})
        elif behaviour is Behaviour.SERVER_ERROR:
            self._json(HTTPStatus.INTERNAL_SERVER_ERROR, {"error": {"message": "broken"}})
        elif behaviour is Behaviour.WRONG_TYPE:
            self._send(HTTPStatus.OK, b"<html><body>Welcome to the gateway</body></html>", "text/html")
        elif behaviour is Behaviour.HANG:
            self.close_connection = True
            self.peer.closing.wait(120)
        else:
            return False
        return True

    def _answer(self, behaviour: Behaviour, text: str, name: str, *, streamed: bool) -> None:
        ending = "length" if behaviour is Behaviour.LENGTH else "stop"
        if not streamed:
            message = {"role": "assistant", "content": text}
            choice = {"index": 0, "message": message, "finish_reason": ending}
            return self._json(HTTPStatus.OK, {"id": "c", "object": "chat.completion", "created": 0, "model": name,
                                              "choices": [choice], "usage": _USAGE})  # fmt: skip
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "text/event-stream; charset=utf-8")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        try:
            for event in self._events(behaviour, text, name, ending):
                self._chunk(f"data: {event}\n\n".encode())
            if behaviour is Behaviour.BROKEN:
                self.close_connection = True  # without the last chunk: the client sees a torn connection
            else:
                self._chunk(b"")
        except OSError:
            self.close_connection = True  # the client had enough

    def _events(self, behaviour: Behaviour, text: str, name: str, ending: str) -> Iterator[str]:
        size = 1 if behaviour is Behaviour.TRICKLE else 4000 if behaviour is Behaviour.HUGE else 12
        pieces = [text[i : i + size] for i in range(0, len(text), size)]
        if behaviour in (Behaviour.BROKEN, Behaviour.TRUNCATED, Behaviour.LENGTH, Behaviour.MALFORMED):
            pieces = pieces[: len(pieces) // 2]
        for piece in pieces:
            if behaviour is Behaviour.TRICKLE and self.peer.closing.wait(self.peer.delay):
                return
            yield _delta(name, {"role": "assistant", "content": piece}, None)
        if behaviour is Behaviour.MALFORMED:
            yield '{"choices": [{"delta": {"cont'
        if behaviour in (Behaviour.BROKEN, Behaviour.TRUNCATED):
            return
        yield _delta(name, {}, ending)
        yield "[DONE]"

    def _chunk(self, data: bytes) -> None:
        self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
        self.wfile.flush()

    def _json(self, status: HTTPStatus, value: dict[str, object], headers: dict[str, str] | None = None) -> None:
        self._send(status, json.dumps(value).encode(), "application/json", headers)

    def _send(self, status: HTTPStatus, body: bytes, kind: str, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for key, value in {"Content-Type": kind, "Content-Length": str(len(body)), **(headers or {})}.items():
            self.send_header(key, value)
        self.end_headers()
        self.wfile.write(body)


_USAGE = {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0}


def _delta(name: str, delta: dict[str, str], ending: str | None) -> str:
    choice = {"index": 0, "delta": delta, "finish_reason": ending}
    return json.dumps({"id": "c", "object": "chat.completion.chunk", "created": 0, "model": name, "choices": [choice]})


def main(arguments: list[str] | None = None) -> None:
    """Serve on loopback until Ctrl-C."""
    parser = argparse.ArgumentParser(prog="connectors.sandbox.llm", description=__doc__.split("\n", 1)[0])
    parser.add_argument("--port", type=int, default=8100)
    parser.add_argument("--behaviour", type=Behaviour, choices=list(Behaviour), default=Behaviour.GOOD)
    parser.add_argument("--key", default="", help="refuse requests without this API key")
    parser.add_argument("--delay", type=float, default=0.2, help="seconds between characters (trickle)")
    given = parser.parse_args(arguments)
    model = LanguageModel(behaviour=given.behaviour, port=given.port, api_key=given.key, delay=given.delay)
    print(f"{model.url} ({given.behaviour})", flush=True)
    try:
        model.serve()
    except KeyboardInterrupt:
        model.closing.set()


if __name__ == "__main__":
    main()
