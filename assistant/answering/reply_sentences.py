"""A reply of a language model as sentences, each with the passages that it cites."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_MARKER = (
    r"(?:\[\s*\^?\d{1,4}(?:\s*[,、;]\s*\^?\d{1,4}){0,8}\s*\]"
    r"|[【［]\s*\d{1,4}(?:\s*[,、]\s*\d{1,4}){0,8}\s*[】］])"
)
_MARKERS = re.compile(rf"\s*{_MARKER}")
_LEADING = re.compile(rf"(?:\s*{_MARKER})+")
_TRAILING = re.compile(rf"[」』）)”\"’']*(?:\s*{_MARKER})*")
_BULLET = re.compile(r"(?:[-*•‣▪●○◦](?=\s)|・|(\d{1,2}[.)．](?=\s|[^\x00-\x7f])|[(（]\d{1,2}[)）]|[①-⑳]))\s*")
_FURNITURE = re.compile(r"^(?:```\w*|~~~\w*|[-*_=]{3,}|\|?[\s|:-]*\|[\s|:-]*)$")
_EMPHASIS = re.compile(r"\*\*|__|`|^#{1,6}\s+")
_NO_END = re.compile(
    r"(?:\b(?:no|nos|art|arts|mr|mrs|ms|dr|st|vs|e\.g|i\.e|approx|tel|sr|sra|av|tp|ext|p|q|fig|min|max|núm)|\b[a-z])$",
    re.IGNORECASE,
)
_THAI = re.compile("[\u0e00-\u0e7f]$")  # Thai has no full stop, but พ.ศ. and น.
_HALF_DAY = re.compile(r"\b[ap]\.m$|\b[ap]m$", re.IGNORECASE)
_OPEN, _CLOSE = "「『（(", "」』）)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """One sentence or list line of a reply."""

    line: int  # ordinal of its line, from 0
    lead: str  # what opens the line: "- ", "・", "1. " for every numbered item, or ""
    text: str  # without markers and emphasis
    markers: tuple[int, ...]  # as written, each once
    heading: bool  # ends with a colon and cites nothing itself

    @property
    def ordered(self) -> bool:
        """True for an item of a numbered list."""
        return self.lead == "1. "


def split_reply(reply: str) -> tuple[Sentence, ...]:
    """The reply's sentences in order; markers belong to the sentence that they close or stand in.

    Marks such as [1], [1, 2], 【1】 and ［１］ are read. Bullets and numbers open an item and are no part of its text.
    Splitting what `joined` puts together gives the same sentences again. Never raises.
    """
    found: list[Sentence] = []
    for line, raw in enumerate(reply.replace("\r\n", "\n").replace("\r", "\n").split("\n")):
        marks = _LEADING.match(raw)
        lead, body = _lead(raw[marks.end() :] if marks else raw)
        if not body:
            continue
        for part in _parts((marks[0] if marks else "") + body):
            text, markers = _without_markers(part)
            if any(map(str.isalnum, text)):
                heading = text.endswith((":", "：")) and not markers
                found.append(Sentence(line=line, lead=lead, text=text, markers=markers, heading=heading))
            elif markers and found and found[-1].line == line:
                last = found[-1]
                held = tuple(dict.fromkeys((*last.markers, *markers)))
                found[-1] = Sentence(line=line, lead=lead, text=last.text, markers=held, heading=False)
                continue
            lead = ""
    return tuple(found)


def joined(sentences: list[tuple[Sentence, tuple[int, ...]]]) -> str:
    """The sentences as text again, each with the markers given; numbered items are counted anew."""
    lines: list[str] = []
    before, count = -1, 0
    for sentence, markers in sentences:
        marks = "".join(f"[{n}]" for n in markers)
        words = f"{sentence.text} {marks}".rstrip()
        if sentence.line == before:
            lines[-1] += f" {words}"
            continue
        count = count + 1 if sentence.ordered else 0 if sentence.lead == "" else count
        lines.append((f"{count}. " if sentence.ordered else sentence.lead) + words)
        before = sentence.line
    return "\n".join(lines)


def numbered(sentences: Sequence[Sentence]) -> list[list[int]]:
    """The sentences of each numbered list, further sentences of an item among them."""
    groups: list[list[int]] = []
    inside = False
    for at, sentence in enumerate(sentences):
        goes_on = inside and sentence.line == sentences[at - 1].line
        if sentence.ordered and not inside:
            groups.append([])
        inside = sentence.ordered or goes_on
        if inside:
            groups[-1].append(at)
    return groups


def items(sentences: Sequence[Sentence], heading: int) -> list[int]:
    """The list lines under a heading, or the one sentence that follows it."""
    found: list[int] = []
    for at in range(heading + 1, len(sentences)):
        if sentences[at].heading or (found and not sentences[at].lead and sentences[at].line != sentences[at - 1].line):
            break
        found.append(at)
        if not sentences[heading + 1].lead:
            break
    return found


def _lead(line: str) -> tuple[str, str]:
    """What opens the line, and the rest without emphasis."""
    line = _plain(line)
    if _FURNITURE.match(line):
        return "", ""
    match = _BULLET.match(line)
    if match is None:
        return "", line
    lead = "1. " if match[1] else "・" if match[0].startswith("・") else "- "
    return lead, line[match.end() :].strip()


def _plain(line: str) -> str:
    previous = None
    while line != previous:  # '**' may leave a new '**'
        previous = line
        line = _EMPHASIS.sub("", line).strip()
    return line


def _parts(body: str) -> list[str]:
    """The line cut after each sentence's end, closing brackets and markers."""
    parts, start, at = [], 0, 0
    for match in re.finditer(r"[。！？!?.।။]+", body):
        if match.start() < at or not _ends(body, start, match):
            continue
        at = _TRAILING.match(body, match.end()).end()  # type: ignore[union-attr]  # the pattern matches nothing, too
        parts.append(body[start:at])
        start = at
    parts.append(body[start:])
    return [part for part in parts if part.strip()]


def _ends(body: str, start: int, match: re.Match[str]) -> bool:
    before, sign = body[start : match.start()], match[0][-1]
    if sum(map(before.count, _OPEN)) > sum(map(before.count, _CLOSE)):
        return False
    if sign in "。！？।။":
        return True
    if _MARKERS.match(body, match.end()):
        return True
    rest = body[match.end() :]
    closed = rest.lstrip("」』）)”\"’'")
    if closed and not closed[0].isspace() and closed[0].isascii():
        return False
    if sign == "." and _THAI.search(before):
        return False
    if sign == "." and (_NO_END.search(before) and not _HALF_DAY.search(before)):
        return False
    following = closed.lstrip()[:1]
    return not (sign == "." and following.islower())


def _without_markers(part: str) -> tuple[str, tuple[int, ...]]:
    """The words and the numbers of the markers; taking one out may make another, so until none is left."""
    numbers: list[int] = []
    previous = None
    while part != previous:
        previous = part
        for match in _MARKERS.finditer(part):
            numbers.extend(int(digits) for digits in re.findall(r"\d+", match[0]))
        part = _plain(" ".join(_MARKERS.sub("", part).split()))
        part = _BULLET.sub("", part) if _BULLET.match(part) else part
    return part, tuple(dict.fromkeys(numbers))
