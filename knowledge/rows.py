"""A passage as it stands in a snapshot: with its tokens, so that search can explain a score without splitting again."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from itertools import chain

from knowledge.law_references import article_of, body_tokens, title_tokens, token
from knowledge.lexical import Terms
from knowledge.passage import Cited, Kind, Layer, Passage, facts_payload
from knowledge.stored import facts_from
from knowledge.tokens import index_tokens as tokens

TOKENS = b',"tokens":'
"""What stands in a row's line between passage and tokens; never inside them, where quotes are escaped."""

TOKENS = b',"tokens":'
"""What stands in a row's line between passage and tokens; never inside them, where quotes are escaped."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A passage and its search tokens."""

    passage: Passage
    title: tuple[str, ...]
    asked: tuple[tuple[str, ...], ...]  # one tuple a question
    body: tuple[str, ...]
    held: frozenset[str]  # all of these
    wordings: tuple[frozenset[str], ...]  # the title, then each question


def embedded_texts(passage: Passage) -> list[str]:
    """The texts that get a vector each: title with text, then every asked question by itself.

    One vector a question lets a paraphrase meet its nearest wording instead of an average of all.
    """
    heading = " ".join((passage.title, *passage.path))
    return list(dict.fromkeys([f"{heading}\n{passage.text}", *([passage.title] if passage.questions else []),
                               *passage.questions]))  # fmt: skip


def row_of(passage: Passage) -> Row:
    """The passage with its tokens."""
    language = passage.language
    heading = " ".join((passage.title, *passage.path))
    # An FAQ's title is its question: the same words in two fields would count twice.
    asked = () if passage.questions == (passage.title,) else passage.questions
    return _row(
        passage,
        (*tokens(heading, language), *title_tokens(passage.title)),
        tuple(tuple(tokens(question, language)) for question in asked),
        (*tokens(passage.text, language), *_cited(passage)),
    )


def _cited(passage: Passage) -> list[str]:
    """Tokens of the articles that a text names: resolved where an article says them, else by the names it gives."""
    if article_of(passage.title) is None:
        return body_tokens(passage.text)
    return list(dict.fromkeys(token(cited.law, cited.article) for cited in passage.cites))


def _row(passage: Passage, title: tuple[str, ...], asked: tuple[tuple[str, ...], ...], body: tuple[str, ...]) -> Row:
    return Row(
        passage=passage,
        title=title,
        asked=asked,
        body=body,
        held=frozenset(title).union(body, *asked),
        wordings=(frozenset(title), *map(frozenset, asked)),
    )


def row_to_json(row: Row) -> bytes:
    """One line of JSON, UTF-8, with its line end; `row_from_json` is its inverse."""
    found = [" ".join(row.title), [" ".join(q) for q in row.asked], " ".join(row.body)]
    return passage_json(row.passage) + TOKENS + _json(found) + b"}\n"


def passage_json(p: Passage) -> bytes:
    """What a row's line begins with, before TOKENS: all of the passage, so that equal bytes mean equal passages."""
    value = {
        "id": p.id, "document": p.document, "key": p.key, "title": p.title, "path": p.path, "text": p.text,
        "language": p.language, "layer": p.layer.value, "kind": p.kind.value, "url": p.url, "topic": p.topic,
        "as_of": _iso(p.as_of), "valid_from": _iso(p.valid_from), "valid_until": _iso(p.valid_until),
        "questions": p.questions, "facts": facts_payload(p.facts) if p.facts else None,
        "cites": [[c.words, c.law, c.article, c.paragraph] for c in p.cites],
    }  # fmt: skip
    return _json(value)[:-1]


def terms_of(tokens_json: bytes, ordinal: int) -> Terms:
    """The tokens as the keyword index takes them, from what follows TOKENS in a row's line."""
    title, asked, body = json.loads(tokens_json.rstrip(b"}\n"))
    flat = [word for question in asked for word in question.split()]
    return Terms(ordinal=ordinal, title=title.split(), asked=flat, body=body.split())


def terms_in(row: Row, ordinal: int) -> Terms:
    """The tokens of a decoded row, as `terms_of` gives them."""
    return Terms(ordinal=ordinal, title=row.title, asked=tuple(chain.from_iterable(row.asked)), body=row.body)


def row_from_json(raw: bytes) -> Row:
    """The row that `row_to_json` wrote."""
    v = json.loads(raw)
    passage = Passage(
        id=v["id"], document=v["document"], key=v["key"], title=v["title"], path=tuple(v["path"]), text=v["text"],
        language=v["language"], layer=Layer(v["layer"]), kind=Kind(v["kind"]), url=v["url"], topic=v["topic"],
        as_of=_day(v["as_of"]), valid_from=_day(v["valid_from"]), valid_until=_day(v["valid_until"]),
        questions=tuple(v["questions"]), facts=facts_from(v["facts"]) if v["facts"] else None,
        cites=tuple(Cited(words=words, law=law, article=n, paragraph=p) for words, law, n, p in v["cites"]),
    )  # fmt: skip
    title, asked, body = v["tokens"]
    return _row(passage, tuple(title.split()), tuple(tuple(q.split()) for q in asked), tuple(body.split()))


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None
