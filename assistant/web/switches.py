"""The curation page of the kill switches."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response

from assistant.bootstrap import System
from assistant.curation.switches import Scope, Switch
from assistant.model import Channel
from assistant.services.catalogue import load_catalogue
from assistant.web.curators import Acting, Curator, Posted, Seeing, draw, text_of, to
from assistant.web.state import system

router = APIRouter(prefix="/knowledge/switches", include_in_schema=False)

_CHANNELS = {
    Channel.WEB: "ウェブのチャット",
    Channel.LINE: "LINE",
    Channel.PHONE: "電話",
    Channel.API: "外部システム（API）",
}
_SAID = {"off": "止めました。2秒以内にすべての窓口に効きます。", "on": "再開しました。"}


@router.get("", response_class=HTMLResponse)
def switches(
    request: Request, who: Seeing, said: Annotated[str, Query(max_length=8)] = "",
    chosen: Annotated[str, Query(max_length=320)] = "",
) -> HTMLResponse:  # fmt: skip
    """What is off, and what can be switched off."""
    return _page(request, who, said=_SAID.get(said, ""), chosen=chosen)


@router.post("")
def switch(request: Request, who: Acting, form: Posted) -> Response:
    """Switch off (with a reason) or on again; both are recorded."""
    here, off, reason = system(request), text_of(form, "off", 1) == "1", text_of(form, "reason", 500).strip()
    chosen = text_of(form, "switch", 320)
    scope, _, name = chosen.partition(":")
    try:
        wanted = Switch(scope=Scope(scope), name=name)
    except ValueError:
        return _page(request, who, error="止めるものを一覧から選んでください。", chosen=chosen, status=422)
    if off and not reason:
        return _page(request, who, error="止める理由を入れてください。記録に残ります。", chosen=chosen, status=422)
    here.switches.set(who.town, wanted, off=off, by=who.name, reason=reason, at=here.clock())
    return to("/knowledge/switches", said="off" if off else "on")


def _page(
    request: Request, who: Curator, *, said: str = "", error: str = "", chosen: str = "", status: int = 200
) -> HTMLResponse:
    here = system(request)
    choices = _choices(here, who.town)
    known = dict(option for _, options in choices for option in options)
    off = here.switches.listed(who.town)
    names = {one.switch: known.get(f"{one.switch.scope.value}:{one.switch.name}", one.switch.name) for one in off}
    return draw(
        request, "switches", who, status=status, here="switches", off=off, names=names, choices=choices, said=said,
        error=error, chosen=chosen, history=here.switches.history(who.town),
    )  # fmt: skip


def _choices(here: System, town: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """Groups of (value, what staff read)."""
    owners = here.town(town).owners
    documents = [d for owner in owners for d in here.knowledge.documents(owner)]
    guides = {d.key: d.title for d in reversed(documents) if d.language == "ja"}
    guides |= {d.key: d.title for d in documents if d.key not in guides}
    tables = {f"table:{t.id}": t.title for owner in owners for t in here.knowledge.tables(owner)}
    topics = sorted({d.topic for d in documents if d.topic})
    return [
        ("全体", [("all:", "すべての自動の答え"), ("llm:", "言語モデル（LLM）だけ")]),
        ("窓口", [(f"channel:{channel.value}", name) for channel, name in _CHANNELS.items()]),
        ("分野", [(f"topic:{topic}", f"分野 {topic}") for topic in topics]),
        (
            "サービス（予約や照会）",
            [
                ("topic:services", "すべてのサービス"),
                *((f"service:{spec.id}", spec.title["ja"]) for spec in load_catalogue().values()),
            ],
        ),
        ("一覧表", [(f"guide:{key}", title) for key, title in sorted(tables.items())]),
        ("案内", [(f"guide:{key}", title) for key, title in sorted(guides.items(), key=lambda item: item[1])]),
    ]
