"""The words of every outcome and phrase in every language, read from words/*/outcomes.yaml and checked when loaded."""

from __future__ import annotations

import string
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from assistant.language.errors import WordsIncomplete, WordsMisused
from assistant.language.folders import mapping
from assistant.language.phrases import KINDS, OUTCOME_PLACEHOLDERS, PHRASE_PLACEHOLDERS, Phrase
from assistant.model import LANGUAGES, Why

NOTICE_LANGUAGES: tuple[str, ...] = ("und",)
"""What `detect` may report that we do not speak; each has one notice that says so in languages that many read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """All words of the assistant; every key is there in every language, with the right placeholders."""

    outcomes: Mapping[str, Mapping[str, str]]  # language → "why" or "why.kind" → template
    phrases: Mapping[str, Mapping[str, str]]  # language → phrase → template
    languages: Mapping[str, Mapping[str, str]]  # language → code of a language → its name
    labels: Mapping[str, str]  # why → label for staff, Japanese
    notices: Mapping[str, str]  # language that we do not speak → notice in it

    def say(self, why: Why, language: str, *, kind: str = "plain", **values: str | int) -> str:
        """The words of an outcome for residents; a kind without words of its own (see KINDS) gets the plain ones.

        Raises WordsMisused when `values` are not exactly the placeholders, or the language has no words.
        """
        key = f"{why.value}.{kind}" if kind in KINDS.get(why, ()) else why.value
        return _filled(self.outcomes, language, key, values)

    def phrase(self, phrase: Phrase, language: str, **values: str | int) -> str:
        """A label or sentence; raises WordsMisused as `say` does."""
        return _filled(self.phrases, language, phrase.value, values)

    def label(self, why: Why) -> str:
        """What staff read for an outcome, in Japanese."""
        return self.labels[why.value]

    def language_name(self, code: str, language: str) -> str:
        """The name of the language `code` in `language`; the code itself when it is not one of ours."""
        return self.languages[language].get(code, code)

    def notice(self, language: str) -> str:
        """In a language that we do not speak: that we don't, what we speak, and that staff can help; else ""."""
        return self.notices.get(language, "")


@lru_cache(maxsize=1)
def load_words() -> Words:
    """All words, read once from the package; raises WordsIncomplete naming file and key."""
    folder = files("assistant.language") / "words"
    return parse_words({code: folder / code / "outcomes.yaml" for code in LANGUAGES}, folder.parent / "notices.yaml")  # type: ignore[attr-defined]


def parse_words(per_language: Mapping[str, Traversable], notices: Traversable) -> Words:
    """Words from one file per language and one of notices; raises WordsIncomplete naming file and key."""
    outcomes: dict[str, Mapping[str, str]] = {}
    phrases: dict[str, Mapping[str, str]] = {}
    languages: dict[str, Mapping[str, str]] = {}
    labels: Mapping[str, str] = {}
    for code, file in per_language.items():
        sections = {"outcomes", "phrases", "languages"} | ({"labels"} if code == "ja" else set())
        where = f"{code}/{file.name}"
        content = _section(_read(file), sections, where)
        outcomes[code] = _outcomes(content["outcomes"], where)
        phrases[code] = _phrases(content["phrases"], where)
        languages[code] = _names(content["languages"], f"{where}: languages")
        if code == "ja":
            labels = _texts(content["labels"], [why.value for why in Why], f"{where}: labels")
    unspoken = _texts(_read(notices), NOTICE_LANGUAGES, notices.name)
    return Words(outcomes=outcomes, phrases=phrases, languages=languages, labels=labels, notices=unspoken)


def _filled(tables: Mapping[str, Mapping[str, str]], language: str, key: str, values: Mapping[str, str | int]) -> str:
    if language not in tables:
        raise WordsMisused(f"there are no words in {language!r}; use speakable() first")
    template = tables[language][key]
    wanted = placeholders(template)
    if wanted != values.keys():
        raise WordsMisused(f"{key} needs exactly the values {sorted(wanted)}")  # values may be personal: not shown
    return template.format(**values)


def placeholders(template: str) -> frozenset[str]:
    """The names in braces of a template; raises ValueError when braces do not match or a name is not plain."""
    found = set()
    for _, name, spec, conversion in string.Formatter().parse(template):
        if name is not None:
            if not name.isidentifier() or spec or conversion:
                raise ValueError("a placeholder is a plain name in braces")
            found.add(name)
    return frozenset(found)


def _outcomes(value: object, file: str) -> dict[str, str]:
    where = f"{file}: outcomes"
    entries = _section(value, {why.value for why in Why}, where)
    found: dict[str, str] = {}
    for why in Why:
        wanted = OUTCOME_PLACEHOLDERS.get(why, frozenset())
        entry, kinds = entries[why.value], KINDS.get(why, ())
        if not kinds:
            found[why.value] = _template(entry, wanted, f"{where}.{why.value}")
            continue
        for kind, text in _section(entry, {"plain", *kinds}, f"{where}.{why.value}").items():
            key = why.value if kind == "plain" else f"{why.value}.{kind}"
            found[key] = _template(text, frozenset() if kind == "goodbye" else wanted, f"{where}.{key}")
    return found


def _phrases(value: object, file: str) -> dict[str, str]:
    where = f"{file}: phrases"
    entries = _section(value, {phrase.value for phrase in Phrase}, where)
    found: dict[str, str] = {}
    for phrase in Phrase:
        wanted = PHRASE_PLACEHOLDERS.get(phrase, frozenset())
        found[phrase.value] = _template(entries[phrase.value], wanted, f"{where}.{phrase.value}")
    return found


def _names(value: object, where: str) -> dict[str, str]:
    """Names of our languages at least; a file may name more."""
    more = set(value) - set(LANGUAGES) if isinstance(value, dict) else set()
    return _texts(value, {*LANGUAGES, *more}, where)


def _texts(value: object, keys: Iterable[str], where: str) -> dict[str, str]:
    entries = _section(value, set(keys), where)
    return {key: _template(text, frozenset(), f"{where}.{key}") for key, text in entries.items()}


def _template(value: object, wanted: frozenset[str], where: str) -> str:
    if not isinstance(value, str) or not value.strip():
        raise WordsIncomplete(f"{where} must be a text")
    try:
        found = placeholders(value)
    except ValueError as exc:
        raise WordsIncomplete(f"{where}: {exc}") from exc
    if found != wanted:
        raise WordsIncomplete(f"{where}: missing {sorted(wanted - found)}, unknown {sorted(found - wanted)}")
    return value.strip()


def _section(value: object, keys: set[str], where: str) -> dict[str, object]:
    if not isinstance(value, dict) or set(value) != keys:
        found = {str(key) for key in value} if isinstance(value, dict) else set()
        raise WordsIncomplete(f"{where}: missing {sorted(keys - found)}, unknown {sorted(found - keys)}")
    return value


def _read(file: Traversable) -> object:
    return mapping(file.name, file.read_text(encoding="utf-8"))
