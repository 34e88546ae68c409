"""The curation pages of texts in force: list, one guide, its versions, withdraw, restore."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response

from assistant.answering.tables import JAPAN
from assistant.bootstrap import System
from assistant.curation.drafts import CurationError, Draft, UnknownText
from assistant.curation.switches import Switches
from assistant.curation.versions import as_lines, diff
from assistant.language.interface import own_names
from assistant.store.curation import HeldText
from assistant.web.curators import TOWN_COOKIE, Acting, Curator, Posted, Seeing, draw, text_of, to
from assistant.web.problems import Problem
from assistant.web.staff import is_secure
from assistant.web.state import system
from knowledge.passage import Document, Kind
from knowledge.split import passages

router = APIRouter(prefix="/knowledge", include_in_schema=False)

_MOST_ROWS = 200
_SOON = timedelta(days=30)
_SAID = {
    "published": "公開しました。住民への答えに使われています。",
    "withdrawn": "取り下げました。住民への答えには使われません。",
    "discarded": "下書きを取り下げました。",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A text as the list shows it."""

    id: str
    title: str
    language: str
    language_name: str
    topic: str
    state: str  # published | withdrawn, or where the draft of a new text stands
    draft: str  # state of its open draft, or ""
    edited: bool
    conflict: bool
    off: bool
    review_by: date | None
    due: str  # over | soon | ""


@router.get("", response_class=HTMLResponse)
def listed(
    request: Request, who: Seeing, q: Annotated[str, Query(max_length=100)] = "",
    language: Annotated[str, Query(max_length=16)] = "", topic: Annotated[str, Query(max_length=60)] = "",
    show: Annotated[str, Query(max_length=16)] = "",
) -> HTMLResponse:  # fmt: skip
    """All texts of the town, filtered; the ones to be reviewed soonest first."""
    rows = _rows(system(request), who.town)
    topics = sorted({row.topic for row in rows if row.topic})
    found = [row for row in rows if _wanted(row, q, language, topic, show)]
    return draw(
        request, "list", who, here="list", rows=found[:_MOST_ROWS], total=len(found), topics=topics,
        languages=list(own_names().items()), wanted={"q": q, "language": language, "topic": topic, "show": show},
    )  # fmt: skip


@router.post("/town")
def choose_town(request: Request, who: Acting, form: Posted) -> Response:
    """Work on another town."""
    reply = to("/knowledge")
    if text_of(form, "town", 6) in who.towns:
        reply.set_cookie(TOWN_COOKIE, text_of(form, "town", 6), httponly=True, samesite="lax",
                         secure=is_secure(request))  # fmt: skip
    return reply


@router.get("/guide", response_class=HTMLResponse)
def guide(
    request: Request, who: Seeing, id: Annotated[str, Query(max_length=300)],
    said: Annotated[str, Query(max_length=16)] = "",
) -> HTMLResponse:  # fmt: skip
    """One text with its versions and what can be done with it."""
    return _guide(request, who, id, said=_SAID.get(said, ""))


@router.post("/edit")
def edit(request: Request, who: Acting, form: Posted) -> Response:
    """Open the text's draft, or begin one."""
    id_ = text_of(form, "id", 300)
    document = _in_force_or_last(system(request), who.town, id_)
    if not editable(document):
        raise Problem(409, "Not editable", "Only guides can be edited in the form. Import the file again instead.")
    draft = system(request).curation.edit(who.town, id_, who.name)
    return to(f"/knowledge/drafts/{draft.id}")


@router.post("/withdraw")
def withdraw(request: Request, who: Acting, form: Posted) -> Response:
    """Take the text out of force at once."""
    id_, reason = text_of(form, "id", 300), text_of(form, "reason").strip()
    if not reason:
        return _guide(request, who, id_, error="取り下げる理由を入れてください。記録に残ります。", status=422)
    try:
        system(request).curation.withdraw(who.town, id_, by=who.name, reason=reason)
    except UnknownText as exc:
        raise Problem(404, "Unknown text", str(exc)) from exc
    return to("/knowledge/guide", id=id_, said="withdrawn")


@router.get("/version", response_class=HTMLResponse)
def version(
    request: Request, who: Seeing, id: Annotated[str, Query(max_length=300)], number: Annotated[int, Query(ge=1)]
) -> HTMLResponse:
    """One version, compared with what is in force."""
    return _version(request, who, id, number)


