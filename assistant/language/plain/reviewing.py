"""書く人への助言: how easy a guide is, and for each place what to do, ready for the draft's page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from assistant.curation.versions import LABELS
from assistant.language.plain.explaining import meanings
from assistant.language.plain.guides import texts_of
from assistant.language.plain.rewriting import Plain, plain
from assistant.language.plain.rules import suggestion
from assistant.language.plain.score import Finding, Kind, Score, score
from assistant.language.plain.word import words
from knowledge.passage import Document

_ADVICE = {
    Kind.LONG: "文が長いです（{n}文字）。一つの文に一つのことだけを書いてください。",
    Kind.HARD: "「{text}」は難しい言葉です。やさしい言葉にするか、意味を書いてください。",
    Kind.OFFICIAL: "「{text}」は役所の言葉です。残すときは、すぐ後に意味を書いてください。",
    Kind.LOAN: "「{text}」は外来語です。ほかの言葉にするか、意味を書いてください。",
    Kind.PASSIVE: "「{text}」は受け身か使役です。だれがするかを主語にして書いてください。",
    Kind.HONORIFIC: "「{text}」は敬語です。「です」「ます」「てください」だけにしてください。",
    Kind.DOUBLE_NEGATION: "「{text}」は「ない」が二つあります。できるとき、するときを書いてください。",
    Kind.DATE: "「{text}」は西暦と曜日も書いてください。",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """One place and what to do there."""

    finding: Finding  # its places count in the text of its field
    words: str  # for staff, in Japanese


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field of the guide's form."""

    name: str  # as in the form: summary, bring, section-1 …
    label: str  # as staff read it
    text: str
    score: Score
    advice: tuple[Advice, ...]
    plain: Plain  # what the rewriter makes of it


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """A guide's score, and its fields in the order of the form."""

    score: Score  # of the whole guide
    rewritten: float  # total that the rewriter's version gets, 0-100
    fields: tuple[Field, ...]


def review(document: Document, *, today: date | None = None) -> Review | None:
    """How easy the guide is to read, and what would make it easier; None for a guide that isn't in Japanese."""
    if document.language not in ("ja", "ja-x-easy"):
        return None
    day = today or document.as_of
    fields = tuple(_field(document, name, text, day) for name, text in texts_of(document))
    return Review(
        score=score("\n".join(field.text for field in fields)),
        rewritten=score("\n".join(field.plain.text for field in fields)).total,
        fields=fields,
    )


def advice(finding: Finding) -> str:
    """What to do about a finding, in Japanese, with the words that our lists would use."""
    said = _ADVICE[finding.kind].format(text=finding.text, n=finding.end - finding.start)
    if finding.kind in (Kind.HARD, Kind.OFFICIAL, Kind.LOAN):
        lemma = words(finding.text)[0].lemma
        easier, meaning = suggestion(lemma) or suggestion(finding.text), meanings().get(finding.text)
        if easier:
            return f"{said}例：「{easier}」"
        return f"{said}例：「{finding.text}（＝{meaning}）」" if meaning else said
    return said


def _field(document: Document, name: str, text: str, today: date | None) -> Field:
    found = score(text)
    heading = ""
    if name.startswith("section-"):
        heading = " › ".join(document.sections[int(name.removeprefix("section-")) - 1].path)
    return Field(
        name=name, label=LABELS.get(name) or heading or "本文", text=text, score=found,
        advice=tuple(Advice(finding=one, words=advice(one)) for one in found.findings), plain=plain(text, today=today),
    )  # fmt: skip
