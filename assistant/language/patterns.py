"""Patterns per language, read from words/*/cues.yaml: what to find, and in which surroundings not to.

A section of that file maps group → name → {find: [regex], unless: [regex], surely: [regex]}; only `find` is required.
`unless` anywhere in the message silences `find`, but `surely` only in the same sentence. Patterns are in lower case.
Languages without spaces between words (`spaced: false` in formats.yaml), and Korean, where they come and go, are
compared without spaces and furigana; the others with single spaces, each pattern beginning at a word's beginning.
Patterns of languages with `accents_dropped` are written with accents and also find messages typed without any.
Chinese patterns see traditional characters as simplified ones.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from assistant.language.errors import PatternsInvalid, WordsIncomplete
from assistant.language.folders import PATTERN_FOLDERS, part
from assistant.language.folding import View, unaccented
from assistant.language.formats import formats

PATTERN_LANGUAGES: tuple[str, ...] = tuple(PATTERN_FOLDERS)
"""Languages of patterns: `ja` also serves ja-x-easy, `zh` all Chinese, `pt` pt-BR."""

_SENTENCE = re.compile("[^。！？!?.။।]+")
_JOINERS = dict.fromkeys((0x200C, 0x200D))
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
class Writing:
    """How texts of a language are compared with its patterns."""

    tight: bool  # without spaces
    accents_dropped: bool
    letters: Pattern | None  # a text without any of these is not in this language


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One name in one language, with its patterns as written and without accents."""

    name: str
    language: str
    writing: Writing
    accented: Patterns
    bare: Patterns  # for messages typed without any accents

    def search(self, view: View) -> tuple[int, int] | None:
        """Where in the unfolded text the rule matches (end exclusive); None when it does not."""
        if self.writing.letters is not None and self.writing.letters.search(view.tight.text) is None:
            return None
        folded = view.simplified if self.language == "zh" else view.tight if self.writing.tight else view.spaced
        bare = self.writing.accents_dropped and not view.accented
        span = (self.bare if bare else self.accented).search(folded.text)
        return folded.span(*span) if span else None


Rules = Mapping[str, Mapping[str, tuple[Rule, ...]]]
"""group → name → one rule per language."""


@cache
def writing(language: str) -> Writing:
    """How texts in this language of patterns are compared."""
    found = formats(PATTERN_FOLDERS[language])
    return Writing(
        tight=not found.spaced, accents_dropped=found.accents_dropped,
        letters=re.compile(found.letters) if found.letters else None,
    )  # fmt: skip


def sections(name: str) -> dict[str, object]:
    """language of patterns → what its cues.yaml holds under this name. Raises PatternsInvalid when it is missing."""
    found: dict[str, object] = {}
    for language, folder in PATTERN_FOLDERS.items():
        try:
            found[language] = part(folder, "cues")[name]
        except (KeyError, WordsIncomplete) as exc:
            raise PatternsInvalid(f"words/{folder}/cues.yaml: {name} is missing") from exc
    return found


def load_rules(name: str, groups: Mapping[str, Sequence[str]]) -> Rules:
    """The rules of one section of every cues.yaml; each group, name and language is there and each pattern compiles.

    Raises PatternsInvalid naming the file and key.
    """
    held = {language: _mapping(entry, f"{language}: {name}", groups) for language, entry in sections(name).items()}
    return {
        group: _named({code: entry[group] for code, entry in held.items()}, f"{name}.{group}", names)
        for group, names in groups.items()
    }


def load_named(name: str, names: Sequence[str]) -> Mapping[str, tuple[Rule, ...]]:
    """As `load_rules`, of a section that has names without groups."""
    return _named(sections(name), name, names)


def _named(held: Mapping[str, object], where: str, names: Sequence[str]) -> dict[str, tuple[Rule, ...]]:
    found = {code: _mapping(entry, f"{code}: {where}", names) for code, entry in held.items()}
    return {
        each: tuple(_rule(entry[each], each, code, f"{code}: {where}.{each}") for code, entry in found.items())
        for each in names
    }


def parse_rules(entry: object, where: str) -> tuple[Rule, ...]:
    """One rule per language from language → {find, unless, surely}, in any of our languages, Japanese at least.

    Raises PatternsInvalid naming `where`.
    """
    if not isinstance(entry, dict) or "ja" not in entry or not set(entry) <= set(PATTERN_LANGUAGES):
        raise PatternsInvalid(f"{where} needs patterns in ja, and may have them in {', '.join(PATTERN_LANGUAGES)}")
    return tuple(_rule(entry[code], where, code, f"{where}.{code}") for code in PATTERN_LANGUAGES if code in entry)


def _rule(entry: object, name: str, language: str, where: str) -> Rule:
    if not isinstance(entry, dict) or not set(entry) <= {"find", "unless", "surely"} or "find" not in entry:
        raise PatternsInvalid(f"{where} needs `find` and may have `unless` and `surely`, nothing else")
    lists = {key: _strings(entry.get(key, []), f"{where}.{key}") for key in ("find", "unless", "surely")}
    if not lists["find"]:
        raise PatternsInvalid(f"{where}.find is empty")
    kind = writing(language)
    lead = "" if kind.tight else r"(?:\b|(?=\W))"  # a sign such as <| needs no word's beginning
    accented = bare = _patterns(lists, lead, where)
    if kind.accents_dropped:
        bare = _patterns({key: [unaccented(pattern) for pattern in held] for key, held in lists.items()}, lead, where)
    return Rule(name=name, language=language, writing=kind, accented=accented, bare=bare)


def _patterns(lists: Mapping[str, Sequence[str]], lead: str, where: str) -> Patterns:
    optional = {key: _compile(lists[key], lead, where) if lists[key] else None for key in ("unless", "surely")}
    return Patterns(find=_compile(lists["find"], lead, where), unless=optional["unless"], surely=optional["surely"])


def _compile(patterns: Sequence[str], lead: str, where: str) -> Pattern:
    try:
        return re.compile("|".join(f"(?:{'' if p.startswith('^') else lead}(?:{p}))" for p in map(folded, patterns)))
    except re.error as exc:
        raise PatternsInvalid(f"{where} has a pattern that can't be read: {exc}") from exc


def folded(pattern: str) -> str:
    """The pattern with its letters as `folding.fold` leaves those of a text; signs that a pattern is made of stay."""
    return "".join(map(_folded, pattern)).translate(_JOINERS)


def _folded(letter: str) -> str:
    """A full-width question mark must not become an ASCII one, which means something in a pattern."""
    plain = unicodedata.normalize("NFKC", letter)
    return letter if any(each.isascii() for each in plain) else plain


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
