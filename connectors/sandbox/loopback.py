"""What all stand-ins share: an HTTP server on loopback that begins and ends cleanly, and the words of a reply.

A stand-in is a `Loopback` with a `Spoken` handler class; the handler finds its stand-in as `self.peer`.
"""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

_POLL_SECONDS = 0.05  # how soon a stop is noticed


class Loopback:
    """A server on 127.0.0.1; `with` serves it in a thread until the block ends, and leaves nothing running."""

    def __init__(self, handler: type[Spoken], *, name: str, port: int = 0) -> None:
        """`port` 0 takes a free one. The socket listens at once; requests wait until it is served."""
        self.closing = threading.Event()  # set when it ends: whoever keeps a client waiting should stop then
        self.server = _Server(("127.0.0.1", port), type("Bound", (handler,), {"peer": self}))
        self._name = name
        self._thread: threading.Thread | None = None
        self._served = False

    @property
    def port(self) -> int:
        """The port it listens on."""
        return int(self.server.server_address[1])

    @property
    def url(self) -> str:
        """The address to give to a client."""
        return f"http://127.0.0.1:{self.port}"

    def serve(self) -> None:
        """Serve in this thread until `stop`, which another thread calls, or Ctrl-C."""
        self._served = True
        try:
            self.server.serve_forever(poll_interval=_POLL_SECONDS)
        except KeyboardInterrupt:
            self.closing.set()
            self.server.server_close()

    def stop(self) -> None:
        """End what keeps clients waiting, then the server, then its thread; a second call does nothing."""
        if self.closing.is_set():
            return
        self.closing.set()
        if self._served:
            self.server.shutdown()  # waits for the serving loop, for ever when there has never been one
        self.server.server_close()
        if self._thread is not None:
            self._thread.join(timeout=5)

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self.serve, daemon=True, name=f"sandbox-{self._name}")
        self._served = True
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, exc: BaseException | None, tb: TracebackType | None) -> None:
        self.stop()


class Spoken(BaseHTTPRequestHandler):
    """Reads bodies and writes whole replies; subclasses say what is answered in do_GET and do_POST."""

    peer: Any  # the stand-in; subclasses name its type
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:  # residents' words and addresses pass here
        """Say nothing."""

    def body(self) -> bytes:
        """The request's body, as long as it says that it is."""
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    def send_json(self, status: int, value: object, headers: Mapping[str, str] | None = None) -> None:
        """Reply with JSON."""
        self.send_bytes(status, json.dumps(value, ensure_ascii=False).encode(), "application/json", headers)

    def send_bytes(self, status: int, body: bytes, kind: str, headers: Mapping[str, str] | None = None) -> None:
        """Reply with these bytes; a client that has hung up is no error."""
        try:
            self.send_response(status)
            for key, value in {"Content-Type": kind, "Content-Length": str(len(body)), **(headers or {})}.items():
                self.send_header(key, value)
            self.end_headers()
            self.wfile.write(body)
        except OSError:
            self.close_connection = True


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing when a client hangs up, which is what an impatient one should do; anything else is our fault."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]  # typeshed wants its own alias
