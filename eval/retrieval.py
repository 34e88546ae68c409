"""Runs a set through the production code: a throw-away town, its index, its search."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from assistant.settings import Settings
from eval.sets import LabelledSet, Text
from knowledge import building
from knowledge.dense import load_encoder
from knowledge.passage import Document, Kind, Layer, Section
from knowledge.reranking import load_reranker
from knowledge.search import Library, Query
from knowledge.split import passages

DEPTH = 100
_TOWN = "999999"
OTHER_CODES = {"tl": "fil", "ja-easy": "ja-x-easy", "zh-TW": "zh-Hant", "zh": "zh-Hans", "pt": "pt-BR"}
"""What the sets call our languages."""
_DAY = date(2026, 4, 1)

Ranking = list[tuple[str, float]]
"""(document id, score), best first."""

Search = Callable[[Text], Ranking]


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """The rankings of all queries of a set by one system."""

    system: str
    rankings: dict[str, Ranking]


def madoguchi(corpus: Iterable[Text], folder: Path, settings: Settings) -> Search:
    """Production search over the corpus, indexed under `folder`."""
    encoder = load_encoder(settings.embedding or None)
    pieces = [piece for text in corpus for piece in passages(document_of(text))]
    building.build(folder, _TOWN, pieces, encoder)
    library = Library(folder, encoder, reranker=load_reranker(settings.reranker or None))

    def search(query: Text) -> Ranking:
        language = OTHER_CODES.get(query.lang, query.lang)
        found = library.search(Query(text=query.text, language=language, owners=(_TOWN,), day=_DAY, k=DEPTH))
        return [(hit.passage.document, hit.score) for hit in found.hits]

    return search


def document_of(text: Text) -> Document:
    """A corpus entry as the importer would take it in."""
    return Document(
        id=text.id, key=text.id, owner=_TOWN, layer=Layer.TOWN, kind=Kind.FAQ, title=text.title or text.text[:80],
        language=text.lang, url=text.url, topic=text.topic, sections=(Section(path=(), text=text.text),),
    )  # fmt: skip


def run(labelled: LabelledSet, system: str, settings: Settings) -> Run:
    """Every query of the set through the named system. Raises KeyError for an unknown system."""
    with tempfile.TemporaryDirectory(prefix="madoguchi-eval-") as folder:
        search = SYSTEMS[system](labelled.corpus, Path(folder), settings)
        return Run(system=system, rankings={query.id: search(query) for query in labelled.queries})


SYSTEMS: dict[str, Callable[[Iterable[Text], Path, Settings], Search]] = {"madoguchi": madoguchi}
