"""Log in and out."""

from __future__ import annotations

import hmac
import re
import secrets
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from assistant.store.users import SESSION_HOURS, Session
from assistant.web.problems import Problem
from assistant.web.staff import COOKIE, acting, is_secure, staff_page
from assistant.web.state import address, limits, system

router = APIRouter(include_in_schema=False)

_ASKED = "madoguchi_login"  # a cookie that only our own login page sets; its twin stands in the form
_OWN_PAGES = re.compile(r"/(desk|knowledge|admin)(/[\w\-./]*)?")
_WRONG = "名前またはパスワードが違います。"
_EXPIRED = "画面の有効期限が切れました。もう一度ログインしてください。"
_TOO_MANY = "ログインの回数が多すぎます。{seconds}秒ほど待ってから、もう一度お試しください。"


@router.get("/login", response_class=HTMLResponse)
def login_page(request: Request, next: Annotated[str, Query(max_length=200)] = "") -> HTMLResponse:
    """The login form."""
    return _form(request, next)


@router.post("/login")
def login(
    request: Request,
    name: Annotated[str, Form(max_length=100)] = "",
    password: Annotated[str, Form(max_length=200)] = "",
    form: Annotated[str, Form(max_length=64)] = "",
    next: Annotated[str, Form(max_length=200)] = "",
) -> Response:
    """Check name and password; a wrong one costs as much time as a right one, and tries are counted."""
    here, asked = system(request), request.cookies.get(_ASKED, "")
    if not asked or not hmac.compare_digest(form.encode(), asked.encode()):
        return _form(request, next, error=_EXPIRED, status=403)
    try:
        # Both ways of guessing are slowed down: one address with many names, many addresses with one name.
        limits(request).logins.take(f"address {address(request)}")
        limits(request).logins.take(f"name {name}")
    except Problem as exc:
        seconds = (exc.headers or {}).get("Retry-After", "60")
        return _form(request, next, error=_TOO_MANY.format(seconds=seconds), status=429)
    if not here.users.check(name, password):
        return _form(request, next, error=_WRONG, status=401)
    token = here.users.start_session(name, here.clock())
    reply = RedirectResponse(next if _OWN_PAGES.fullmatch(next) else "/desk", status_code=303)
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


def _form(request: Request, next_: str, *, error: str = "", status: int = 200) -> HTMLResponse:
    asked = secrets.token_urlsafe(24)
    here = system(request)
    towns = here.knowledge.towns()
    town = here.default_town() if towns else ""
    page = staff_page(request, "desk/login.html", None, town=town, status=status, form=asked, next=next_, error=error)
    page.set_cookie(_ASKED, asked, max_age=3600, httponly=True, samesite="strict", path="/login",
                    secure=is_secure(request))  # fmt: skip
    return page
