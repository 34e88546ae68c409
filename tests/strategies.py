"""Hypothesis strategies and small makers of core values, shared by tests."""

from __future__ import annotations

from datetime import date

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

from knowledge.passage import Document, Facts, Kind, LawRef, Layer, Passage, Section

TOWN = "482013"

words = st.text(alphabet="転入届出手数料税年金保険証明住民票ごみの回収abc 123、。\n", min_size=1, max_size=80)
any_text = st.text(max_size=300)
languages = st.sampled_from(["ja", "ja-x-easy", "en", "zh-Hans", "vi", "pt-BR"])


@st.composite
def documents(draw: st.DrawFn) -> Document:
    """A document with any mix of facts, sections and dates."""
    number = draw(st.integers(0, 999))
    sections = draw(st.lists(st.tuples(st.lists(words, max_size=2), words), max_size=4))
    return Document(
        id=f"guide:{number}@ja", key=f"guide:{number}", owner=TOWN, layer=Layer.TOWN,
        kind=draw(st.sampled_from(list(Kind))), title=draw(words.filter(str.strip)), language=draw(languages),
        url="https://www.city.asanagi.example/", questions=tuple(draw(st.lists(words, max_size=3))),
        sections=tuple(Section(path=tuple(path), text=text) for path, text in sections),
        facts=draw(st.none() | facts()), as_of=draw(st.none() | st.dates()),
        valid_from=draw(st.none() | st.dates()), valid_until=draw(st.none() | st.dates()),
    )  # fmt: skip


@st.composite
def facts(draw: st.DrawFn) -> Facts:
    """Facts, some of them empty."""
    laws = draw(st.lists(st.sampled_from(["第二十二条", "第三十条の四十六"]), max_size=2))
    return Facts(
        summary=draw(words), who=draw(words), deadline=draw(words), where=tuple(draw(st.lists(words, max_size=2))),
        bring=tuple(draw(st.lists(words, max_size=3))), fee=tuple(draw(st.lists(words, max_size=2))),
        phone=draw(st.sampled_from(["", "000-482-1101"])),
        laws=tuple(LawRef(title="住民基本台帳法", article=a, law_id="342AC0000000081") for a in laws),
    )  # fmt: skip


def guide(id_: str, title: str, *, language: str = "ja", text: str = "", questions: tuple[str, ...] = (),
          facts: Facts | None = None, layer: Layer = Layer.TOWN, owner: str = TOWN, kind: Kind = Kind.GUIDE,
          valid_from: date | None = None, valid_until: date | None = None) -> Document:  # fmt: skip
    """A small guide."""
    return Document(
        id=f"guide:{id_}@{language}", key=f"guide:{id_}", owner=owner, layer=layer, kind=kind, title=title,
        language=language, url=f"https://www.city.asanagi.example/guides/{id_}", questions=questions, facts=facts,
        sections=(Section(path=("手続き",), text=text),) if text else (), as_of=date(2026, 4, 1),
        valid_from=valid_from, valid_until=valid_until,
    )  # fmt: skip


def passage(text: str, *, id_: str = "guide:x@ja#0", language: str = "ja", kind: Kind = Kind.GUIDE) -> Passage:
    """A small passage."""
    return Passage(
        id=id_, document=id_.partition("#")[0], key=id_.partition("@")[0], title="見出し", path=(), text=text,
        language=language, layer=Layer.TOWN, kind=kind, url="https://www.city.asanagi.example/",
        as_of=date(2026, 4, 1),
    )  # fmt: skip


class LetterEncoder:
    """A tiny deterministic encoder for tests: hashed letter pairs, unit length; counts what it embeds."""

    name = "letters-1"
    dimension = 64

    def __init__(self) -> None:
        self.embedded: list[str] = []

    def encode_queries(self, texts: list[str]) -> NDArray[np.float32]:
        return np.stack([self._vector(text) for text in texts])

    def encode_passages(self, texts: list[str]) -> NDArray[np.float32]:
        self.embedded.extend(texts)
        return self.encode_queries(texts)

    def _vector(self, text: str) -> NDArray[np.float32]:
        vector = np.zeros(self.dimension, dtype=np.float32)
        for a, b in zip(text, text[1:] or text, strict=False):
            vector[(ord(a) * 31 + ord(b)) % self.dimension] += 1
        length = float(np.linalg.norm(vector))
        return vector / length if length else vector
