"""Calls operations that a back office describes in OpenAPI 3, and refuses answers that the description does not allow.

The description is fetched once and held. Used: operationId, parameters in path and query, a JSON body of plain fields,
the JSON schema of each status. Not used: callbacks, links, other media types, nested objects.
"""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from urllib.parse import quote, urlencode

from connectors.service import (
    Call,
    Scalar,
    ServiceError,
    ServiceMisused,
    ServiceNonsense,
    ServiceRefused,
    ServiceSlow,
    ServiceUnreachable,
)
from connectors.transport import Exchanged, TransportError, TransportTimeout, TransportUnreached, exchange

_PAUSE = 0.2  # seconds before the second try: a process that restarts needs a moment
_METHODS = ("get", "post", "put", "patch", "delete")
Json = Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One operation of a description, its references resolved."""

    id: str
    method: str  # upper case
    path: str  # with {names}
    parameters: tuple[tuple[str, str, bool], ...]  # (name, path | query | header, required)
    body: Json  # schema of the JSON body; empty: there is none
    replies: Mapping[str, Json]  # status → schema of the JSON in it


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A call as it goes over the wire, without what a way of transport adds."""

    method: str
    target: str  # path with query
    body: bytes | None


def operations_of(description: Json) -> dict[str, Operation]:
    """operationId → operation. Raises ServiceMisused when the description is not OpenAPI 3."""
    paths = description.get("paths")
    if not str(description.get("openapi", "")).startswith("3.") or not isinstance(paths, dict):
        raise ServiceMisused("What the back office gave as its description is not OpenAPI 3.")
    found: dict[str, Operation] = {}
    for path, item in paths.items():
        for method in _METHODS:
            entry = item.get(method) if isinstance(item, dict) else None
            if isinstance(entry, dict) and "operationId" in entry:
                found[str(entry["operationId"])] = _operation(description, str(path), method, entry)
    return found


def prepare(operation: Operation, values: Mapping[str, Scalar]) -> Prepared:
    """Place each value where the description wants it. Raises ServiceMisused for one too few or too many."""
    left = {name: value for name, value in values.items() if value is not None}
    path, query = operation.path, {}
    for name, place, required in operation.parameters:
        if place == "header":
            continue  # the key goes there; see OpenApiConnector
        if name not in left:
            if required:
                raise ServiceMisused(f"{operation.id} needs {name}. Mend the catalogue.")
            continue
        text = str(left.pop(name))
        if place == "path":
            path = path.replace("{" + name + "}", quote(text, safe=""))
        else:
            query[name] = text
    body = None
    if operation.body:
        wrong = problem_of(left, operation.body)
        if wrong:
            raise ServiceMisused(f"{operation.id}: {wrong}. Mend the catalogue.")
        body = json.dumps(left, ensure_ascii=False, separators=(",", ":")).encode()
    elif left:
        raise ServiceMisused(f"{operation.id} takes no {sorted(left)}. Mend the catalogue.")
    return Prepared(method=operation.method, target=path + (f"?{urlencode(query)}" if query else ""), body=body)


def result_of(operation: Operation, reply: Exchanged) -> Mapping[str, Scalar]:
    """The reply's fields.

    Raises ServiceRefused for a described 4xx, ServiceUnreachable for 5xx, else ServiceNonsense.
    """
    if reply.status >= 500 or reply.status in (408, 429):
        raise ServiceUnreachable
    schema = operation.replies.get(str(reply.status))
    if schema is None:
        raise ServiceNonsense(f"{operation.id} answered with status {reply.status}, which it does not describe.")
    value = json_of(reply)
    wrong = problem_of(value, schema)
    if wrong or not isinstance(value, dict):
        raise ServiceNonsense(f"{operation.id}: {wrong or 'no object'}.")
    if reply.status >= 400:
        raise ServiceRefused(str(value.get("code", "refused")), reply.status)
    return {name: each for name, each in value.items() if isinstance(each, str | int | bool | None)}


def json_of(reply: Exchanged) -> object:
    """The JSON of a reply. Raises ServiceNonsense when it is none."""
    try:
        value: object = json.loads(reply.body.decode("utf-8"))
    except ValueError as exc:
        raise ServiceNonsense("The back office answered something that is not JSON.") from exc
    return value


def problem_of(value: object, schema: Json) -> str:
    """What is wrong with a value by its schema, naming places and never values; empty when all is right."""
    kinds: dict[str, type | tuple[type, ...]] = {
        "object": dict, "string": str, "integer": int, "boolean": bool, "number": (int, float)
    }  # fmt: skip
    kind = str(schema.get("type", "object"))
    if kind not in kinds or not isinstance(value, kinds[kind]) or (kind != "boolean" and isinstance(value, bool)):
        return f"no {kind}"
    if isinstance(value, dict):
        return _object_problem(value, schema)
    allowed, pattern = schema.get("enum"), schema.get("pattern")
    if isinstance(allowed, list) and value not in allowed:
        return "not one of the allowed values"
    if isinstance(value, str):
        if pattern is not None and not re.search(str(pattern), value):
            return "not of the described form"
        if schema.get("format") == "date" and not _is_date(value):
            return "no date"
        if len(value) > int(str(schema.get("maxLength", 10_000))):
            return "too long"
    return ""


