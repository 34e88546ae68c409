"""The OpenAPI 3 description of the stand-in back office, as it serves it at /openapi.json."""

from __future__ import annotations

Json = dict[str, object]

NUMBER = r"^[A-Z]{2}-[0-9]{6}$"
"""Receipts and requests: two letters of the office, six digits."""


def _text(*, pattern: str = "", most: int = 500, format: str = "", enum: tuple[str, ...] = ()) -> Json:
    made: Json = {"type": "string", "maxLength": most}
    for name, value in (("pattern", pattern), ("format", format), ("enum", list(enum))):
        if value:
            made[name] = value
    return made


def _object(required: tuple[str, ...], **fields: Json) -> Json:
    return {"type": "object", "required": list(required), "properties": fields, "additionalProperties": False}


def _json(schema: Json, says: str) -> Json:
    return {"description": says, "content": {"application/json": {"schema": schema}}}


def _body(schema: Json) -> Json:
    return {"required": True, "content": {"application/json": {"schema": schema}}}


_KEY: Json = {"name": "Idempotency-Key", "in": "header", "required": True, "schema": {"type": "string"}}
_REFUSED: Json = {"$ref": "#/components/responses/Refused"}
_PATH_NUMBER: Json = {"name": "number", "in": "path", "required": True, "schema": {"type": "string"}}


def _write(id_: str, says: str, body: Json, done: Json, *refusals: str) -> Json:
    replies: Json = {"201": _json(done, "done, or done before under the same key"), "422": _REFUSED}
    return {
        "operationId": id_, "summary": says, "parameters": [_KEY], "requestBody": _body(body),
        "responses": {**replies, **dict.fromkeys(refusals, _REFUSED)},
    }  # fmt: skip


_BOOKING = _object(
    ("item", "yen", "address", "date"),
    item=_text(), yen={"type": "integer"}, address=_text(), date=_text(format="date"), contact=_text(),
)  # fmt: skip
_BOOKED = _object(
    ("number", "date", "yen"), number=_text(pattern=NUMBER), date=_text(format="date"), yen={"type": "integer"}
)
_ASKED = _object(("number", "birth_date"), number=_text(pattern=NUMBER), birth_date=_text(format="date"))
STATES = ("received", "checking", "ready", "sent", "returned")
_STATUS = _object(
    ("number", "kind", "state"),
    number=_text(pattern=NUMBER), kind=_text(), state=_text(enum=STATES), ready_on=_text(format="date"),
)  # fmt: skip
PHOTO_CHARACTERS = 3_000_000  # a link, or the picture itself as data:image/jpeg;base64,…
RECIPIENTS = ("nation", "prefecture", "town")
_REPORT = _object(
    ("recipient", "place", "what"),
    recipient=_text(enum=RECIPIENTS), place=_text(), what=_text(), photo=_text(most=PHOTO_CHARACTERS), road=_text(),
)  # fmt: skip
_REPORTED = _object(
    ("number", "recipient"), number=_text(pattern=NUMBER), recipient=_text(enum=RECIPIENTS)
)  # fmt: skip

DESCRIPTION: Json = {
    "openapi": "3.0.3",
    "info": {"title": "Stand-in back office of a municipality", "version": "1.0.0"},
    "paths": {
        "/bulky-waste/bookings": {
            "post": _write("bookBulkyWaste", "Book a collection of bulky waste", _BOOKING, _BOOKED, "409"),
        },
        "/bulky-waste/bookings/{number}/cancellation": {
            "post": {
                "operationId": "cancelBulkyWaste", "summary": "Cancel a booking", "parameters": [_KEY, _PATH_NUMBER],
                "responses": {"200": _json(_object(("number",), number=_text(pattern=NUMBER)), "cancelled"),
                              "404": _REFUSED, "409": _REFUSED, "422": _REFUSED},
            },
        },
        "/certificates/status": {
            "post": {
                "operationId": "findCertificate", "summary": "State of a request", "parameters": [_KEY],
                "requestBody": _body(_ASKED),
                "responses": {"200": _json(_STATUS, "found"), "403": _REFUSED, "422": _REFUSED, "423": _REFUSED},
            },
        },
        "/road-reports": {
            "post": _write("reportRoadDamage", "Report damage of a road", _REPORT, _REPORTED),
        },
    },
    "components": {
        "responses": {"Refused": _json(_object(("code",), code=_text(), detail=_text()), "refused; nothing was done")},
    },
}  # fmt: skip
