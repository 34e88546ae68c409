"""What staff typed into a form that can't be carried out now: it is kept until they have logged in again."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from fastapi import Request
from starlette.datastructures import FormData

from assistant.curation import guide_form
from assistant.store.users import Session

OWN_PAGES: Final = re.compile(r"/(desk|knowledge|admin)(/[\w\-./]*)?")
"""Where a login may lead: our own staff pages only."""

_TYPED: Final = frozenset(("text", "note", "reason", "heading", *guide_form.TEXTS, *guide_form.LINES))


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A form as it was sent, without its token."""

    action: str  # the path that it was sent to
    fields: tuple[tuple[str, str], ...]

    def __post_init__(self) -> None:
        if not OWN_PAGES.fullmatch(self.action):
            raise ValueError("only forms of our own staff pages are kept")

    @property
    def shown(self) -> list[str]:
        """What a person wrote, for them to see again."""
        return [value for name, value in self.fields if name in _TYPED and value.strip()]

    @property
    def page(self) -> str:
        """The page that the form stood on."""
        above, _, last = self.action.rpartition("/")
        return self.action if above.endswith("/drafts") or last in ("desk", "knowledge", "admin") else above


class Interrupted(Exception):
    """A form came with a session or a token that is out of date; nothing was done."""

    def __init__(self, kept: Kept, session: Session | None) -> None:
        super().__init__("The form came after the session had ended. Log in and send it again.")
        self.kept, self.session = kept, session


def kept_form(request: Request, form: FormData) -> Kept | None:
    """The form, when somebody typed into it on a page of ours; None for buttons, files, passwords and other sites.

    A form that another site sends must not come back to a member of staff as if it were their own.
    """
    if not OWN_PAGES.fullmatch(request.url.path) or not _from_here(request) or "password" in form:
        return None
    fields = [(name, value) for name, value in form.multi_items() if isinstance(value, str)]
    if len(fields) < len(form.multi_items()):
        return None  # a file can't be carried through a login
    kept = Kept(action=request.url.path, fields=tuple((n, v.replace("\x00", "")) for n, v in fields if n != "csrf"))
    return kept if kept.shown else None


def carried(form: FormData) -> Kept | None:
    """What the login form brings along; None when it brings nothing."""
    names, values = form.getlist("kept_name"), form.getlist("kept_value")
    pairs = tuple((n, v) for n, v in zip(names, values, strict=False) if isinstance(n, str) and isinstance(v, str))
    action = form.get("kept_action")
    if not pairs or not isinstance(action, str) or not OWN_PAGES.fullmatch(action):
        return None
    return Kept(action=action, fields=pairs)


def _from_here(request: Request) -> bool:
    """True when the browser says that one of our own pages sent the form."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    return request.headers.get("origin", "").partition("://")[2] == request.headers.get("host", "-")
