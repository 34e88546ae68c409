"""A town's published knowledge as training pairs and as a test; 15 % of its questions are held back, by a hash."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from knowledge.embedding.guides import GuideText, guide_pairs, pairs_without
from knowledge.embedding.pair import Pair, Source, held_back
from knowledge.passage import Document, Kind, Table
from knowledge.split import facts_text

_MOST_CHARS = 400  # of one side of a pair; more adds time, not meaning
_NO_TITLE = "—"  # of a text whose title is itself a question that is held back


@dataclass(frozen=True, slots=True, kw_only=True)
class Unseen:
    """A question that training never sees, and the text that answers it."""

    text: str
    language: str
    key: str  # of the document that answers
    group: tuple[str, int]  # shared by the question's translations


def unseen_questions(documents: Iterable[Document]) -> list[Unseen]:
    """The questions that are held back; the n-th of a text is, in all languages or in none.

    A text without questions is asked for by its title. An article of law is not: nobody asks by its name alone.
    """
    return [
        Unseen(text=question, language=document.language, key=document.key, group=(document.key, n))
        for document in documents
        for n, question in enumerate(_asked(document))
        if held_back(_id(document), str(n))
    ]


def blind(documents: Iterable[Document], unseen: Iterable[Unseen]) -> list[Document]:
    """The documents as they would be had nobody thought of the held-back questions."""
    texts = {question.text for question in unseen}
    return [
        replace(
            document,
            title=_NO_TITLE if document.title in texts else document.title,
            questions=tuple(question for question in document.questions if question not in texts),
        )
        for document in documents
    ]


def town_pairs(documents: Sequence[Document], tables: Iterable[Table], unseen: Iterable[Unseen]) -> list[Pair]:
    """Questions with texts, titles with texts, translations, and names in tables; none with a held-back question."""
    held = list(unseen)
    texts = {question.text for question in held}
    found = [*guide_pairs([_guide_text(document, texts) for document in documents]), *_table_pairs(tables)]
    short = [replace(pair, left=pair.left[:_MOST_CHARS], right=pair.right[:_MOST_CHARS]) for pair in found]
    return pairs_without([pair for pair in short if pair.left.strip() and pair.left != pair.right], {"", *texts})


def _asked(document: Document) -> tuple[str, ...]:
    return document.questions or (() if document.kind is Kind.LAW else (document.title,))


def _id(document: Document) -> str:
    return document.key.removeprefix("guide:")  # as the bundled model's own training calls the demo city's guides


def _guide_text(document: Document, held: set[str]) -> GuideText:
    facts = document.facts
    return GuideText(
        id=_id(document),
        language=document.language,
        title="" if document.title in held else document.title,
        questions=_asked(document),
        summary=facts.summary if facts else "",
        facts=facts_text(replace(facts, summary=""), document.language) if facts else "",
        sections=tuple("\n".join((*section.path[-1:], section.text)) for section in document.sections),
    )


def _table_pairs(tables: Iterable[Table]) -> Iterator[Pair]:
    """Each row's other names with its name."""
    for table in tables:
        place = {name: n for n, name in enumerate(table.columns)}
        columns = [name for name in (table.aliases, *(column for _, column in table.local)) if name in place]
        for row in table.rows:
            name = row[place[table.key]]
            for other in (part.strip() for column in columns for part in row[place[column]].split("|")):
                yield Pair(left=other, right=name, group=name, source=Source.TABLE)
