"""A stand-in for e-Gov's 法令API Version 2 on a real socket: law data of given XML files, for tests and demos.

It answers GET /api/2/law_data/{law_id or revision id} in the published form (OpenAPI 2.1.139): JSON with the law
in Base64 by default, <law_data_response> with response_format=xml, {code, message} with 400 and 404. Among the
revisions of a law it takes the one in force on `asof`. Modes let it be slow, torn, broken or down.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from http import HTTPStatus
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from connectors.sandbox.loopback import Loopback, Spoken

_FILE = re.compile(r"^(?P<law>\d{3}[0-9A-Z]{2}\w{10})_(?P<day>\d{8})_\w{15}$")
_ID = re.compile(r"^\d{3}[0-9A-Z]{2}\w{10}(_\d{8}_\w{15})?$")
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>\s*")


class Mode(StrEnum):
    """How the stand-in behaves."""

    GOOD = "good"
    SLOW = "slow"  # waits `delay_s` before it answers
    TORN = "torn"  # closes the connection in the middle of the answer
    BROKEN = "broken"  # 200 with something that is no law
    DOWN = "down"  # 503 with a page of HTML, as a gateway sends it


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """One wording of a law and the day from which it applies."""

    law_id: str
    revision_id: str
    enforced: date
    xml: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What goes over the socket."""

    status: int
    body: bytes
    kind: str = "application/json; charset=utf-8"


def revisions_of(files: Iterable[Path]) -> list[Revision]:
    """The revisions in files named as e-Gov names them (405AC0000000088_20240401_504AC0100000052.xml).

    Raises ValueError, naming the file, for another name.
    """
    found = []
    for file in files:
        named = _FILE.match(file.stem)
        if not named:
            raise ValueError(f"{file.name}: name it LAWID_YYYYMMDD_LAWID.xml")
        day = named["day"]
        enforced = date(int(day[:4]), int(day[4:6]), int(day[6:]))
        xml = file.read_text("utf-8-sig")
        found.append(Revision(law_id=named["law"], revision_id=file.stem, enforced=enforced, xml=xml))
    return found


def answer(target: str, revisions: Iterable[Revision], today: date) -> Answer:
    """The answer to a GET of `target` (path with query)."""
    parts = urlsplit(target)
    found = re.fullmatch(r"/api/2/law_data/([^/]+)", parts.path)
    if not found:
        return refused(HTTPStatus.NOT_FOUND, "404000", "指定されたリソースは存在しません。")
    query = {key: values[-1] for key, values in parse_qs(parts.query).items()}
    law_id, day = unquote(found[1]), today
    if not _ID.match(law_id):
        return refused(HTTPStatus.BAD_REQUEST, "400004", "法令IDの形式が誤っています。")
    if "asof" in query:
        try:
            day = date.fromisoformat(query["asof"])
        except ValueError:
            return refused(HTTPStatus.BAD_REQUEST, "400011", "asofの形式が誤っています。")
    for key in ("law_full_text_format", "response_format"):
        if query.get(key, "json") not in ("json", "xml"):
            return refused(HTTPStatus.BAD_REQUEST, "400012", f"{key}の値が誤っています。")
    fitting = [one for one in revisions if law_id == one.revision_id or (law_id == one.law_id and one.enforced <= day)]
    if not fitting:
        return refused(HTTPStatus.NOT_FOUND, "404001", "指定された法令は存在しません。")
    chosen = max(fitting, key=lambda one: one.enforced)
    return in_xml(chosen) if query.get("response_format") == "xml" else in_json(chosen)


def refused(status: HTTPStatus, code: str, message: str) -> Answer:
    """A refusal in the published form."""
    return Answer(status=status, body=json.dumps({"code": code, "message": message}, ensure_ascii=False).encode())


def in_json(revision: Revision) -> Answer:
    """The law in the JSON envelope, its XML in Base64 (law_full_text_format=xml; the JSON form is not offered)."""
    envelope = {
        "attached_files_info": None,
        "law_info": {"law_id": revision.law_id, "law_num": _number(revision)},
        "revision_info": {
            "law_revision_id": revision.revision_id,
            "amendment_enforcement_date": revision.enforced.isoformat(),
            "current_revision_status": "CurrentEnforced",
        },
        "law_full_text": base64.b64encode(revision.xml.encode()).decode(),
    }
    return Answer(status=HTTPStatus.OK, body=json.dumps(envelope, ensure_ascii=False).encode())


def in_xml(revision: Revision) -> Answer:
    """The law in the XML envelope."""
    text = (
        '<?xml version="1.0" encoding="UTF-8"?><law_data_response>'
        f"<law_info><law_id>{revision.law_id}</law_id><law_num>{_number(revision)}</law_num></law_info>"
        f"<revision_info><law_revision_id>{revision.revision_id}</law_revision_id><amendment_enforcement_date>"
        f"{revision.enforced.isoformat()}</amendment_enforcement_date></revision_info>"
        f"<law_full_text>{_DECLARATION.sub('', revision.xml)}</law_full_text></law_data_response>"
    )
    return Answer(status=HTTPStatus.OK, body=text.encode(), kind="application/xml; charset=utf-8")


class EgovSandbox(Loopback):
    """The stand-in as a context: `with EgovSandbox([file]) as egov:` serves at `egov.base` until the block ends.

    `asked` holds the targets of all requests; `mode` may be changed between them.
    """

    def __init__(self, files: Iterable[Path], *, mode: Mode = Mode.GOOD, delay_s: float = 5.0) -> None:
        self.revisions = revisions_of(files)
        self.mode = mode
        self.delay_s = delay_s
        self.asked: list[str] = []
        super().__init__(_Requests, name="egov")

    @property
    def base(self) -> str:
        """The address to give as the base of the API."""
        return f"{self.url}/api/2"

    def answer(self, target: str) -> Answer:
        """The answer to a GET, in the mode of this moment."""
        self.asked.append(target)
        if self.mode is Mode.SLOW:
            self.closing.wait(self.delay_s)
        if self.mode is Mode.BROKEN:
            return Answer(status=HTTPStatus.OK, body=b'{"law_full_text": "PExhdz4="}')
        if self.mode is Mode.DOWN:
            return Answer(status=HTTPStatus.SERVICE_UNAVAILABLE, body=b"<html>busy</html>", kind="text/html")
        return answer(target, self.revisions, datetime.now(UTC).date())


class _Requests(Spoken):
    peer: EgovSandbox

    def do_GET(self) -> None:
        """A law, or what the mode makes of it."""
        found = self.peer.answer(self.path)
        self.close_connection = True
        body = found.body[: len(found.body) // 2] if self.peer.mode is Mode.TORN else found.body
        self.send_bytes(found.status, body, found.kind, {"Content-Length": str(len(found.body))})


def _number(revision: Revision) -> str:
    found = re.search(r"<LawNum>([^<]*)</LawNum>", revision.xml)
    return found[1] if found else ""
