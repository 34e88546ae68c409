"""Patterns per language, read from YAML: what to find, and in which surroundings not to.

A file maps group → name → language → {find: [regex], unless: [regex], surely: [regex]}; only `find` is required.
`unless` anywhere in the message silences `find`, but `surely` only in the same sentence. Patterns are in lower case.
Japanese and Chinese are compared without spaces and furigana; the other languages with single spaces, each pattern
beginning at a word's beginning. Vietnamese and Portuguese patterns are written with accents and also find messages
typed without any.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files

import yaml

from assistant.language.errors import PatternsInvalid
from assistant.language.folding import View, unaccented

PATTERN_LANGUAGES: tuple[str, ...] = ("ja", "en", "zh", "vi", "pt")
"""Languages of patterns: `ja` also serves ja-x-easy, `zh` all Chinese, `pt` pt-BR."""

_TIGHT = frozenset({"ja", "zh"})
_BARE = frozenset({"vi", "pt"})
_SENTENCE = re.compile("[^。！？!?.]+")
Pattern = re.Pattern[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Patterns:
    """What to find, what silences it, and what only the same sentence can silence."""

    find: Pattern
    unless: Pattern | None
    surely: Pattern | None

    def search(self, text: str) -> tuple[int, int] | None:
        """Where they match in a folded text; None when they do not, or are silenced."""
        match = self.find.search(text)
        if match is not None and not (self.unless and self.unless.search(text)):
            return match.span()
        for sentence in _SENTENCE.finditer(text) if self.surely else ():
            certain = self.surely.search(sentence[0]) if self.surely else None
            if certain is not None and not (self.unless and self.unless.search(sentence[0])):
                return sentence.start() + certain.start(), sentence.start() + certain.end()
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One name in one language, with its patterns as written and without accents."""

    name: str
    language: str
    accented: Patterns
    bare: Patterns  # for messages typed without any accents

    def search(self, view: View) -> tuple[int, int] | None:
        """Where in the unfolded text the rule matches (end exclusive); None when it does not."""
        folded = view.tight if self.language in _TIGHT else view.spaced
        bare = self.language in _BARE and not view.accented
        span = (self.bare if bare else self.accented).search(folded.text)
        return folded.span(*span) if span else None


Rules = Mapping[str, Mapping[str, tuple[Rule, ...]]]
"""group → name → one rule per language."""


def load_rules(package: str, file: str, groups: Mapping[str, Sequence[str]]) -> Rules:
    """The rules of a YAML file inside a package; every group, name and language is there and every pattern compiles.

    Raises PatternsInvalid naming the file and key.
    """
    parsed: object = yaml.safe_load((files(package) / file).read_text(encoding="utf-8"))
    rules: dict[str, dict[str, tuple[Rule, ...]]] = {}
    for group, names in groups.items():
        per_name = _mapping(_mapping(parsed, file, groups.keys())[group], f"{file}: {group}", names)
        rules[group] = {name: _rules(per_name[name], name, f"{file}: {group}.{name}") for name in names}
    return rules


def parse_rules(entry: object, where: str) -> tuple[Rule, ...]:
    """One rule per language from language → {find, unless, surely}; raises PatternsInvalid naming `where`."""
    return _rules(entry, where, where)


def _rules(entry: object, name: str, where: str) -> tuple[Rule, ...]:
    languages = _mapping(entry, where, PATTERN_LANGUAGES)
    return tuple(_rule(languages[code], name, code, f"{where}.{code}") for code in PATTERN_LANGUAGES)


def _rule(entry: object, name: str, language: str, where: str) -> Rule:
    if not isinstance(entry, dict) or not set(entry) <= {"find", "unless", "surely"} or "find" not in entry:
        raise PatternsInvalid(f"{where} needs `find` and may have `unless` and `surely`, nothing else")
    lists = {key: _strings(entry.get(key, []), f"{where}.{key}") for key in ("find", "unless", "surely")}
    if not lists["find"]:
        raise PatternsInvalid(f"{where}.find is empty")
    bare = {key: [unaccented(pattern) for pattern in patterns] for key, patterns in lists.items()}
    lead = "" if language in _TIGHT else r"(?:\b|(?=\W))"  # a sign such as <| needs no word's beginning
    return Rule(
        name=name, language=language, accented=_patterns(lists, lead, where), bare=_patterns(bare, lead, where)
    )  # fmt: skip


def _patterns(lists: Mapping[str, Sequence[str]], lead: str, where: str) -> Patterns:
    optional = {key: _compile(lists[key], lead, where) if lists[key] else None for key in ("unless", "surely")}
    return Patterns(find=_compile(lists["find"], lead, where), unless=optional["unless"], surely=optional["surely"])


def _compile(patterns: Sequence[str], lead: str, where: str) -> Pattern:
    try:
        return re.compile("|".join(f"(?:{'' if p.startswith('^') else lead}(?:{p}))" for p in patterns))
    except re.error as exc:
        raise PatternsInvalid(f"{where} has a pattern that can't be read: {exc}") from exc


def _mapping(value: object, where: str, keys: Iterable[str]) -> dict[str, object]:
    wanted = set(keys)
    if not isinstance(value, dict) or set(value) != wanted:
        found = set(value) if isinstance(value, dict) else set()
        raise PatternsInvalid(f"{where}: missing {sorted(wanted - found)}, unknown {sorted(map(str, found - wanted))}")
    return value


def _strings(value: object, where: str) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise PatternsInvalid(f"{where} must be a list of patterns")
    return value
