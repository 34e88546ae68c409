"""Whatever bytes a file holds and whatever it is called: a Reading or a named error, soon."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from hypothesis import example, given, settings
from hypothesis import strategies as st

from knowledge.errors import SourceError
from knowledge.passage import Layer
from knowledge.sources.files import read
from knowledge.sources.reading import KINDS, Origin, Reading

ENDINGS = [
    ".md", ".txt", ".html", ".csv", ".tsv", ".xml", ".pdf", ".docx", ".xlsx", ".xls", ".jsonl", ".jsonl.gz", ".png",
    ".jpg", ".tif", ".zip", "",
]  # fmt: skip
TEXTUAL = st.text(st.sampled_from("質問回答title,;\t\"'<>/&#-|{}[]:\n\r\x00abc１。\\*`!?% \ud800\u202e")).map(
    lambda text: text.encode("utf-8", "surrogatepass")
)
OPENINGS = st.sampled_from([
    b"", b"\xff\xfe", b"\xef\xbb\xbf", b"---\nid: x\ntopic: y\n", b"<?xml version='1.0'?><Law><LawBody>", b"<html>",
    "質問,回答\n".encode(), "質問,回答\n".encode("cp932"), b'{"id": "a", "text": "b"}\n', b"\x1f\x8b", b"\x1b$B",
])  # fmt: skip
SECONDS = 20.0  # on two busy cores; without a limit a hang would show as minutes


def outcome(content: bytes, ending: str, kind: str) -> type:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"file{ending}"
        path.write_bytes(content)
        began = time.monotonic()
        try:
            found = read(path, Origin(owner="482013", layer=Layer.TOWN, root=Path(folder)), kind=kind)
        except SourceError as exc:
            assert str(exc).startswith(f"file{ending}: "), "the message names the file"
            return SourceError
        finally:
            assert time.monotonic() - began < SECONDS
        for document in found.documents:
            assert document.title.strip() and "\x00" not in repr(document.sections)
            "".join(section.text for section in document.sections).encode("utf-8")
        assert found.documents or found.tables
        return type(found)


@given(OPENINGS, st.binary(max_size=400) | TEXTUAL, st.sampled_from(ENDINGS), st.sampled_from(KINDS))
@settings(max_examples=400, deadline=None)
@example(b"", b"", ".md", "auto")
@example(b"", "質問,回答\nイ,".encode() + b"x" * 200_000, ".csv", "auto")
@example(b"", b"[" * 100_000, ".jsonl", "auto")
@example(b"---\n", b"a: " + b"[" * 5000 + b"\n---\n", ".md", "auto")
@example(b"", b"> " * 3000 + b"x", ".md", "auto")
@example(b"", b"a" * 50_000 + b"\x81" * 50_000, ".html", "auto")
def test_any_bytes_under_any_name_give_a_reading_or_a_named_error(
    opening: bytes, content: bytes, ending: str, kind: str
) -> None:
    assert outcome(opening + content, ending, kind) in (Reading, SourceError)


@given(st.sampled_from([b"%PDF-1.7\n", b"PK\x03\x04", b"\x89PNG\r\n\x1a\n", b"II*\x00"]), st.binary(max_size=600))
@settings(max_examples=12, deadline=None)
def test_bytes_that_only_begin_like_a_known_form_are_refused(opening: bytes, content: bytes) -> None:
    assert outcome(opening + content, ".pdf", "auto") is SourceError
