"""Calls a back office over X-Road: through the own Security Server, by the X-Road Message Protocol for REST (r1).

Source: X-Road: Message Protocol for REST (PR-REST 1.0) and Service Metadata Protocol for REST (PR-MREST), which gives
the OpenAPI description by getOpenAPI.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote, unquote, urlencode

from connectors.openapi import Description, Prepared, json_of, prepare, result_of, sent
from connectors.service import Call, Scalar, ServiceMisused, ServiceNonsense, ServiceUnreachable
from connectors.transport import Exchanged

PROTOCOL = "r1"
_HASH_BYTES = hashlib.sha512().digest_size


@dataclass(frozen=True, slots=True)
class Identifier:
    """A member's, subsystem's or service's name: instance / class / member [/ subsystem [/ service]]."""

    parts: tuple[str, ...]

    @classmethod
    def parse(cls, text: str, *, sizes: tuple[int, ...]) -> Identifier:
        """From its percent-encoded form. Raises ValueError when it has not that many parts or an empty one."""
        parts = tuple(unquote(part) for part in text.strip("/").split("/"))
        if len(parts) not in sizes or not all(part and part == part.strip() for part in parts):
            raise ValueError("an X-Road identifier looks like INSTANCE/CLASS/MEMBER/SUBSYSTEM")
        return cls(parts)

    def __str__(self) -> str:
        return "/".join(quote(part, safe="") for part in self.parts)


class XRoadConnector:
    """Reaches a service through the own Security Server."""

    name = "xroad"

    def __init__(self, server: str, *, client: str, service: str, seconds: float = 5.0) -> None:
        """`server` is the Security Server's address; `client` our subsystem, `service` theirs with its service code.

        Raises ValueError for an identifier that is none.
        """
        self._server, self._seconds = server.rstrip("/"), seconds
        self._client = Identifier.parse(client, sizes=(3, 4))
        self._service = Identifier.parse(service, sizes=(4, 5))
        self._description = Description(fetch=self._fetch)

    def call(self, call: Call) -> Mapping[str, Scalar]:
        """The result's fields, checked against the description. Raises ServiceError."""
        operation = self._description.operation(call.operation)
        prepared = prepare(operation, call.values)
        more = {"Idempotency-Key": call.key, "X-Road-UserId": call.user, "X-Road-Issue": call.issue}
        return result_of(operation, self._exchanged(prepared, self._service, more))

    def _fetch(self) -> object:
        provider = Identifier((*self._service.parts[:-1], "getOpenAPI"))
        query = urlencode({"serviceCode": self._service.parts[-1]})
        reply = self._exchanged(Prepared(method="GET", target=f"?{query}", body=None), provider, {})
        if reply.status != 200:
            raise ServiceUnreachable
        return json_of(reply)

    def _exchanged(self, prepared: Prepared, service: Identifier, more: Mapping[str, str]) -> Exchanged:
        message = str(uuid.uuid4())
        headers = {"Accept": "application/json", "X-Road-Client": str(self._client), "X-Road-Id": message, **more}
        if prepared.body is not None:
            headers["Content-Type"] = "application/json; charset=utf-8"
        url = f"{self._server}/{PROTOCOL}/{service}{prepared.target}"
        reply = sent(prepared, url, headers, self._seconds)
        _check_error(reply)
        _check_answers(reply, message, service)
        return reply


def _check_error(reply: Exchanged) -> None:
    """An error of X-Road itself: {type, message, detail} and the header X-Road-Error, no provider sends it."""
    error = reply.headers.get("x-road-error")
    if error is None:
        return
    value = json_of(reply)
    if not isinstance(value, dict) or not isinstance(value.get("type"), str):
        raise ServiceNonsense("The Security Server reported an error in a form that the protocol does not know.")
    kind = str(value["type"])[:200]
    if kind.startswith("Client") or kind.endswith(("AccessDenied", "UnknownService", "UnknownMember")):
        raise ServiceMisused(f"X-Road refused the call ({kind}). Check the identifiers and the access rights.")
    raise ServiceUnreachable(f"X-Road could not carry the call ({kind}). Check the Security Servers.")


def _check_answers(reply: Exchanged, message: str, service: Identifier) -> None:
    """The reply names our message and service, and carries a hash of our request."""
    if reply.headers.get("x-road-id") != message or reply.headers.get("x-road-service") != str(service):
        raise ServiceNonsense("The Security Server's answer belongs to another request.")
    try:
        size = len(base64.b64decode(reply.headers.get("x-road-request-hash", ""), validate=True))
    except binascii.Error:
        size = 0
    if size != _HASH_BYTES:
        raise ServiceNonsense("The Security Server's answer has no X-Road-Request-Hash.")
