"""The demo city's guides as training pairs and as a test: 15 % of their questions are held back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from knowledge.embedding.pair import Pair, Source, held_back


@dataclass(frozen=True, slots=True, kw_only=True)
class GuideText:
    """What the embedding needs of one guide in one language."""

    id: str
    language: str  # BCP-47
    title: str
    questions: tuple[str, ...]
    summary: str
    facts: str  # the other facts, one a line
    sections: tuple[str, ...]  # heading and text

    @property
    def passage(self) -> str:
        """Title, summary and facts: what stands for the guide in a search."""
        return f"{self.title}\n{self.summary}\n{self.facts}"


def read_guides(root: Path) -> list[GuideText]:
    """All readable guides under root/LANGUAGE/ID.md, by language and id; a file without front matter is left out."""
    found = (read_guide(path) for path in sorted(root.glob("*/*.md")))
    return [guide for guide in found if guide is not None]


def read_guide(path: Path) -> GuideText | None:
    """One guide, or None when the file has no YAML front matter with an id and a title."""
    parts = path.read_text(encoding="utf-8").split("---\n", 2)
    if len(parts) < 3:
        return None
    head = yaml.safe_load(parts[1])
    if not isinstance(head, dict) or not head.get("id") or not head.get("title"):
        return None
    facts = [head.get("who"), head.get("deadline"), *_lines(head.get("where")), *_lines(head.get("bring"))]
    sections = tuple(section.strip() for section in f"\n{parts[2]}".split("\n## ") if section.strip())
    return GuideText(
        id=str(head["id"]),
        language=path.parent.name,
        title=str(head["title"]),
        questions=tuple(str(question) for question in _lines(head.get("questions"))),
        summary=str(head.get("summary") or ""),
        facts="\n".join(str(fact) for fact in facts if fact),
        sections=sections,
    )


def guide_pairs(guides: list[GuideText], *, share: float = 0.15) -> Iterator[Pair]:
    """Questions with title, passage and sections, and each translation's texts with the Japanese ones.

    Of the questions, the `share` that `questions_held_back` tells is left out, in every language.
    """
    japanese = {guide.id: guide for guide in guides if guide.language == "ja"}
    for guide in guides:
        source = japanese.get(guide.id, guide)
        kept = [question for n, question in enumerate(guide.questions) if not held_back(guide.id, str(n), share=share)]
        for left, right in [*_own(guide, kept), *_across(guide, source, kept)]:
            yield Pair(left=left, right=right, group=guide.id, source=Source.GUIDE)


def questions_held_back(guides: list[GuideText], *, share: float = 0.15) -> list[tuple[GuideText, str]]:
    """The questions that training never saw, each with its guide; the n-th question of an id in all languages alike."""
    return [
        (guide, question)
        for guide in guides
        for n, question in enumerate(guide.questions)
        if held_back(guide.id, str(n), share=share)
    ]


def pairs_without(pairs: Iterable[Pair], texts: set[str]) -> list[Pair]:
    """The pairs that hold none of these texts: a held-back question may stand in another guide or list as well."""
    return [pair for pair in pairs if pair.left not in texts and pair.right not in texts]


def _own(guide: GuideText, questions: list[str]) -> Iterator[tuple[str, str]]:
    for question in questions:
        yield question, guide.title
        yield question, guide.passage
        yield question, f"{guide.title}\n{guide.summary}"
        for section in guide.sections:
            yield question, f"{guide.title}\n{section}"
    for section in guide.sections:
        yield guide.title, section
    yield guide.title, guide.summary
    yield guide.summary, guide.facts or guide.title


def _across(guide: GuideText, source: GuideText, questions: list[str]) -> Iterator[tuple[str, str]]:
    if guide is source:
        return
    for question in questions:
        yield question, source.title
        yield question, source.passage
        yield question, f"{source.title}\n{source.summary}"
    yield guide.title, source.title
    yield guide.summary, source.summary
    yield guide.facts, source.facts
    if len(guide.sections) == len(source.sections):
        yield from zip(guide.sections, source.sections, strict=True)


def _lines(value: object) -> list[object]:
    return value if isinstance(value, list) else []
