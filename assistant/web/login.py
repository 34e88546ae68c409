"""Log in and out."""

from __future__ import annotations

import hmac
import secrets
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from assistant.store.users import SESSION_HOURS, Session
from assistant.web.curators import Posted
from assistant.web.kept_forms import OWN_PAGES, Interrupted, Kept, carried
from assistant.web.problems import Problem
from assistant.web.staff import COOKIE, acting, is_secure, staff_page
from assistant.web.state import address, limits, system

router = APIRouter(include_in_schema=False)

_ASKED = "madoguchi_login"  # a cookie that only our own login page sets; its twin stands in the form
_WRONG = "名前またはパスワードが違います。"
_EXPIRED = "画面の有効期限が切れました。もう一度ログインしてください。"
_TOO_MANY = "ログインの回数が多すぎます。{seconds}秒ほど待ってから、もう一度お試しください。"


@router.get("/login", response_class=HTMLResponse)
def login_page(request: Request, next: Annotated[str, Query(max_length=200)] = "") -> Response:
    """The login form."""
    return _form(request, next)


@router.post("/login")
def login(
    request: Request,
    posted: Posted,
    name: Annotated[str, Form(max_length=100)] = "",
    password: Annotated[str, Form(max_length=200)] = "",
    form: Annotated[str, Form(max_length=64)] = "",
    next: Annotated[str, Form(max_length=200)] = "",
) -> Response:
    """Check name and password; a wrong one costs as much time as a right one, and tries are counted.

    A form that was sent after the session had ended comes along and is offered again, never sent by itself.
    """
    here, asked, kept = system(request), request.cookies.get(_ASKED, ""), carried(posted)
    if not asked or not hmac.compare_digest(form.encode(), asked.encode()):
        return _form(request, next, error=_EXPIRED, status=403)  # without what another site may have sent
    try:
        # Both ways of guessing are slowed down: one address with many names, many addresses with one name.
        limits(request).logins.take(f"address {address(request)}")
        limits(request).logins.take(f"name {name}")
    except Problem as exc:
        seconds = (exc.headers or {}).get("Retry-After", "60")
        return _form(request, next, error=_TOO_MANY.format(seconds=seconds), kept=kept, status=429)
    if not here.users.check(name, password):
        return _form(request, next, error=_WRONG, kept=kept, status=401)
    token = here.users.start_session(name, here.clock())
    reply: Response = RedirectResponse(next if OWN_PAGES.fullmatch(next) else "/desk", status_code=303)
    if kept is not None:
        reply = _resume(request, kept, here.users.session(token, here.clock()), status=200)
    reply.set_cookie(COOKIE, token, max_age=SESSION_HOURS * 3600, httponly=True, samesite="lax",
                     secure=is_secure(request))  # fmt: skip
    reply.delete_cookie(_ASKED, path="/login")
    return reply


@router.post("/logout")
def logout(request: Request, _: Annotated[Session, Depends(acting)]) -> RedirectResponse:
    """End the session."""
    system(request).users.end_session(request.cookies.get(COOKIE, ""))
    reply = RedirectResponse("/login", status_code=303)
    reply.delete_cookie(COOKIE)
    return reply


def interrupted(request: Request, exc: Exception) -> Response:
    """The answer to a form that came too late: the login page (401), or the form anew (403), with what was typed."""
    assert isinstance(exc, Interrupted)
    if exc.session is None:
        return _form(request, exc.kept.page, kept=exc.kept, status=401)
    return _resume(request, exc.kept, exc.session, status=403)


def _resume(request: Request, kept: Kept, session: Session | None, *, status: int) -> Response:
    return staff_page(request, "desk/resume.html", session, town=_town(request), status=status, kept=kept)


def _form(request: Request, next_: str, *, error: str = "", kept: Kept | None = None, status: int = 200) -> Response:
    asked = secrets.token_urlsafe(24)
    page = staff_page(request, "desk/login.html", None, town=_town(request), status=status, form=asked, next=next_,
                      error=error, kept=kept)  # fmt: skip
    page.set_cookie(_ASKED, asked, max_age=3600, httponly=True, samesite="strict", path="/login",
                    secure=is_secure(request))  # fmt: skip
    return page


def _town(request: Request) -> str:
    here = system(request)
    return here.default_town() if here.knowledge.towns() else ""
