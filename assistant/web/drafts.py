"""The curation pages of drafts: new, edit, preview, review, publish."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response
from starlette.datastructures import FormData

from assistant.answering.tables import JAPAN
from assistant.bootstrap import System
from assistant.curation import guide_form
from assistant.curation.drafts import CurationError, Draft, StaleEdit, State, UnknownText
from assistant.curation.guide_form import Fields
from assistant.curation.versions import Line, diff
from assistant.language.interface import interface, own_names
from assistant.language.plain.reviewing import review as plain_review
from assistant.web.curators import Acting, Curator, Posted, Seeing, draw, text_of, texts_of, to
from assistant.web.previewing import answers
from assistant.web.problems import Problem
from assistant.web.state import system
from assistant.web.towns import start_data
from knowledge.split import passages

router = APIRouter(prefix="/knowledge", include_in_schema=False)

_FIELDS = (*guide_form.TEXTS, *guide_form.LINES, *guide_form.DAYS)
_SPARE = 1  # empty sections at the end of the form; without JavaScript saving brings the next one


@router.get("/new", response_class=HTMLResponse)
def new(
    request: Request, who: Seeing, gap: Annotated[str, Query(max_length=2000)] = "",
    questions: Annotated[str, Query(max_length=4000)] = "", language: Annotated[str, Query(max_length=16)] = "ja",
) -> HTMLResponse:  # fmt: skip
    """The first step of a new guide: its name, id and language."""
    values = {"title": "", "id": "", "language": language, "questions": questions or gap, "gap": gap}
    return _new(request, who, values)


@router.post("/new")
def create(request: Request, who: Acting, form: Posted) -> Response:
    """Begin the draft of a new guide."""
    here = system(request)
    values = {name: text_of(form, name, 4000).strip() for name in ("title", "id", "language", "questions", "gap")}
    begun = guide_form.new_guide(
        values["id"], values["language"], who.town, _today(here), title=values["title"], question=values["questions"]
    )
    if begun.document is None:
        return _new(request, who, values, faults=dict(begun.faults), status=422)
    try:
        draft = here.curation.create(begun.document, who.name, gap=values["gap"])
    except CurationError as exc:
        return _new(request, who, values, error=str(exc), status=409)
    return to(f"/knowledge/drafts/{draft.id}")


@router.get("/drafts/{id}", response_class=HTMLResponse)
def edit(request: Request, who: Seeing, id: str, said: Annotated[str, Query(max_length=16)] = "") -> Response:
    """The form with the draft."""
    draft = _draft(request, who, id)
    if draft.state is not State.DRAFT:
        return to(f"/knowledge/drafts/{id}/review")
    words = "保存しました。" if said == "saved" else ""
    return _form(request, who, draft, guide_form.fields_of(draft.document), note=draft.note, said=words)


@router.post("/drafts/{id}")
def save(request: Request, who: Acting, id: str, form: Posted) -> Response:
    """Save; then stay, show the preview, or hand over for review."""
    here, draft = system(request), _draft(request, who, id)
    fields, note = _fields(form), text_of(form, "note", 500).strip()
    read = guide_form.read(fields, draft.document, _today(here))
    if read.document is None:
        return _form(request, who, draft, fields, note=note, faults=dict(read.faults), seen=_seen(form), status=422)
    try:
        saved = here.curation.save(draft, read.document, seen=_seen(form), by=who.name, note=note)
        if text_of(form, "then", 10) == "submit":
            here.curation.submit(saved, seen=saved.revision, by=who.name)
            return to(f"/knowledge/drafts/{id}/review", said="submitted")
    except StaleEdit as exc:
        now = _draft(request, who, id)  # also when it was saved between our look and our write
        lines = diff(now.document, read.document)
        return _form(request, who, now, fields, note=note, error=str(exc), stale=lines, status=409)
    except CurationError as exc:
        return _form(request, who, draft, fields, note=note, error=str(exc), status=409)
    if text_of(form, "then", 10) == "preview":
        return to(f"/knowledge/drafts/{id}/preview")
    return to(f"/knowledge/drafts/{id}", said="saved")


@router.get("/drafts/{id}/preview", response_class=HTMLResponse)
def preview(request: Request, who: Seeing, id: str) -> HTMLResponse:
    """What residents will see: the answer to the first questions, and the source page."""
    here, draft = system(request), _draft(request, who, id)
    language = draft.document.language
    return draw(
        request, "preview", who, here="list", draft=draft, pieces=passages(draft.document),
        answers=answers(here, draft.document), ui=interface(language),
        shown_town=start_data(here, who.town, language), plain=plain_review(draft.document, today=here.clock().date()),
    )  # fmt: skip


@router.get("/drafts/{id}/review", response_class=HTMLResponse)
def review(request: Request, who: Seeing, id: str, said: Annotated[str, Query(max_length=16)] = "") -> HTMLResponse:
    """The draft compared with what is in force."""
    words = "確認に回しました。別の人が確認して公開します。" if said == "submitted" else ""
    return _review(request, who, _draft(request, who, id), said=words)


@router.post("/drafts/{id}/publish")
def publish(request: Request, who: Acting, id: str, form: Posted) -> Response:
    """Put it in force; residents are answered from it when the next page comes."""
    draft = _draft(request, who, id)
    try:
        system(request).curation.publish(draft, seen=_seen(form), by=who.name)
    except CurationError as exc:
        return _review(request, who, _draft(request, who, id), error=str(exc), status=409)
    return to("/knowledge/guide", id=draft.document.id, said="published")


@router.post("/drafts/{id}/return")
def send_back(request: Request, who: Acting, id: str, form: Posted) -> Response:
    """Back to its author with what must be mended."""
    draft, note = _draft(request, who, id), text_of(form, "note", 500).strip()
    if not note:
        return _review(request, who, draft, error="直してほしいところを書いてください。", status=422)
    try:
        system(request).curation.send_back(draft, seen=_seen(form), by=who.name, note=note)
    except CurationError as exc:
        return _review(request, who, _draft(request, who, id), error=str(exc), status=409)
    return to("/knowledge")


@router.post("/drafts/{id}/rebase")
def rebase(request: Request, who: Acting, id: str, form: Posted) -> Response:
    """The reviewer has seen that the text in force changed meanwhile."""
    draft = _draft(request, who, id)
    try:
        system(request).curation.rebase(draft, seen=_seen(form), by=who.name)
    except CurationError as exc:
        return _review(request, who, _draft(request, who, id), error=str(exc), status=409)
    return to(f"/knowledge/drafts/{id}/review")


@router.post("/drafts/{id}/discard")
def discard(request: Request, who: Acting, id: str) -> Response:
    """Give the draft up."""
    try:
        system(request).curation.take_back(_draft(request, who, id), by=who.name)
    except CurationError as exc:
        raise Problem(409, "Not possible now", str(exc)) from exc
    return to("/knowledge")


def _draft(request: Request, who: Curator, id_: str) -> Draft:
    try:
        return system(request).curation.store.draft(who.town, id_)
    except UnknownText as exc:
        raise Problem(404, "Unknown draft", str(exc)) from exc


def _fields(form: FormData) -> Fields:
    headings, bodies = texts_of(form, "heading"), texts_of(form, "text")
    values = {name: text_of(form, name, 50_000) for name in _FIELDS}
    return Fields(values=values, sections=tuple(zip(headings, bodies, strict=False)))


def _seen(form: FormData) -> int:
    value = text_of(form, "revision", 9)
    return int(value) if value.isascii() and value.isdigit() else 0


def _form(
    request: Request, who: Curator, draft: Draft, fields: Fields, *, note: str = "", said: str = "", error: str = "",
    faults: dict[str, str] | None = None, stale: list[Line] | None = None, seen: int = 0, status: int = 200,
) -> HTMLResponse:  # fmt: skip
    here = system(request)
    profile = here.profile(who.town).profile.get("departments")
    departments = (
        "、".join(str(e["id"]) for e in profile[:4] if isinstance(e, dict)) if isinstance(profile, list) else ""
    )
    shown = Fields(values=fields.values, sections=(*fields.sections, *[("", "")] * _SPARE))
    return draw(
        request, "draft", who, status=status, here="list", draft=draft, fields=shown, note=note, said=said, error=error,
        faults=_Faults(faults or {}), stale=stale or [], departments=departments, topics="moving、garbage、tax",
        language_name=own_names().get(draft.document.language, draft.document.language),
        revision=seen or draft.revision,
    )  # fmt: skip


class _Faults(dict[str, str]):
    """Faults by field; a field without one has an empty fault."""

    def __missing__(self, key: str) -> str:
        return ""


def _new(
    request: Request, who: Curator, values: dict[str, str], *, error: str = "", faults: dict[str, str] | None = None,
    status: int = 200,
) -> HTMLResponse:  # fmt: skip
    return draw(
        request, "new", who, status=status, here="new", values=values, error=error, faults=_Faults(faults or {}),
        languages=list(own_names().items()),
    )  # fmt: skip


def _review(
    request: Request, who: Curator, draft: Draft, *, said: str = "", error: str = "", status: int = 200
) -> HTMLResponse:
    in_force = system(request).knowledge.document(who.town, draft.document.id)
    return draw(
        request, "review", who, status=status, here="list", draft=draft, base=in_force, said=said, error=error,
        lines=diff(in_force, draft.document), own=who.name in draft.authors,
        moved=draft.base != (in_force.digest if in_force else ""),
    )  # fmt: skip


def _today(here: System) -> date:
    return here.clock().astimezone(JAPAN).date()