def _object_problem(value: Mapping[str, object], schema: Json) -> str:
    required, fields = schema.get("required", []), schema.get("properties", {})
    assert isinstance(required, list) and isinstance(fields, dict)
    for name in required:
        if name not in value:
            return f"{name} is missing"
    for name, each in value.items():
        if name not in fields:
            if schema.get("additionalProperties") is False:
                return f"{name} is unknown"
        elif wrong := problem_of(each, fields[name]):
            return f"{name}: {wrong}"
    return ""


def _is_date(value: str) -> bool:
    try:
        return bool(date.fromisoformat(value))
    except ValueError:
        return False


@dataclass(slots=True, kw_only=True)
class Description:
    """A back office's operations, fetched when first needed; a failed fetch is tried again with the next call."""

    fetch: Callable[[], object]
    _operations: dict[str, Operation] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def operation(self, id_: str) -> Operation:
        """The operation. Raises ServiceMisused when the back office describes none of this name."""
        with self._lock:
            if not self._operations:
                try:
                    description = self.fetch()
                except ServiceError as exc:
                    exc.in_doubt = False  # nothing was asked for yet
                    raise
                self._operations = operations_of(description if isinstance(description, dict) else {})
        if id_ not in self._operations:
            raise ServiceMisused(f"The back office describes no operation {id_}. Mend the catalogue.")
        return self._operations[id_]


def sent(
    prepared: Prepared, url: str, headers: Mapping[str, str], seconds: float, *, attempts: int = 2
) -> Exchanged:  # fmt: skip
    """The reply; a torn connection or a 5xx is tried once more, which the key makes harmless.

    A gateway may have lost the reply to what was done: the second try then brings the receipt of the first.
    Raises ServiceSlow or ServiceUnreachable.
    """
    torn = False
    for left in reversed(range(attempts)):
        try:
            reply = exchange(prepared.method, url, headers=headers, body=prepared.body, seconds=seconds)
        except TransportTimeout as exc:
            raise ServiceSlow from exc
        except TransportError as exc:
            torn = torn or not isinstance(exc, TransportUnreached)
            if not left:
                raise ServiceUnreachable(in_doubt=torn) from exc
        else:
            if reply.status < 500 or not left:
                return reply
            torn = True
        time.sleep(_PAUSE)
    raise AssertionError("attempts must be at least 1")


class OpenApiConnector:
    """Reaches a back office directly, at an address that serves /openapi.json."""

    name = "openapi"

    def __init__(self, base: str, *, seconds: float = 5.0) -> None:
        self._base, self._seconds = base.rstrip("/"), seconds
        self._description = Description(fetch=self._fetch)

    def call(self, call: Call) -> Mapping[str, Scalar]:
        """The result's fields, checked against the description. Raises ServiceError."""
        operation = self._description.operation(call.operation)
        prepared = prepare(operation, call.values)
        headers = {"Accept": "application/json", "Idempotency-Key": call.key}
        if prepared.body is not None:
            headers["Content-Type"] = "application/json; charset=utf-8"
        return result_of(operation, sent(prepared, self._base + prepared.target, headers, self._seconds))

    def _fetch(self) -> object:
        asked = Prepared(method="GET", target="/openapi.json", body=None)
        reply = sent(asked, self._base + asked.target, {"Accept": "application/json"}, self._seconds)
        if reply.status != 200:
            raise ServiceUnreachable
        return json_of(reply)


def _operation(description: Json, path: str, method: str, entry: Json) -> Operation:
    parameters = entry.get("parameters", [])
    replies = entry.get("responses", {})
    assert isinstance(parameters, list) and isinstance(replies, dict)
    resolved = [_resolved(description, each) for each in parameters]
    return Operation(
        id=str(entry["operationId"]),
        method=method.upper(),
        path=path,
        parameters=tuple((str(p["name"]), str(p["in"]), bool(p.get("required"))) for p in resolved),
        body=_schema(description, entry.get("requestBody")),
        replies={str(status): _schema(description, reply) for status, reply in replies.items()},
    )


def _schema(description: Json, holder: object) -> Json:
    value = _resolved(description, holder)
    for step in ("content", "application/json", "schema"):
        value = _resolved(description, value.get(step))
    return value


def _resolved(description: Json, value: object) -> Json:
    """The object itself, or what its $ref points to inside the description."""
    if not isinstance(value, dict):
        return {}
    target = value.get("$ref")
    if not isinstance(target, str) or not target.startswith("#/"):
        return value
    found: object = description
    for step in target[2:].split("/"):
        found = found.get(step) if isinstance(found, dict) else None
    return _resolved(description, found)
