"""The words of one language: a folder words/CODE/ of YAML files, one for each kind of words.

words/README.md says what each file holds and how a language is added.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Final

import yaml

from assistant.language.errors import WordsIncomplete
from assistant.model import LANGUAGES


def pattern_language(language: str) -> str:
    """The language whose patterns serve this one: `ja` for ja-x-easy, `zh` for all Chinese, `pt` for pt-BR."""
    return language.split("-", 1)[0]


PATTERN_FOLDERS: Final[Mapping[str, str]] = {
    base: next(code for code in LANGUAGES if pattern_language(code) == base)
    for base in dict.fromkeys(map(pattern_language, LANGUAGES))
}
"""Language of patterns → the language whose folder holds them."""

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml reads fourteen folders in a fifth of the time


@cache
def part(language: str, name: str) -> dict[str, object]:
    """What words/LANGUAGE/NAME.yaml holds. Raises WordsIncomplete when it is missing or no YAML mapping."""
    file = files("assistant.language") / "words" / language / f"{name}.yaml"
    return mapping(file.name, file.read_text(encoding="utf-8") if file.is_file() else "", f"words/{language}/")


def has_part(language: str, name: str) -> bool:
    """True when the language has a file of that name: cues of plain Japanese are those of Japanese."""
    return (files("assistant.language") / "words" / language / f"{name}.yaml").is_file()


def mapping(name: str, text: str, where: str = "") -> dict[str, object]:
    """The mapping that a YAML text holds. Raises WordsIncomplete when it is missing or none."""
    try:
        parsed: object = yaml.load(text, Loader=_LOADER)
    except yaml.YAMLError as exc:
        raise WordsIncomplete(f"{where}{name} is no valid YAML") from exc
    if not isinstance(parsed, dict):
        raise WordsIncomplete(f"{where}{name} is missing or holds no keys")
    return parsed


def in_all(name: str) -> dict[str, dict[str, object]]:
    """language → what its file of that name holds, in all our languages."""
    return {language: part(language, name) for language in LANGUAGES}
