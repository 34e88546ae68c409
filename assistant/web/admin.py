"""The admin's page: who works here, and the ways to the switches."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from assistant.desk.staff import Role
from assistant.errors import PasswordRefused, UnknownUser
from assistant.store.users import MIN_PASSWORD, Session
from assistant.web.problems import Problem
from assistant.web.staff import acting, signed_in, staff_page, town_of
from assistant.web.state import system

router = APIRouter(prefix="/admin", include_in_schema=False)

Acting = Annotated[Session, Depends(acting)]
_SAID = {
    "added": "利用者を加えました。",
    "granted": "すでにある利用者に、この役割を加えました。パスワードは変わりません。",
    "short": f"パスワードは{MIN_PASSWORD}文字以上にしてください。",
    "unnamed": "名前を入力してください。",
    "disabled": "この利用者はもうログインできません。",
    "self": "自分自身は停止できません。",
}
ROLES = {Role.ADMIN: "管理者", Role.CLERK: "受付担当", Role.CURATOR: "知識担当", Role.AUDITOR: "監査"}


@router.get("", response_class=HTMLResponse)
def admin(
    request: Request, session: Annotated[Session, Depends(signed_in)],
    town: Annotated[str, Query(max_length=6)] = "", said: str = "",
) -> HTMLResponse:  # fmt: skip
    """Users of the town."""
    code = _admins(session, town)
    return staff_page(
        request, "desk/admin.html", session, town=code, accounts=system(request).users.accounts(code), roles=ROLES,
        said=_SAID.get(said, ""),
    )  # fmt: skip


@router.post("/users")
def add(
    request: Request, session: Acting, name: Annotated[str, Form(max_length=100)], role: Annotated[Role, Form()],
    password: Annotated[str, Form(max_length=200)] = "", town: Annotated[str, Form(max_length=6)] = "",
) -> RedirectResponse:  # fmt: skip
    """Add a user, or give one who is there another role."""
    here, code, plain = system(request), _admins(session, town), name.replace("\x00", "").strip()
    if not plain:
        return _back(code, "unnamed")
    try:
        new = here.users.add(plain, password, role, code, here.clock())
    except PasswordRefused:
        return _back(code, "short")
    return _back(code, "added" if new else "granted")


@router.post("/users/disable")
def disable(
    request: Request, session: Acting, name: Annotated[str, Form(max_length=100)],
    town: Annotated[str, Form(max_length=6)] = "",
) -> RedirectResponse:  # fmt: skip
    """Keep a user from logging in; their name stays on what they did."""
    here, code = system(request), _admins(session, town)
    if name == session.staff.name:
        return _back(code, "self")
    if name not in {account.name for account in here.users.accounts(code)}:
        raise Problem(404, "Unknown user", str(UnknownUser()))
    here.users.disable(name, here.clock())
    return _back(code, "disabled")


def _admins(session: Session, town: str) -> str:
    return town_of(session, town)  # no role but admin's


def _back(town: str, said: str) -> RedirectResponse:
    return RedirectResponse(f"/admin?town={town}&said={said}", status_code=303)
