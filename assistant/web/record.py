"""The auditor's page: the access record, filtered by who and day, the state of its chain, and the same as CSV."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import HTMLResponse

from assistant.access import Entry
from assistant.bootstrap import System
from assistant.desk.hours import ZONE
from assistant.desk.staff import Role
from assistant.store.audit import AnchorInvalid, Wanted
from assistant.store.users import Session
from assistant.web.staff import signed_in, staff_page, town_of
from assistant.web.state import system

router = APIRouter(prefix="/admin/record", include_in_schema=False)

SignedIn = Annotated[Session, Depends(signed_in)]
_PAGE = 100  # entries
_OUTCOMES = {"asked": "照会", "done": "完了", "refused": "拒否", "failed": "失敗", "read": "閲覧"}
_KINDS = {"conversation": "会話", "contact": "連絡先", "photo": "写真"}
_COLUMNS = ("番号", "日時", "だれが", "会話", "情報の種類", "目的", "結果", "前の記録の要約値", "要約値")


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """Whether the record is as it was written."""

    whole: bool
    words: str


def filters(
    town: Annotated[str, Query(max_length=6)] = "", who: Annotated[str, Query(max_length=100)] = "",
    day: Annotated[str, Query(max_length=10)] = "", before: Annotated[int, Query(ge=0, lt=2**31)] = 0,
) -> Wanted:  # fmt: skip
    """FastAPI dependency: what the address asks for; a day that is none filters nothing."""
    try:
        since = datetime.combine(date.fromisoformat(day), time(), ZONE)
    except ValueError:
        return Wanted(town=town, who=who.replace("\x00", "").strip(), before=before)
    return Wanted(town=town, who=who.replace("\x00", "").strip(), since=since, until=since + timedelta(days=1),
                  before=before)  # fmt: skip


Asked = Annotated[Wanted, Depends(filters)]


@router.get("", response_class=HTMLResponse)
def record(request: Request, session: SignedIn, asked: Asked, check: Annotated[bool, Query()] = False) -> HTMLResponse:
    """The newest entries of the town; with `check` the whole chain is read and verified, which can take seconds."""
    here, code = system(request), town_of(session, asked.town, Role.AUDITOR)
    wanted = _in(asked, code)
    found = here.access.found(wanted, limit=_PAGE + 1)
    shown = found[:_PAGE]
    return staff_page(
        request, "desk/record.html", session, town=code, works_as=Role.AUDITOR, entries=[_line(e) for e in shown],
        who=wanted.who, day=_day(wanted), older=shown[-1].seq if len(found) > _PAGE else 0, count=here.access.count(),
        chain=_chain(here) if check else None,
    )  # fmt: skip


@router.get("/entries.csv")
def entries(request: Request, session: SignedIn, asked: Asked) -> Response:
    """All entries that are asked for, with their digests, for a spreadsheet: UTF-8 with its mark."""
    here, code = system(request), town_of(session, asked.town, Role.AUDITOR)
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(_COLUMNS)
    for entry in reversed(here.access.found(_in(asked, code))):
        line = _line(entry)
        cells = (line["at"], line["who"], line["conversation"], line["what"], line["why"], line["outcome"])
        writer.writerow([entry.seq, *map(_plain, cells), entry.previous, entry.digest])
    headers = {"Content-Disposition": f'attachment; filename="access-{code}.csv"', "Cache-Control": "no-store"}
    return Response("\ufeff" + out.getvalue(), media_type="text/csv; charset=utf-8", headers=headers)


def _chain(here: System) -> Chain:
    try:
        flaw = here.access.verify()
    except AnchorInvalid as exc:
        return Chain(whole=False, words=f"連鎖の先頭の控えが壊れています: {exc}")
    if flaw is not None:
        return Chain(whole=False, words=f"{flaw.seq}番の記録が書かれたときのままではありません: {flaw.what}")
    return Chain(whole=True, words=f"{here.access.count()}件すべて、書かれたときのままです。")


def _line(entry: Entry) -> dict[str, str]:
    access = entry.access
    return {
        "seq": str(entry.seq), "at": access.at.astimezone(ZONE).strftime("%Y-%m-%d %H:%M:%S"), "who": _who(access.who),
        "conversation": access.conversation, "why": access.why.replace("ticket ", "受付 ", 1),
        "what": "・".join(_KINDS.get(kind, kind) for kind in access.what),
        "outcome": _OUTCOMES.get(access.outcome, access.outcome), "digest": entry.digest[:12],
    }  # fmt: skip


def _who(who: str) -> str:
    kind, _, rest = who.partition(":")
    return {"clerk": f"職員 {rest}", "service": f"サービス {rest}"}.get(kind, who)


def _plain(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell


def _in(asked: Wanted, town: str) -> Wanted:
    return Wanted(town=town, who=asked.who, since=asked.since, until=asked.until, before=asked.before)


def _day(wanted: Wanted) -> str:
    return wanted.since.date().isoformat() if wanted.since else ""
