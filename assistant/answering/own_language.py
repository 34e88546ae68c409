"""A Japanese text's facts in the asker's language, with the Japanese and its plain version below.

For texts that have no version in that language, when no language model translates: what the memory and the glossary
cover wholly is said in the asker's language; the rest stays Japanese beside the local names of its official terms.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from assistant.answering.draft import Draft
from assistant.answering.extractive import FACT_OF, ORDER, SHORT, Material, fact_lines, fact_values, specific_sentence
from assistant.answering.sentences import leading_sentences
from assistant.language.phrases import Phrase
from assistant.model import Answer
from knowledge.citing import article_name
from knowledge.glossary.finding import finder
from knowledge.passage import Facts, Kind, Passage

_LISTED = 8  # values of one fact
_GLOSSES = 3  # local names beside a value that stays Japanese
_TEXT_CHARS = 360
_INNER = re.compile("（([^（）]+)）")
_LABELS = {
    "who": Phrase.WHO, "deadline": Phrase.DEADLINE, "where": Phrase.WHERE, "bring": Phrase.BRING, "fee": Phrase.FEE,
    "when": Phrase.WHEN, "online": Phrase.ONLINE, "phone": Phrase.PHONE,
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Tongue:
    """The asker's language."""

    language: str
    render: Callable[[str], str | None]  # a Japanese fact in it; None: not known wholly
    phrase: Callable[[Phrase], str]
    plain: Callable[[str], str]  # Japanese text → plain Japanese with readings


def in_own_language(material: Material, tongue: Tongue) -> Answer:
    """The answer; `material` is of the Japanese version. Every line of facts cites the Japanese that it says."""
    head = material.document[0] if material.document else material.best
    draft = Draft(language=tongue.language)
    draft.add(tongue.phrase(Phrase.RENDERED))
    draft.add("")
    draft.add(both_titles(head.title, tongue.language, tongue.render))
    below = _facts(draft, material, head, head.facts, tongue) if head.facts else _quoted(draft, material)
    draft.add("")
    _japanese(draft, below, tongue)
    return draft.answer(material.confidence)


def _facts(draft: Draft, material: Material, head: Passage, facts: Facts, tongue: Tongue) -> list[str]:
    """The fact lines asked for, or the main ones; returns the Japanese that stands below."""
    asked = [FACT_OF[facet] for facet in material.facets if facet in FACT_OF]
    stated = [name for name in asked if fact_values(facts, name)]
    if asked and not stated:
        draft.add(material.not_stated(fact=tongue.phrase(_LABELS[asked[0]])))
    for name in stated:
        _fact(draft, head, facts, name, fact_lines(head, name), tongue)
    block = "\n".join(line for line in head.text.split("\n") if line.strip())
    if stated:
        draft.add("")
    for name in [name for name in (SHORT if asked else ORDER) if name not in stated]:
        _fact(draft, head, facts, name, block if block in head.text else head.text, tongue)
    below = [line for name in stated for line in fact_lines(head, name).split("\n")]
    found = specific_sentence(material, head)
    if found is not None:
        passage, quote = found
        below.append(quote.strip() + draft.cite(passage, quote))
    return below or ([facts.summary] if facts.summary else [])


def _fact(draft: Draft, head: Passage, facts: Facts, name: str, quote: str, tongue: Tongue) -> None:
    values = fact_values(facts, name)
    if not values:
        return
    marker = draft.cite(head, quote)
    shown = [_value(value, tongue) for value in values[:_LISTED]]
    label = tongue.phrase(_LABELS[name])
    if len(shown) == 1:
        draft.add(f"{label}: {shown[0]}{marker}")
        return
    draft.add(f"{label}:{marker}")
    for each in shown:
        draft.add(f"・{each}")


def _value(value: str, tongue: Tongue) -> str:
    rendered = tongue.render(value)
    if rendered is not None:
        return rendered
    glosses = _glosses(value, tongue.language)
    return f"{value} ({glosses})" if glosses else value


def both_titles(title: str, language: str, render: Callable[[str], str | None]) -> str:
    """A Japanese title behind its name in that language; alone where it has none."""
    local = local_title(title, language, render)
    if not local:
        return title
    inner = _INNER.search(title)
    if inner is not None and inner[1] in local:  # 転居届 stands in the local name already
        title = title.removesuffix(inner[0])
    return f"{local}（{title}）"


def local_title(title: str, language: str, render: Callable[[str], str | None]) -> str:
    """A Japanese title in that language: whole, or by what stands in its bracket, or by its first official term."""
    inner = _INNER.search(title)
    whole = render(title) or (render(inner[1]) if inner else None)
    return whole or _glosses(title, language, most=1)


def _glosses(text: str, language: str, most: int = _GLOSSES) -> str:
    """`term = local name` of the official terms in a Japanese text."""
    found = [(form, dict(term.local).get(language)) for form, term in finder().find(text)]
    named = [f"{form} = {local[0]}" if most > 1 else local[0] for form, local in found if local]
    return "; ".join(named[:most])


def _quoted(draft: Draft, material: Material) -> list[str]:
    """The text around what fits best, of a page, an FAQ or an article."""
    best = material.best
    quote = best.text if len(best.text) <= _TEXT_CHARS else leading_sentences(best.text, _TEXT_CHARS)
    named = article_name(best) if best.kind is Kind.LAW else ""
    return [*([named] if named else []), quote.strip() + draft.cite(best, quote)]


def _japanese(draft: Draft, lines: list[str], tongue: Tongue) -> None:
    if not lines:
        return
    if not tongue.language.startswith("ja"):
        draft.add(f"{tongue.phrase(Phrase.PLAIN_JAPANESE)}:")
        for line in lines:
            draft.add(tongue.plain(_unmarked(line)))
        draft.add("")
    draft.add(f"{tongue.phrase(Phrase.JAPANESE_TEXT)}:")
    for line in lines:
        draft.add(line)


def _unmarked(line: str) -> str:
    return line.rpartition(" [")[0] if line.endswith("]") and " [" in line else line
