"""What all curation pages share: who curates which town, and how a page is drawn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated
from urllib.parse import quote

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.datastructures import FormData

from assistant.desk.staff import Role
from assistant.store.users import Session
from assistant.web.staff import acting, signed_in, staff_page, town_of

TOWN_COOKIE = "madoguchi_town"


@dataclass(frozen=True, slots=True, kw_only=True)
class Curator:
    """A person who curates, and the town that they work on now."""

    name: str
    town: str
    towns: tuple[str, ...]
    session: Session


def curator(request: Request, session: Annotated[Session, Depends(signed_in)]) -> Curator:
    """FastAPI dependency: who asks for a page. Others are sent to the login page, or refused (403)."""
    return _curator(request, session)


def curating(request: Request, session: Annotated[Session, Depends(acting)]) -> Curator:
    """FastAPI dependency for forms that change something: the same, the form's token checked."""
    return _curator(request, session)


async def posted(request: Request) -> FormData:
    """FastAPI dependency: the form as it was sent."""
    return await request.form()


Seeing = Annotated[Curator, Depends(curator)]
Acting = Annotated[Curator, Depends(curating)]
Posted = Annotated[FormData, Depends(posted)]


def draw(request: Request, template: str, who: Curator, *, status: int = 200, **context: object) -> HTMLResponse:
    """A curation page."""
    return staff_page(
        request, f"knowledge/{template}.html", who.session, town=who.town, status=status, works_as=Role.CURATOR,
        curator=who, **context,
    )  # fmt: skip


def to(path: str, **query: str) -> RedirectResponse:
    """The answer to a form that did its work: see that page."""
    asked = "&".join(f"{name}={quote(value, safe='')}" for name, value in query.items())
    return RedirectResponse(f"{path}?{asked}" if asked else path, status_code=303)


def text_of(form: FormData, name: str, most: int = 2000) -> str:
    """A text field of the form, cut to `most` characters; empty when it is absent or a file."""
    value = form.get(name)
    return value.replace("\x00", "")[:most] if isinstance(value, str) else ""


def texts_of(form: FormData, name: str) -> list[str]:
    """All values of a field that may stand several times."""
    return [value.replace("\x00", "") for value in form.getlist(name) if isinstance(value, str)]


def _curator(request: Request, session: Session) -> Curator:
    towns = session.staff.towns(Role.CURATOR)
    chosen = request.cookies.get(TOWN_COOKIE, "")
    town = town_of(session, chosen if chosen in towns else "", Role.CURATOR)
    return Curator(name=session.staff.name, town=town, towns=tuple(towns), session=session)
