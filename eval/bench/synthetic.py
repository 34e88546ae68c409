"""A corpus of any size for benchmarks: sentences of the demo city's guides and of laws, put together anew."""

from __future__ import annotations

import gzip
import json
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from knowledge.passage import Document, Kind, Layer, Passage, Section
from knowledge.sources.files import read
from knowledge.sources.reading import Origin
from knowledge.split import passages

GUIDES = Path(__file__).parents[2] / "knowledge" / "demo_city" / "guides" / "ja"
OWNER = "999999"
_SENTENCE = re.compile(r"[^。\n]{8,}[。\n]?")
_SENTENCES, _NUMBERS = (2, 4), 90_000  # sentences a text, at least and at most; what numbered areas and articles go to


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """What texts are put together from."""

    titles: tuple[str, ...]
    sentences: tuple[str, ...]
    questions: tuple[str, ...]


def material(laws: Path | None) -> Material:
    """The guides' titles, sentences and questions and, from a file of {title, text} lines, those of articles."""
    origin = Origin(owner=OWNER, layer=Layer.TOWN, root=GUIDES)
    guides = [document for file in sorted(GUIDES.glob("*.md")) for document in read(file, origin).documents]
    titles = [guide.title for guide in guides]
    sentences = [s for guide in guides for piece in passages(guide) for s in _SENTENCE.findall(piece.text)]
    questions = [question for guide in guides for question in guide.questions]
    for title, text in _articles(laws) if laws else ():
        titles.append(title)
        found = _SENTENCE.findall(text)
        sentences.extend(found)
        questions.extend(f"{title.split()[0]}で{s[:24]}とは何ですか" for s in found[:1])
    return Material(
        titles=tuple(dict.fromkeys(titles)), sentences=tuple(dict.fromkeys(sentences)),
        questions=tuple(dict.fromkeys(questions)),
    )  # fmt: skip


def corpus(held: Material, wanted: int, seed: int = 1) -> list[Passage]:
    """That many passages, always the same for the same material and seed."""
    found: list[Passage] = []
    for document in _documents(held, random.Random(seed)):
        found.extend(passages(document))
        if len(found) >= wanted:
            return found[:wanted]
    raise AssertionError("documents never end")


def questions(held: Material, wanted: int, seed: int = 2) -> list[str]:
    """That many different questions, or all there are."""
    return random.Random(seed).sample(held.questions, min(wanted, len(held.questions)))


def _documents(held: Material, rng: random.Random) -> Iterator[Document]:
    number = 0
    while True:
        number += 1
        area = f"第{rng.randrange(1, _NUMBERS)}地区"  # else many titles would be equal
        asked = (f"{area} {rng.choice(held.questions)}",) if number % 4 == 0 else ()
        text = "".join(rng.choices(held.sentences, k=rng.randint(*_SENTENCES)))
        yield Document(
            id=f"bench:{number}", key=f"bench:{number}", owner=OWNER, layer=Layer.TOWN, kind=Kind.PAGE,
            title=f"{area} {rng.choice(held.titles)}", language="ja", url="", questions=asked,
            sections=(Section(path=(), text=text),),
        )  # fmt: skip


def _articles(file: Path) -> Sequence[tuple[str, str]]:
    raw = file.read_bytes()
    lines = (gzip.decompress(raw) if file.suffix == ".gz" else raw).decode("utf-8").split("\n")
    return [(value["title"], value["text"]) for value in map(json.loads, filter(None, lines))]
