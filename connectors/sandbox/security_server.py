"""A stand-in X-Road Security Server on a socket: r1 calls of known clients to mapped providers, and getOpenAPI.

It plays both our and the provider's Security Server: checks identifiers and access rights, replaces hop-by-hop
headers, adds the X-Road headers and the request's hash, and answers errors as the protocol says: status 400 or 500,
{type, message, detail} and the header X-Road-Error. Source: PR-REST 1.0 and PR-MREST of X-Road. No TLS, no signing.
"""

from __future__ import annotations

import base64
import hashlib
import http.client
import json
import urllib.error
import urllib.request
import uuid
from urllib.parse import parse_qs, quote, unquote, urlsplit

from connectors.sandbox.loopback import Loopback, Spoken

_HOP = {
    "connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "te", "trailer", "transfer-encoding",
    "upgrade", "host", "user-agent", "server", "content-length", "date", "accept-encoding", "x-road-request-hash",
}  # fmt: skip
_ASKED = "Check that the request has the form of the X-Road Message Protocol for REST (r1)."


class XRoadFault(Exception):
    """An error of X-Road itself, with its type."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind


class SecurityServer(Loopback):
    """`with SecurityServer({service: url}, allowed={client: [service]}) as ours:` serves at `ours.url`.

    Identifiers are percent-encoded, parted by `/`. `fault` makes every call fail with that type, such as
    `Server.ClientProxy.OutdatedGlobalConf`; `seen` holds the request headers of all calls.
    """

    def __init__(
        self, providers: dict[str, str], *, allowed: dict[str, list[str]], port: int = 0, timeout: float = 20.0
    ) -> None:
        self.providers, self.allowed, self.timeout = providers, allowed, timeout
        self.fault = ""
        self.seen: list[dict[str, str]] = []
        super().__init__(_Handler, name="security-server", port=port)

    def carry(
        self, method: str, target: str, headers: dict[str, str], body: bytes
    ) -> tuple[int, dict[str, str], bytes]:  # fmt: skip
        """The reply to a call. Raises XRoadFault."""
        self.seen.append(headers)
        client, service, rest = _parsed(target, headers)
        if self.fault:
            raise XRoadFault(self.fault, "The stand-in was told to fail.")
        if client not in self.allowed:
            raise XRoadFault("Server.ClientProxy.UnknownMember", f"Client '{client}' not found")
        if service.endswith("/getOpenAPI"):
            code = parse_qs(urlsplit(rest).query).get("serviceCode", [""])[0]
            service, rest = f"{service.rpartition('/')[0]}/{quote(code, safe='')}", "/openapi.json"
        elif service not in self.allowed[client]:
            raise XRoadFault("Server.ServerProxy.AccessDenied", f"Request is not allowed: SERVICE:{service}")
        if service not in self.providers:
            raise XRoadFault("Server.ServerProxy.UnknownService", f"Unknown service: SERVICE:{service}")
        return self._forwarded(method, self.providers[service] + rest, headers, body)

    def _forwarded(
        self, method: str, url: str, headers: dict[str, str], body: bytes
    ) -> tuple[int, dict[str, str], bytes]:  # fmt: skip
        passed = {name: value for name, value in headers.items() if name not in _HOP}
        request = urllib.request.Request(url, data=body or None, headers=passed, method=method)
        try:
            with urllib.request.urlopen(request, timeout=self.timeout) as reply:
                status, said, content = reply.status, reply.headers, reply.read()
        except urllib.error.HTTPError as exc:
            with exc:
                status, said, content = exc.code, exc.headers, exc.read()
        except (OSError, http.client.HTTPException) as exc:
            raise XRoadFault("Server.ServerProxy.NetworkError", "The provider can't be reached.") from exc
        return status, {n.lower(): v for n, v in said.items() if n.lower() not in _HOP}, content


def _parsed(target: str, headers: dict[str, str]) -> tuple[str, str, str]:
    """(client, service, rest of the path with query). Raises XRoadFault Client.BadRequest."""
    parts = urlsplit(target)
    steps = parts.path.split("/")
    client = headers.get("x-road-client", "").strip("/")
    if len(steps) < 7 or steps[1] != "r1" or not all(unquote(s).strip() for s in steps[2:7]) or len(target) > 2000:
        raise XRoadFault("Client.BadRequest", f"Error parsing the client's REST request. {_ASKED}")
    if len(client.split("/")) not in (3, 4):
        raise XRoadFault("Client.BadRequest", f"The header X-Road-Client is missing or malformed. {_ASKED}")
    rest = "".join(f"/{step}" for step in steps[7:]) + (f"?{parts.query}" if parts.query else "")
    return client, "/".join(steps[2:7]), rest


def request_hash(head: str, body: bytes) -> str:
    """base64(SHA512(SHA512(headers) + SHA512(body))), without a body base64(SHA512(headers)); PR-REST 4.3."""
    first = hashlib.sha512(head.encode()).digest()
    whole = hashlib.sha512(first + hashlib.sha512(body).digest()).digest() if body else first
    return base64.b64encode(whole).decode()


class _Handler(Spoken):
    """Speaks HTTP for the stand-in that it is bound to."""

    peer: SecurityServer

    def do_GET(self) -> None:
        body = self.body()
        headers = {name.lower(): value for name, value in self.headers.items()}
        try:
            status, said, content = self.peer.carry(self.command, self.path, headers, body)
        except XRoadFault as exc:
            return self._fault(exc)
        head = "\r\n".join([f"{self.command} {self.path}", *(f"{n}:{v}" for n, v in sorted(headers.items()))])
        service = "/".join(urlsplit(self.path).path.split("/")[2:7])
        said |= {
            "x-road-client": headers["x-road-client"], "x-road-service": service,
            "x-road-id": headers.get("x-road-id", str(uuid.uuid4())), "x-road-request-id": str(uuid.uuid4()),
            "x-road-request-hash": request_hash(head, body),
        }  # fmt: skip
        return self._send(status, said, content)

    do_POST = do_PUT = do_PATCH = do_DELETE = do_GET

    def _fault(self, exc: XRoadFault) -> None:
        body = json.dumps({"type": exc.kind, "message": str(exc), "detail": str(uuid.uuid4())}).encode()
        headers = {"content-type": "application/json;charset=utf-8", "x-road-error": exc.kind}
        self._send(400 if exc.kind.startswith("Client.") else 500, headers, body)

    def _send(self, status: int, headers: dict[str, str], body: bytes) -> None:
        kind = headers.get("content-type", "application/octet-stream")
        self.send_bytes(status, body, kind, {name: v for name, v in headers.items() if name != "content-type"})
