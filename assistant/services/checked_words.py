"""Words of the services in every language, read from their folders and checked against what is wanted."""

from __future__ import annotations

from collections.abc import Mapping

from assistant.language.folders import in_all
from assistant.language.words import placeholders
from assistant.services.errors import CatalogueInvalid


def checked_words(name: str, wanted: Mapping[str, frozenset[str]]) -> Mapping[str, Mapping[str, str]]:
    """language → key → template of words/LANGUAGE/`name`.yaml; `wanted` is key → its placeholders.

    Raises CatalogueInvalid naming what is missing, not wanted or has other placeholders.
    """
    return {language: _checked(f"{language}/{name}", words, wanted) for language, words in in_all(name).items()}


def _checked(file: str, words: Mapping[str, object], wanted: Mapping[str, frozenset[str]]) -> dict[str, str]:
    for key in set(wanted) | set(words):
        if key not in words or key not in wanted or placeholders(str(words[key])) != wanted[key]:
            raise CatalogueInvalid(f"words/{file}.yaml: {key} is missing, unknown or wrong")
    return {key: str(text) for key, text in words.items()}
