"""Reads a Japanese fact as rows of the translation memory within one another: which words belong together.

Looser bindings are tried first, and the first that covers the whole text wins: a final bracket, the topic (…は), any
other row, and last what joins two things (と, または). Read the other way round, 減額の申請は修理の日から60日以内 would
be sixty days from an application. Within one binding the reading with the most literal words wins.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from assistant.language.typed import TYPED, fits

_LEVELS = 5
_TOPIC = re.compile(r"\}(?:の(?:とき|場合)|場合)?は、?(?:\{|$)|\}に(?:より|よって|応じて?)\{")
_JOINING = re.compile(r"\{[a-z]+\d?\}(?:、?(?:または|又は|もしくは|か|と|および|及び|ならびに))?(?:\{[a-z]+\d?\})?")
_ALL_STATEMENTS = re.compile("(?:まで|以内|から)$|は")
_BOUNDS = re.compile("まで|から|前|後")
_BOUND = re.compile("(?:まで|から|以内)(?:$|、|・)")
_NUMBER = re.compile(r"[\d,.][\d,.]")
_AMOUNT = re.compile("円")
_COMMA = re.compile("[、](?![^（]*）)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One pattern of the memory, cut at its slots."""

    japanese: str
    pieces: tuple[str, ...]  # literal words between the slots: one more than there are slots
    slots: tuple[str, ...]  # kind and number: x, y, n, yen2, list
    shape: re.Pattern[str]  # what a text must look like, whatever stands in the open slots
    level: int  # how tightly it binds: 0 brackets, 1 topics, 2 others, 3 joins, 4 の
    statement: bool  # says something of something, so it is no thing itself
    local: Mapping[str, str]  # language → template


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How a text was read: what it is, or the row that it fills, or several in a row."""

    score: int
    text: str
    local: Mapping[str, str] | None = None  # named as a whole
    row: Row | None = None
    slots: tuple[tuple[str, Reading], ...] = ()
    items: tuple[Reading, ...] = ()
    statement: bool = False


def shape_of(pieces: Sequence[str], slots: Sequence[str]) -> re.Pattern[str]:
    """The pattern as a regular expression: typed slots as what they take, open ones as anything."""
    taken = [TYPED.get(slot.rstrip("0123456789"), ".+") for slot in slots]
    return re.compile(re.escape(pieces[0]) + "".join(
        f"(?:{taking}){re.escape(after)}" for taking, after in zip(taken, pieces[1:], strict=True)
    ))  # fmt: skip


def level_of(japanese: str) -> int:
    """How tightly the words of a pattern bind; see Row.level."""
    plain = japanese.replace("または", "又は")
    if japanese.endswith("）") and "（{" in japanese:
        return 0
    if _TOPIC.search(plain):
        return 1
    if _JOINING.fullmatch(japanese):
        return 3
    return 4 if re.fullmatch(r"\{x\}の\{y\}", japanese) else 2


@dataclass(slots=True)
class Binder:
    """Reads one text; made anew for each, since it remembers what it has tried."""

    named: Mapping[str, Mapping[str, str]]
    rows: Mapping[int, Sequence[Row]]  # by level
    tried: dict[str, Reading | None] = field(default_factory=dict)

    def read(self, text: str) -> Reading | None:
        """The best reading of the whole text; None when there is none."""
        if text not in self.tried:
            self.tried[text] = None  # a text within itself is no reading
            self.tried[text] = self._read(text) if text else None
        return self.tried[text]

    def _read(self, text: str) -> Reading | None:
        local = self.named.get(text)
        if local is not None:
            return Reading(score=1000 * len(text), text=text, local=local)
        if fits(text):
            return Reading(score=950 * len(text), text=text)
        listed = self._statements(text)
        if listed is not None:
            return listed
        for level in range(_LEVELS):
            best: Reading | None = None
            for row in self.rows.get(level, ()):
                if row.shape.fullmatch(text):
                    for slots in self._filled(row, text, 0, 0):
                        found = _weighed(row, text, slots)
                        if best is None or found.score > best.score:
                            best = found
            if best is not None:
                return best
        return None

    def _statements(self, text: str) -> Reading | None:
        """AはBまで、CはDまで: a comma between statements binds loosest of all."""
        parts = _COMMA.split(text)
        if len(parts) < 2 or not all(_ALL_STATEMENTS.search(part.replace("または", "又は")) for part in parts):
            return None
        found = [self.read(part) for part in parts]
        kept = tuple(each for each in found if each is not None)
        if len(kept) < len(parts):
            return None
        return Reading(score=sum(each.score for each in kept), text=text, items=kept, statement=True)

    def _filled(self, row: Row, text: str, slot: int, at: int) -> Iterator[tuple[tuple[str, Reading], ...]]:
        """Every way in which the text from `at` fills the row from this slot on."""
        if slot == 0:
            if not text.startswith(row.pieces[0]):
                return
            at = len(row.pieces[0])
        if slot == len(row.slots):
            if at == len(text):
                yield ()
            return
        after = row.pieces[slot + 1]
        for end in _ends(text, at + 1, after, last=slot + 1 == len(row.slots)):
            if _NUMBER.match(text[end - 1 : end + 1]):  # never cut a number in two
                continue
            value = self._slot(row, slot, text[at:end], after)
            if value is not None:
                for rest in self._filled(row, text, slot + 1, end + len(after)):
                    yield ((row.slots[slot], value), *rest)

    def _slot(self, row: Row, slot: int, said: str, after: str) -> Reading | None:
        name = row.slots[slot]
        kind = name.rstrip("0123456789")
        if kind in TYPED:
            return Reading(score=950 * len(said), text=said) if fits(said, kind) else None
        if said.count("（") != said.count("）") or (_BOUNDS.match(after) and _BOUND.search(said)):
            return None
        if _AMOUNT.search(said) and any(each.startswith("yen") for each in row.slots):
            return None
        if kind != "list" and row.level > 1 and not self._plain(said, after):
            return None
        found = self._list(said) if kind == "list" else self.read(said)
        if found is None or (found.statement and not _takes_statements(row, slot)):
            return None
        return found

    def _plain(self, said: str, after: str) -> bool:
        """A series fills a slot only when all of it are names and a bound follows: 買った日、引っ越した日から.

        Else nobody knows how far it reaches: 本人、配偶者、カードを持つ人 are not three people with cards.
        """
        parts = _COMMA.split(said)
        if len(parts) == 1:
            return True
        return bool(_BOUNDS.match(after)) and all(part in self.named or fits(part) for part in parts)

    def _list(self, said: str) -> Reading | None:
        """Several things parted by 、, or names parted by ・ alone, which binds tighter: 土地・家屋の所有者."""
        parts = _COMMA.split(said) if _COMMA.search(said) else said.split("・")
        if len(parts) < 2 or ("、" not in said and not all(part in self.named for part in parts)):
            return self.read(said)
        items = tuple(found for part in parts if (found := self.read(part)) is not None and not found.statement)
        return Reading(score=sum(i.score for i in items), text=said, items=items) if len(items) == len(parts) else None


def _takes_statements(row: Row, slot: int) -> bool:
    """A clause is said of a topic, or stands in a bracket or before one; it is never a thing in a slot."""
    return row.level == 0 or (row.level == 1 and slot > 0)


def _weighed(row: Row, text: str, slots: tuple[tuple[str, Reading], ...]) -> Reading:
    literal = sum(map(len, row.pieces))
    score = 1000 * literal - 300 - 100 * len(slots) + sum(value.score for _, value in slots)
    if row.level == 1:
        score -= text.find("は")  # the first topic is the one
    statement = row.statement or (row.level == 0 and any(value.statement for _, value in slots))
    return Reading(score=score, text=text, row=row, slots=slots, statement=statement)


def _ends(text: str, first: int, after: str, *, last: bool) -> Iterator[int]:
    if last:
        end = len(text) - len(after)
        if end >= first and text.endswith(after):
            yield end
    elif not after:
        yield from range(first, len(text))
    else:
        at = text.find(after, first)
        while at >= 0:
            yield at
            at = text.find(after, at + 1)
