"""Checks requests as LINE's Messaging API does: which properties are wrong, and how LINE would say so.

Written from the published reference ("Messaging API reference": common message properties, text, quick reply, Flex
Message), not from our own message builder, so that the two can disagree.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

Detail = dict[str, str]
"""One entry of `details` in LINE's error form: message and property."""

_CONTENTS = {"box", "text", "button", "image", "icon", "filler", "separator", "span", "video"}
_LAYOUTS = {"horizontal", "vertical", "baseline"}
_SIZES = {"xxs", "xs", "sm", "md", "lg", "xl", "xxl", "3xl", "4xl", "5xl"}
_GAPS = {"none", "xs", "sm", "md", "lg", "xl", "xxl"}
_COLOUR = re.compile(r"#(?:[0-9A-Fa-f]{6}|[0-9A-Fa-f]{8})")
_ADDRESS = re.compile(r"(?:https?|line|tel):[\x21-\x7e]+")
_BUBBLE_BYTES, _CAROUSEL_BYTES = 30_000, 50_000


def faults(messages: object) -> list[Detail]:
    """What is wrong with a request's messages; empty when LINE would take them."""
    if not isinstance(messages, list) or not 1 <= len(messages) <= 5:
        return [{"message": "Size must be between 1 and 5", "property": "messages"}]
    return [fault for n, message in enumerate(messages) for fault in _message(message, f"messages[{n}]")]


def _message(message: object, where: str) -> Iterator[Detail]:
    if not isinstance(message, dict):
        yield _wrong("must be an object", where)
        return
    kind = message.get("type")
    if kind == "text":
        yield from _text(message.get("text"), 5000, f"{where}.text")
    elif kind == "flex":
        yield from _text(message.get("altText"), 400, f"{where}.altText")
        yield from _container(message.get("contents"), f"{where}.contents")
    else:
        yield _wrong("must be one of the following values: text, flex", f"{where}.type")
    if "quickReply" in message:
        yield from _quick_reply(message["quickReply"], f"{where}.quickReply")


def _quick_reply(value: object, where: str) -> Iterator[Detail]:
    items = value.get("items") if isinstance(value, dict) else None
    if not isinstance(items, list) or not 1 <= len(items) <= 13:
        yield _wrong("Size must be between 1 and 13", f"{where}.items")
        return
    for n, item in enumerate(items):
        if not isinstance(item, dict) or item.get("type") != "action":
            yield _wrong("must be an action", f"{where}.items[{n}].type")
        else:
            yield from _action(item.get("action"), f"{where}.items[{n}].action", label=True)


def _action(value: object, where: str, *, label: bool = False) -> Iterator[Detail]:
    if not isinstance(value, dict):
        yield _wrong("must be specified", where)
        return
    if label or "label" in value:
        yield from _text(value.get("label"), 20, f"{where}.label")
    if value.get("type") == "message":
        yield from _text(value.get("text"), 300, f"{where}.text")
    elif value.get("type") == "uri":
        address = value.get("uri")
        if not isinstance(address, str) or len(address) > 1000 or not _ADDRESS.fullmatch(address):
            yield _wrong("invalid uri scheme or length", f"{where}.uri")
    else:
        yield _wrong("must be one of the following values: message, uri", f"{where}.type")


def _container(value: object, where: str) -> Iterator[Detail]:
    kind = value.get("type") if isinstance(value, dict) else None
    if not isinstance(value, dict) or kind not in ("bubble", "carousel"):
        yield _wrong("must be one of the following values: bubble, carousel", f"{where}.type")
        return
    limit = _BUBBLE_BYTES if kind == "bubble" else _CAROUSEL_BYTES
    if len(json.dumps(value, ensure_ascii=False).encode()) > limit:
        yield _wrong(f"must be at most {limit} bytes", where)
    if kind == "carousel":
        bubbles = value.get("contents")
        if not isinstance(bubbles, list) or not 1 <= len(bubbles) <= 12:
            yield _wrong("Size must be between 1 and 12", f"{where}.contents")
            return
        for n, bubble in enumerate(bubbles):
            yield from _container(bubble, f"{where}.contents[{n}]")
        return
    for block in ("header", "body", "footer"):
        if block in value:
            yield from _component(value[block], f"{where}.{block}")


def _component(value: object, where: str) -> Iterator[Detail]:
    if not isinstance(value, dict) or value.get("type") not in _CONTENTS:
        yield _wrong("unknown component", f"{where}.type")
        return
    if "action" in value:
        yield from _action(value["action"], f"{where}.action", label=value["type"] == "button")
    yield from _look(value, where)
    if value["type"] == "text":
        yield from _text(value.get("text"), 2000, f"{where}.text")
    elif value["type"] == "box":
        contents = value.get("contents")
        if value.get("layout") not in _LAYOUTS:
            yield _wrong("must be one of the layouts", f"{where}.layout")
        if not isinstance(contents, list):
            yield _wrong("must be specified", f"{where}.contents")
            return
        for n, part in enumerate(contents):
            yield from _component(part, f"{where}.contents[{n}]")


def _look(value: dict[str, object], where: str) -> Iterator[Detail]:
    for name, allowed in (("size", _SIZES), ("margin", _GAPS), ("spacing", _GAPS), ("weight", {"regular", "bold"})):
        if name in value and value[name] not in allowed:
            yield _wrong("invalid value", f"{where}.{name}")
    if "color" in value and not _COLOUR.fullmatch(str(value["color"])):
        yield _wrong("invalid color", f"{where}.color")
    if "wrap" in value and not isinstance(value["wrap"], bool):
        yield _wrong("must be a boolean", f"{where}.wrap")


def _text(value: object, limit: int, where: str) -> Iterator[Detail]:
    if not isinstance(value, str) or not value.strip():
        yield _wrong("May not be empty", where)
    elif len(value.encode("utf-16-le")) // 2 > limit:
        yield _wrong(f"Length must be between 0 and {limit}", where)


def _wrong(message: str, where: str) -> Detail:
    return {"message": message, "property": where}
