"""What staff see when a page or a form is refused: a page in their language instead of a problem document."""

from __future__ import annotations

from fastapi import FastAPI, Request, Response

from assistant.web.kept_forms import OWN_PAGES, Interrupted
from assistant.web.login import interrupted
from assistant.web.problems import Problem, problem
from assistant.web.staff import session_of, staff_page
from assistant.web.state import system

_WORDS = {
    403: "この画面や操作の権限がないか、画面が古くなっています。開き直しても変わらなければ、管理者に頼んでください。",
    404: "見つかりませんでした。アドレスが違うか、ほかの自治体のものです。",
    409: "いまはできません。画面を開き直して、状態を確かめてください。",
    413: "ファイルが大きすぎます。分けて送ってください。",
    422: "入力を確かめて、もう一度送ってください。",
    429: "操作が多すぎます。少し待ってから、もう一度お試しください。",
}
_OTHER = "うまくいきませんでした。少し待ってから、もう一度お試しください。"


def install(app: FastAPI) -> None:
    """Answer staff's browsers with pages; programs still get problem documents. Comes after `problems.install`."""
    app.add_exception_handler(Interrupted, interrupted)
    app.add_exception_handler(Problem, _refused)


def _refused(request: Request, exc: Exception) -> Response:
    assert isinstance(exc, Problem)
    wants_page = "text/html" in request.headers.get("accept", "") and OWN_PAGES.fullmatch(request.url.path)
    if not wants_page or exc.status < 400:
        return problem(exc.status, exc.title, exc.detail, exc.headers)
    here = system(request)
    town = here.default_town() if here.knowledge.towns() else ""
    words = _WORDS.get(exc.status, _OTHER)
    page = staff_page(request, "desk/refused.html", session_of(request), town=town, status=exc.status, words=words,
                      detail=exc.detail)  # fmt: skip
    page.headers.update(exc.headers or {})
    return page
