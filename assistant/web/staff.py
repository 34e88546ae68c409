"""What all staff pages share: who is logged in, the token that forms carry, and how a page is drawn."""

from __future__ import annotations

import hmac
from datetime import datetime
from typing import Annotated
from urllib.parse import quote

from fastapi import Form, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse

from assistant.desk.hours import ZONE
from assistant.desk.staff import Role
from assistant.store.users import Session
from assistant.web.kept_forms import Interrupted, kept_form
from assistant.web.pages import templates
from assistant.web.problems import Problem
from assistant.web.state import system

COOKIE = "madoguchi_staff"
_NAVIGATION = (
    ("/desk", "受付", (Role.CLERK,)),
    ("/knowledge", "知識", (Role.CURATOR,)),
    ("/admin/record", "記録", (Role.AUDITOR,)),
    ("/admin", "管理", ()),  # admins only
)


def signed_in(request: Request) -> Session:
    """FastAPI dependency: the session of who asks. Others are sent to the login page (303)."""
    session = session_of(request)
    if session is None:
        # After a form only the page that showed it can be gone back to.
        path = request.url.path if request.method == "GET" else "/desk"
        raise Problem(303, "Log in", "Log in first.", {"Location": f"/login?next={quote(path)}"})
    return session


def session_of(request: Request) -> Session | None:
    """The session of who asks; None when nobody is logged in."""
    token, here = request.cookies.get(COOKIE, ""), system(request)
    return here.users.session(token, here.clock()) if token else None


async def acting(request: Request, csrf: Annotated[str, Form(max_length=64)] = "") -> Session:
    """FastAPI dependency for forms that change something: the session, its token checked.

    Raises Interrupted, which keeps what was typed, when the session ended or began anew since the page was drawn.
    """
    session = await run_in_threadpool(session_of, request)
    if session is not None and hmac.compare_digest(csrf.encode(), session.csrf.encode()):
        return session
    kept = kept_form(request, await request.form())
    if kept is not None:
        raise Interrupted(kept, session)
    if session is None:
        return signed_in(request)
    raise Problem(403, "Form out of date", "This form is out of date. Load the page again and repeat.")


def town_of(session: Session, asked: str, *roles: Role) -> str:
    """The town asked for, or the person's first one; Problem 403 when they have none of the roles there."""
    towns = session.staff.towns(*roles)
    if not towns or (asked and asked not in towns):
        raise Problem(403, "Not allowed", "Your account may not do this here. Ask an administrator for the role.")
    return asked or towns[0]


def is_secure(request: Request) -> bool:
    """True when residents and staff reach this server by https: cookies are then marked Secure."""
    return request.url.scheme == "https" or system(request).settings.public_url.startswith("https://")


def staff_page(
    request: Request, template: str, session: Session | None, *, town: str, status: int = 200,
    works_as: Role = Role.CLERK, **context: object,
) -> HTMLResponse:  # fmt: skip
    """A page under templates/; never kept by caches, since what it shows is confidential.

    `works_as` says in which other towns the person can have this kind of page.
    """
    here = system(request)
    profile = here.knowledge.town(town)
    staff = session.staff if session else None
    links = [(path, label) for path, label, roles in _NAVIGATION if staff and staff.may(town, *roles)]
    page = templates().get_template(template).render(
        town=town, town_name=profile.name("ja") if profile else "", staff=staff, csrf=session.csrf if session else "",
        links=links, path=request.url.path, local=local,
        towns=[(code, _name(request, code)) for code in staff.towns(works_as)] if staff else [], **context,
    )  # fmt: skip
    headers = {"Cache-Control": "no-store", "Referrer-Policy": "same-origin"}
    return HTMLResponse(page, status_code=status, headers=headers)


def local(moment: datetime) -> str:
    """Day and time in Japan, as staff read it."""
    at = moment.astimezone(ZONE)
    return f"{at.year}年{at.month}月{at.day}日 {at:%H:%M}"


def _name(request: Request, code: str) -> str:
    profile = system(request).knowledge.town(code)
    return profile.name("ja") if profile else code