@router.post("/restore")
def restore(request: Request, who: Acting, form: Posted) -> Response:
    """A draft with this version's content."""
    id_, number = text_of(form, "id", 300), text_of(form, "number", 9)
    chosen = int(number) if number.isascii() and number.isdigit() else 0
    try:
        draft = system(request).curation.restore(who.town, id_, chosen, who.name)
    except UnknownText as exc:
        raise Problem(404, "Unknown version", str(exc)) from exc
    except CurationError as exc:
        return _version(request, who, id_, chosen, error=str(exc), status=409)
    return to(f"/knowledge/drafts/{draft.id}")


def editable(document: Document) -> bool:
    """True for texts that the form can hold: guides with facts."""
    return document.kind is Kind.GUIDE and document.facts is not None


def _guide(
    request: Request, who: Curator, id_: str, *, said: str = "", error: str = "", status: int = 200
) -> HTMLResponse:
    here = system(request)
    document = _in_force_or_last(here, who.town, id_)
    in_force = here.knowledge.document(who.town, id_) is not None
    held = here.curation.store.held(who.town).get(id_)
    return draw(
        request, "guide", who, status=status, here="list", document=document, in_force=in_force, said=said, error=error,
        lines=as_lines(document), versions=here.curation.store.versions(who.town, id_),
        draft=here.curation.store.open_draft(who.town, id_), editable=editable(document),
        conflict=bool(held and held.offered), off=here.switches.of(who.town).hides(passages(document)[0]),
    )  # fmt: skip


def _version(
    request: Request, who: Curator, id_: str, number: int, *, error: str = "", status: int = 200
) -> HTMLResponse:
    here = system(request)
    try:
        chosen = here.curation.version(who.town, id_, number)
    except UnknownText as exc:
        raise Problem(404, "Unknown version", str(exc)) from exc
    lines = diff(here.knowledge.document(who.town, id_), chosen.document)
    return draw(
        request, "version", who, status=status, here="list", document=id_, version=chosen, lines=lines, error=error
    )  # fmt: skip


def _in_force_or_last(here: System, town: str, id_: str) -> Document:
    """The text in force, else its newest version, else its draft. Raises Problem 404."""
    document = here.knowledge.document(town, id_)
    if document is not None:
        return document
    versions, draft = here.curation.store.versions(town, id_), here.curation.store.open_draft(town, id_)
    if not versions and draft is None:
        raise Problem(404, "Unknown text", str(UnknownText()))
    return draft.document if draft is not None else versions[0].document


def _rows(here: System, town: str) -> list[Row]:
    drafts = {draft.document.id: draft for draft in here.curation.store.open_drafts(town)}
    held, off = here.curation.store.held(town), here.switches.of(town)
    today = here.clock().astimezone(JAPAN).date()
    in_force = here.knowledge.documents(town)
    known = {document.id for document in in_force}
    rows = [_row(d, "published", drafts.get(d.id), held.get(d.id), off, today) for d in in_force]
    unknown = [draft for id_, draft in drafts.items() if id_ not in known]
    rows += [_row(d.document, d.state.value, None, held.get(d.document.id), off, today) for d in unknown]
    for id_ in held.keys() - known - drafts.keys():
        last = here.curation.store.versions(town, id_)[0].document
        rows.append(_row(last, "withdrawn", None, held[id_], off, today))
    return sorted(rows, key=lambda row: (row.review_by or date.max, row.id))


def _row(document: Document, state: str, draft: Draft | None, held: HeldText | None, off: Switches, today: date) -> Row:
    review_by = document.review_by
    due = "" if review_by is None else "over" if review_by < today else "soon" if review_by < today + _SOON else ""
    return Row(
        id=document.id, title=document.title, language=document.language,
        language_name=own_names().get(document.language, document.language), topic=document.topic,
        state=state, draft=draft.state.value if draft else "", edited=held is not None,
        conflict=bool(held and held.offered), off=off.hides(passages(document)[0]), review_by=review_by, due=due,
    )  # fmt: skip


def _wanted(row: Row, q: str, language: str, topic: str, show: str) -> bool:
    if (language and row.language != language) or (topic and row.topic != topic):
        return False
    words = q.casefold().split()
    if not all(word in f"{row.title} {row.id}".casefold() for word in words):
        return False
    match show:
        case "due":
            return bool(row.due)
        case "draft" | "in_review" | "withdrawn":
            return show in (row.state, row.draft)
        case "conflict":
            return row.conflict
    return True
