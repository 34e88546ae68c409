"""言い換えの規則: hard words and turns of phrase → everyday ones, from replacements.tsv.

Columns: from, kind, to ("-": nothing), before and after (what must stand on either side; may be empty). Kinds:

suru     a noun that becomes a verb with する, できる, を行う, 後, 前, 時: to is a verb
verb     a verb: to is a verb
passive  the same in the passive, subject with が: to is a verb without object (郵送される → 郵便で届く)
state    …されている: to is a verb (記載されている → 書いてある)
noun     a noun that stands alone, not a part of a compound
lead     as noun, but it may stand before a noun;  after: it may stand behind one
mod      before の or な and a noun, or before a noun in a compound: to is ready to stand before a noun
phrase   words in a row, wherever they stand; where the last is a verb it may stand in any form
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property, lru_cache
from pathlib import Path

from assistant.language.plain.inflection import Verb, verb
from knowledge import japanese
from knowledge.glossary import rows

_NOT_BEHIND = re.compile(r"\(\?:(?:\(\?<!(?:[^()]|\([^()]*\))*\))+\)\$")  # nothing but words that must not stand before
_COLUMNS = ("from", "kind", "to", "before", "after")


class Kind(StrEnum):
    """Where a rule may be used."""

    SURU = "suru"
    VERB = "verb"
    PASSIVE = "passive"
    STATE = "state"
    NOUN = "noun"
    LEAD = "lead"
    MOD = "mod"
    AFTER = "after"
    PHRASE = "phrase"


_VERBS = frozenset({Kind.SURU, Kind.VERB, Kind.PASSIVE, Kind.STATE})
_FIRST = (Kind.STATE, Kind.PASSIVE, Kind.PHRASE, Kind.SURU, Kind.MOD)


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One replacement."""

    head: str  # what stands in the text; for a verb, what stands before it
    tail: str  # 終止形 of the verb at its end; empty when nothing inflects
    kind: Kind
    to: str
    verb: Verb | None  # what to inflects as; None when it does not
    before: re.Pattern[str] | None
    after: re.Pattern[str] | None

    @cached_property
    def opening(self) -> Verb | None:
        """The verb that the words for a noun begin with: もらう of もらっている人; None when they begin otherwise."""
        first, *rest = [*japanese.morphemes(self.to), None]
        if first is None or first.pos[0] != "動詞" or rest[0] is None:
            return None  # しくみ, 届け: a noun
        if first.pos[5].startswith("連用形") and rest[0].pos[0] not in ("動詞", "助動詞", "助詞"):
            return None  # 払い方
        return Verb("", first.lemma, first.pos[4])

    @cached_property
    def usual(self) -> bool:
        """True when the rule holds whatever stands before, or all but a few words."""
        return self.before is None or _NOT_BEHIND.fullmatch(self.before.pattern) is not None

    @property
    def hard(self) -> str:
        """The hard word as it is listed."""
        return self.head + self.tail

    def stands(self, text: str, start: int, end: int) -> bool:
        """True when what is around the place allows the rule."""
        fits = self.before is None or self.before.search(text, 0, start) is not None
        return fits and (self.after is None or self.after.match(text, end) is not None)


@lru_cache(maxsize=1)
def rules() -> tuple[Rule, ...]:
    """All our rules in order of the file. Raises ValueError that names what is wrong with a row."""
    file = Path(__file__).with_name("replacements.tsv")
    return tuple(_rule(row) for row in rows(file, _COLUMNS, may_lack=("before", "after")))


@lru_cache(maxsize=1)
def explained() -> dict[str, str]:
    """Word → what it means in a few everyday words, from explained.tsv: words that stay where no rule replaces them."""
    file = Path(__file__).with_name("explained.tsv")
    return {row["word"]: row["meaning"] for row in rows(file, ("word", "meaning"))}


@lru_cache(maxsize=1)
def by_start() -> Mapping[str, tuple[Rule, ...]]:
    """Rules by the first two characters of their head (of the verb where the head is empty), longest first."""
    found: dict[str, list[Rule]] = {}
    for rule in rules():
        found.setdefault((rule.head or rule.tail)[:2], []).append(rule)
    return {
        start: tuple(sorted(held, key=lambda r: (-len(r.hard), _rank(r.kind), r.usual)))
        for start, held in found.items()
    }


@lru_cache(maxsize=1)
def by_word() -> Mapping[str, Mapping[Kind, Rule]]:
    """Hard word → its rules that hold wherever it stands, by kind."""
    found: dict[str, dict[Kind, Rule]] = {}
    for rule in rules():
        if rule.usual and rule.after is None and rule.to:
            found.setdefault(rule.hard, {}).setdefault(rule.kind, rule)
    return found


def _rank(kind: Kind) -> int:
    return _FIRST.index(kind) if kind in _FIRST else len(_FIRST)


def suggestion(lemma: str) -> str:
    """What our rules would write for a hard word; empty when they have nothing."""
    fitting = (rule for rule in by_start().get(lemma[:2], ()) if rule.hard == lemma and rule.to)
    return next((rule.to for rule in fitting if rule.kind not in (Kind.PASSIVE, Kind.STATE)), "")


def _rule(row: dict[str, str]) -> Rule:
    kind, hard = Kind(row["kind"]), row["from"]
    to = "" if row["to"] == "-" else row["to"]
    inflects = verb(hard) if kind in (Kind.VERB, Kind.PASSIVE, Kind.PHRASE) else None
    target = verb(to) if kind in _VERBS or inflects else None
    if kind in _VERBS and target is None:
        raise ValueError(f"replacements.tsv: {hard} {kind} needs a verb, and {to} is none")
    if target is None:
        inflects = None
    return Rule(
        head=inflects.lead if inflects else hard, tail=inflects.lemma if inflects else "", kind=kind, to=to,
        verb=target, before=re.compile(f"(?:{row['before']})$") if row["before"] else None,
        after=re.compile(row["after"]) if row["after"] else None,
    )  # fmt: skip
