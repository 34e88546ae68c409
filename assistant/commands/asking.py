"""`madoguchi ask`: one turn in the terminal."""

from __future__ import annotations

import argparse
import json
import uuid

from assistant.bootstrap import build
from assistant.demo import load_when_empty
from assistant.message import Payload
from assistant.model import Channel, Turn
from assistant.settings import read_settings


def ask(chosen: argparse.Namespace) -> int:
    """Answer one question; loads the demo town first when the database is empty."""
    system = build(read_settings())
    try:
        load_when_empty(system)
        system.ensure_indexes()
        code = chosen.town or system.default_town()
        id_, token = system.start(code, chosen.lang, Channel.API)
        conversation = system.conversations.authorised(id_, token)
        turn = Turn(
            id=uuid.uuid4().hex, conversation=id_, town=code, text=chosen.question, language=chosen.lang,
            channel=Channel.API, at=system.clock(),
        )  # fmt: skip
        message = system.receive(turn, conversation)
    finally:
        system.close()
    print(json.dumps(message, ensure_ascii=False, indent=1) if chosen.json else in_words(message))
    return 0


def in_words(message: Payload) -> str:
    """The message as a terminal shows it: text, choices, sources."""
    lines = [str(message["text"])]
    for choice in _items(message, "choices"):
        lines.append(f"  > {choice['label']}")
    citations = _items(message, "citations")
    if citations:
        lines.append("")
    for c in citations:
        path = " ".join(str(part) for part in c["path"]) if isinstance(c["path"], list) else ""
        dated = f" ({c['as_of']})" if c["as_of"] else ""
        lines.append(f"[{c['n']}] {c['title']} {path}{dated} {c['url']}".replace("  ", " "))
    return "\n".join(lines)


def _items(message: Payload, key: str) -> list[dict[str, object]]:
    value = message[key]
    return value if isinstance(value, list) else []
