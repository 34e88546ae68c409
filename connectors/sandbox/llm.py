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
from collections.abc import Iterator, Mapping
from http import HTTPStatus

from connectors.sandbox.llm_replies import Asked, Behaviour, compose, read_prompt
from connectors.sandbox.loopback import Loopback, Spoken


class LanguageModel(Loopback):
    """The stand-in as a server in a thread; use it as a context manager.

    `asked` holds the prompts in the order of their coming, for assertions. An `api_key` makes it refuse others (401).
    """

    def __init__(
        self, *, behaviour: Behaviour = Behaviour.GOOD, port: int = 0, api_key: str = "", delay: float = 0.2,
        translations: Mapping[str, str] | None = None,
    ) -> None:  # fmt: skip
        """`port` 0 takes a free one; `delay` in seconds is for TRICKLE; `translations` as `compose` wants them."""
        self.translations = dict(translations or {})
        self.behaviour = behaviour
        self.api_key = api_key
        self.delay = delay
        self.asked: list[Asked] = []
        super().__init__(_Requests, name="llm", port=port)

    @property
    def url(self) -> str:
        """The base address that clients want, with /v1."""
        return f"{super().url}/v1"


class _Requests(Spoken):
    peer: LanguageModel

    def do_GET(self) -> None:
        """The list of models: one for each behaviour."""
        if self.path != "/v1/models":
            return self.send_json(HTTPStatus.NOT_FOUND, {"error": {"message": "not found"}})
        held = [{"id": b.value, "object": "model", "created": 0, "owned_by": "madoguchi"} for b in Behaviour]
        self.send_json(HTTPStatus.OK, {"object": "list", "data": held})

    def do_POST(self) -> None:
        """A completion, or the trouble that the behaviour wants."""
        body = json.loads(self.body() or b"{}")
        if self.peer.api_key and self.headers.get("Authorization") != f"Bearer {self.peer.api_key}":
            return self.send_json(
                HTTPStatus.UNAUTHORIZED, {"error": {"message": "wrong key", "code": "invalid_api_key"}}
            )
        if self.path != "/v1/chat/completions" or not isinstance(body.get("messages"), list):
            return self.send_json(HTTPStatus.NOT_FOUND, {"error": {"message": "not found"}})
        words = {str(m.get("role")): str(m.get("content")) for m in body["messages"]}
        asked = read_prompt(words.get("system", ""), words.get("user", ""))
        self.peer.asked.append(asked)
        name = str(body.get("model", ""))
        behaviour = Behaviour(name) if name in set(Behaviour) else self.peer.behaviour
        if not self._refused(behaviour):
            self._answer(
                behaviour, compose(behaviour, asked, self.peer.translations), name, streamed=bool(body.get("stream"))
            )

    def _refused(self, behaviour: Behaviour) -> bool:
        """Answer the behaviours that never come to words; False for the others."""
        if behaviour is Behaviour.RATE_LIMITED:
            self.send_json(HTTPStatus.TOO_MANY_REQUESTS, {"error": {"message": "slow down"}}, {"Retry-After": "30"})
        elif behaviour is Behaviour.SERVER_ERROR:
            self.send_json(HTTPStatus.INTERNAL_SERVER_ERROR, {"error": {"message": "broken"}})
        elif behaviour is Behaviour.WRONG_TYPE:
            self.send_bytes(HTTPStatus.OK, b"<html><body>Welcome to the gateway</body></html>", "text/html")
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
            return self.send_json(HTTPStatus.OK, {"id": "c", "object": "chat.completion", "created": 0, "model": name,
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
    model.serve()


if __name__ == "__main__":
    main()
