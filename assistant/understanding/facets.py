"""Which facts of a procedure a question asks for: the fee, what to bring, where, when, until when, who, …"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from assistant.language.folders import pattern_language
from assistant.language.folding import view
from assistant.language.patterns import PATTERN_LANGUAGES, Rules, load_rules
from assistant.model import Facet
from assistant.pii import without_marks

INTENTS: Final[tuple[str, ...]] = ("asks_for_person", "personal_case")
"""Names under `cues.intents` in cues.yaml; read by assistant.understanding.intents."""


@lru_cache(maxsize=1)
def load_cues() -> Rules:
    """The section `cues` of every cues.yaml, read once; raises PatternsInvalid naming the file and key."""
    return load_rules("cues", {"facets": tuple(facet.value for facet in Facet), "intents": INTENTS})


def facets(text: str, language: str) -> tuple[Facet, ...]:
    """The facets that a question asks for, in the order of their words; () when it asks for none in particular.

    All languages' cues are tried, those of `language` first, since residents mix languages. HOW is named only when no
    other facet is: everybody asks how.
    """
    forms = view(without_marks(text))
    own = pattern_language(language)
    found: list[tuple[int, Facet]] = []
    for facet in Facet:
        rules = sorted(load_cues()["facets"][facet.value], key=lambda rule: rule.language != own)
        spans = [span for rule in rules if applies(rule.language, own) and (span := rule.search(forms))]
        if spans:
            found.append((spans[0][0], facet))
    found.sort(key=lambda item: item[0])
    specific = tuple(facet for _, facet in found if facet is not Facet.HOW)
    return specific or tuple(facet for _, facet in found)


def applies(rule_language: str, own: str) -> bool:
    """Own language, and Japanese and English, which residents mix in; a Portuguese cue in Vietnamese means nothing."""
    return rule_language == own or rule_language in ("ja", "en") or own not in PATTERN_LANGUAGES
