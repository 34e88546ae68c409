"""A text as sentences, with its list marks, table lines and line ends kept beside them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_LEAD = re.compile(
    r"(?:[ \t\u3000]|#{1,6}(?=[ \t])|[-*+・○◯◎●■□◆◇※▼▲](?![-*])|\d{1,2}[.．)）](?!\d)|[（(]\d{1,2}[)）]|[①-⑳])*"
)
_RULE = re.compile(r"[\s|:=-]*")  # the line under a table's head
_END = "。！？!?"
_OPEN, _CLOSE = "（「『〔［【(", "）」』〕］】)"
_BRACKET = re.compile("[（(][^（）()]*[）)]")


@dataclass(frozen=True, slots=True)
class Piece:
    """One sentence or fragment where it stands: lead + text + tail of all pieces are the text."""

    lead: str  # list mark, heading mark, cell border, blanks
    text: str  # the sentence with its full stop; empty for a blank line
    tail: str  # line end, cell border


def pieces(text: str) -> Iterator[Piece]:
    """The sentences of a text in order. A full stop in brackets ends none; each line and each cell ends one."""
    for line in text.splitlines(keepends=True):
        body = line.rstrip("\r\n\v\f\x1c\x1d\x1e\x85\u2028\u2029")
        tail = line[len(body) :]
        if _RULE.fullmatch(body):
            yield Piece(line, "", "")
        elif body.lstrip().startswith("|"):
            yield from _cells(body, tail)
        else:
            lead = match[0] if (match := _LEAD.match(body)) else ""
            yield from _sentences(lead, body[len(lead) :], tail)


def without_brackets(text: str) -> str:
    """The text without what stands in round brackets, however deep."""
    before = None
    while before != text:
        before, text = text, _BRACKET.sub("", text)
    return text


def _cells(body: str, tail: str) -> Iterator[Piece]:
    parts = re.split(r"(\s*\|\s*)", body)
    for n in range(0, len(parts), 2):
        lead = parts[n - 1] if n else ""
        last = n >= len(parts) - 2
        yield Piece(lead, parts[n], tail if last else "")


def _sentences(lead: str, body: str, tail: str) -> Iterator[Piece]:
    start = depth = 0
    for at, sign in enumerate(body):
        depth += (sign in _OPEN) - (sign in _CLOSE and depth > 0)
        ends = sign in _END and body[at + 1 : at + 2] not in (*_END, *_CLOSE)
        if ends and depth == 0 and not (sign in "!?" and body[at + 1 : at + 2].isalnum()) and body[at + 1 :].strip():
            yield Piece(lead, body[start : at + 1], "")
            lead, start = "", at + 1
    yield Piece(lead, body[start:], tail)
