"""The curation page that imports uploaded files by the same readers as the command line."""

from __future__ import annotations

import re
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, Response
from starlette.datastructures import UploadFile

from assistant.bootstrap import System
from assistant.curation.drafts import CurationError, State, UnknownText
from assistant.curation.importing import Report, silent
from assistant.language.interface import own_names
from assistant.model import LANGUAGES
from assistant.store.uploads import UploadStore, checked
from assistant.web.curators import Acting, Curator, Posted, Seeing, draw, text_of, to
from assistant.web.problems import Problem
from assistant.web.state import system
from knowledge.errors import SourceError
from knowledge.passage import Layer
from knowledge.sources.reading import Origin, Reading

router = APIRouter(prefix="/knowledge/uploads", include_in_schema=False)

MAX_UPLOAD_BYTES = 20_000_000  # all files of one upload together
KINDS = (("auto", "自動で見分ける"), ("guides", "案内"), ("faq", "よくある質問"), ("law", "法令・例規"), 
         ("table", "一覧表"), ("site", "ウェブページ・文書"))  # fmt: skip
_MOST_FILES = 50
_UNSAFE = re.compile(r"[\x00-\x1f/\\:]")


@router.get("", response_class=HTMLResponse)
def uploads(request: Request, who: Seeing, said: Annotated[str, Query(max_length=200)] = "") -> HTMLResponse:
    """The form, and what waits for a second person."""
    words = {"read": "読み取りました。別の人が確認して公開します。", "discarded": "取り下げました。"}
    counts = re.fullmatch(r"published-(\d+)-(\d+)-(\d+)-(\d+)-(\d+)", said)
    if counts:
        added, changed, unchanged, gone, conflicts = counts.groups()
        told = f"公開しました。追加{added}、変更{changed}、変わらず{unchanged}、取り下げ{gone}。"
        extra = f"職員が編集した案内{conflicts}件はそのままにしました。" if conflicts != "0" else ""
        return _page(request, who, said=told + extra)
    return _page(request, who, said=words.get(said, ""))


@router.post("")
async def upload(request: Request, who: Acting, form: Posted) -> Response:
    """Read the files; what could be read waits for review, what could not is named with the cure."""
    files = [item for item in form.getlist("files") if isinstance(item, UploadFile) and item.filename][:_MOST_FILES]
    if not files:
        return _page(request, who, error="ファイルを選んでください。", status=422)
    content = [(_name(file), await file.read()) for file in files]
    language, kind = text_of(form, "language", 16), text_of(form, "kind", 10)
    if language not in LANGUAGES or kind not in dict(KINDS):
        return _page(request, who, error="言語と種類を選んでください。", status=422)
    failed = await run_in_threadpool(_read, system(request), who, content, language, kind)
    if failed:
        return _page(request, who, error="読み取れないファイルがありました。", failed=failed, status=422)
    return to("/knowledge/uploads", said="read")


@router.post("/{id}/publish")
def publish(request: Request, who: Acting, id: str) -> Response:
    """Put what was read in force."""
    here = system(request)
    store = UploadStore(here.engine)
    report = Report()
    try:
        one = store.one(who.town, id)
        checked(one, by=who.name)
    except UnknownText as exc:
        raise Problem(404, "Unknown upload", str(exc)) from exc
    except CurationError as exc:
        return _page(request, who, error=str(exc), status=409)
    reading = replace(one.reading, warnings=())
    here.importer.put(reading, who.town, f"upload:{one.name}", silent, report)
    here.library.refresh()
    # Last: killed before this line, the upload still waits, and a second publishing changes nothing more.
    store.close(one, State.PUBLISHED, by=who.name, at=here.clock())
    counts = (report.added, report.changed, report.unchanged, report.withdrawn, len(report.warnings))
    return to("/knowledge/uploads", said="-".join(["published", *map(str, counts)]))


@router.post("/{id}/discard")
def discard(request: Request, who: Acting, id: str) -> Response:
    """Give the upload up."""
    here = system(request)
    store = UploadStore(here.engine)
    try:
        store.close(store.one(who.town, id), State.WITHDRAWN, by=who.name, at=here.clock())
    except CurationError as exc:
        return _page(request, who, error=str(exc), status=409)
    return to("/knowledge/uploads", said="discarded")


def _name(file: UploadFile) -> str:
    return _UNSAFE.sub("_", file.filename or "")[-120:].lstrip(".") or "file"


def _read(here: System, who: Curator, files: list[tuple[str, bytes]], language: str, kind: str) -> list[str]:
    """Keep what each file gives; returns why files could not be read."""
    failed = []
    with tempfile.TemporaryDirectory(prefix="madoguchi-upload-") as folder:
        root = Path(folder) / language  # a guide's language is its folder's name
        root.mkdir()
        # All files first: a CSV needs the tables.yaml that came with it.
        paths = [(name, root / name) for name, _ in files]
        for (_, content), (_, path) in zip(files, paths, strict=True):
            path.write_bytes(content)
        origin = Origin(
            owner=who.town, layer=Layer.TOWN, root=root, language=language, as_of=here.clock().date()
        )  # fmt: skip
        for name, path in paths:
            if name == "tables.yaml":
                continue
            try:
                reading: Reading = here.importer.read(path, origin, kind)
            except SourceError as exc:
                failed.append(str(exc))
                continue
            UploadStore(here.engine).add(who.town, name, reading, by=who.name, at=here.clock())
    return failed


def _page(
    request: Request, who: Curator, *, said: str = "", error: str = "", failed: list[str] | None = None,
    status: int = 200,
) -> HTMLResponse:  # fmt: skip
    found = UploadStore(system(request).engine).newest(who.town)
    return draw(
        request, "uploads", who, status=status, here="uploads", uploads=found, said=said, error=error,
        failed=failed or [], languages=list(own_names().items()), kinds=KINDS,
    )  # fmt: skip
