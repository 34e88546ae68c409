"""Our glossary, lexicon and thesaurus as training pairs: words with their Japanese, alone and inside questions."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

from knowledge.embedding.pair import Pair, Source
from knowledge.glossary import LANGUAGES, Term, forms, rows, terms
from knowledge.lexicon import everyday
from knowledge.thesaurus import Relation, links

CHAT = Path(__file__).parent / "pairs" / "chat.tsv"
"""How people ask about {} in twelve languages, and what they mean in Japanese."""

ASKED = ("questions_life.tsv", "questions_town.tsv")
"""Matters of a city's FAQ as residents ask about them, in Japanese and twelve languages."""

_SURE = 0.6  # weight of a link from which on both words mean nearly the same

Chat = list[tuple[str, dict[str, tuple[str, ...]]]]
"""Japanese template, and each language's templates."""


def term_pairs() -> Iterator[Pair]:
    """Every form with its Japanese words, with another language's form, with its meaning, and inside questions."""
    chat = read_chat()
    for n, term in enumerate(terms()):
        yield from _of_term(term)
        yield from _in_questions(term.ja[0], dict(term.local), chat, n)
    for n, idea in enumerate(everyday()):
        words = " ".join(idea.ja[:3])
        for _, written in idea.local:
            for form in written:
                yield Pair(left=form, right=words, group=words, source=Source.TERM)
        yield from _in_questions(idea.ja[0], dict(idea.local), chat, n)
    for name in ASKED:
        yield from question_pairs(CHAT.parent / name)
    for link in links():
        if link.relation is not Relation.NOT and link.weight >= _SURE:
            yield Pair(left=link.said, right=link.official, group=link.official, source=Source.TERM)


def read_chat(path: Path = CHAT) -> Chat:
    """The templates. Raises ValueError that names the line of a bad row."""
    return [
        (row["official"], {code: forms(row[code]) for code in LANGUAGES})
        for row in rows(path, ("official", *LANGUAGES))
    ]


def question_pairs(path: Path) -> Iterator[Pair]:
    """Each question with the official wording, with the Japanese one, and with the next language's."""
    for row in rows(path, ("official", "ja", *LANGUAGES)):
        group, japanese = row["official"].strip(), forms(row["ja"])
        asked = [forms(row[code]) for code in LANGUAGES]
        for form in (*japanese, *itertools.chain.from_iterable(asked)):
            yield Pair(left=form, right=group, group=group, source=Source.ASKED)
        for written, following in itertools.pairwise([japanese, *asked]):
            yield Pair(left=written[0], right=following[-1], group=group, source=Source.ASKED)
            yield Pair(left=written[-1], right=japanese[0], group=group, source=Source.ASKED)


def _of_term(term: Term) -> Iterator[Pair]:
    group = term.ja[0]
    for other in (*term.ja[1:], term.reading, term.romaji, term.meaning):
        yield Pair(left=other, right=group, group=group, source=Source.TERM)
    for _, written in term.local:
        for form in written:
            yield Pair(left=form, right=group, group=group, source=Source.TERM)
    for (_, one), (_, other_forms) in itertools.pairwise(term.local):
        yield Pair(left=one[0], right=other_forms[0], group=group, source=Source.TERM)


def _in_questions(ja: str, local: dict[str, tuple[str, ...]], chat: Chat, n: int) -> Iterator[Pair]:
    """Two questions a language, other templates for each word: all of them would be mostly the same words."""
    for step, (code, written) in enumerate(local.items()):
        for turn in range(2):
            official, templates = chat[(n + step + 5 * turn) % len(chat)]
            form = templates[code][(n + turn) % len(templates[code])]
            yield Pair(
                left=form.format(written[(n + turn) % len(written)]), right=official.format(ja), group=ja,
                source=Source.TERM,
            )  # fmt: skip
