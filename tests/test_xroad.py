"""Both ways to a back office keep the same contract; X-Road's own headers and errors are the protocol's."""

import base64
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from assistant.errors import SettingsError
from assistant.services.calling import key_of
from assistant.services.connecting import connector_of
from connectors.openapi import OpenApiConnector
from connectors.sandbox.backoffice import BackOffice, Mode
from connectors.sandbox.security_server import SecurityServer, request_hash
from connectors.service import (
    Call,
    Connector,
    ServiceError,
    ServiceMisused,
    ServiceNonsense,
    ServiceRefused,
    ServiceSlow,
    ServiceUnreachable,
)
from connectors.xroad import Identifier, XRoadConnector
from tests.conftest import settings_for
from tests.service_talks import Talk, serving

OURS = "JP-TEST/GOV/482013/MADOGUCHI"
THEIRS = "JP-TEST/GOV/482013/%E6%A5%AD%E5%8B%99/municipal"  # a subsystem with a Japanese name
BOOKING = {"item": "粗大ごみ（布団）", "yen": 300, "address": "港町1-2-3", "date": "2026-12-02"}


@pytest.fixture
def office(tmp_path: Path) -> Iterator[BackOffice]:
    with BackOffice(tmp_path / "office.db", delay=6.0) as running:
        yield running


@pytest.fixture
def ours(office: BackOffice) -> Iterator[SecurityServer]:
    with SecurityServer({THEIRS: office.url}, allowed={OURS: [THEIRS]}, timeout=30) as running:
        yield running


@pytest.fixture(params=["openapi", "xroad"])
def connector(request: pytest.FixtureRequest, office: BackOffice, ours: SecurityServer) -> Connector:
    if request.param == "openapi":
        return OpenApiConnector(office.url, seconds=4.0)
    return XRoadConnector(ours.url, client=OURS, service=THEIRS, seconds=4.0)


def call(operation: str = "bookBulkyWaste", key: str = "k1", **values: str | int) -> Call:
    return Call(operation=operation, values=values or BOOKING, key=key, user="JP0123", issue="case-1")


def test_a_call_does_its_work_once_for_one_key(connector: Connector, office: BackOffice) -> None:
    first, again, other = connector.call(call()), connector.call(call()), connector.call(call(key="k2"))
    assert first == again and first["number"] != other["number"]
    assert first["yen"] == 300 and len(office.rows("bookings")) == 2
    with pytest.raises(ServiceRefused, match="key_reused"):
        connector.call(call(**{**BOOKING, "address": "別の住所1"}))


def test_values_in_the_path_and_refusals_with_their_code(connector: Connector) -> None:
    number = str(connector.call(call())["number"])
    assert connector.call(call("cancelBulkyWaste", "k3", number=number)) == {"number": number}
    for key, asked, code, status in (
        ("k4", number, "already_cancelled", 409), ("k5", "BW-000000/../x?y=1", "unknown_number", 404)
    ):  # fmt: skip
        with pytest.raises(ServiceRefused) as refused:
            connector.call(call("cancelBulkyWaste", key, number=asked))
        assert (refused.value.code, refused.value.status) == (code, status)
    with pytest.raises(ServiceRefused, match="not_identified"):
        connector.call(call("findCertificate", "k6", number="SH-100234", birth_date="1999-01-01"))


def test_a_wrong_call_never_leaves_the_house(connector: Connector, office: BackOffice) -> None:
    for wrong in (call("noSuchThing"), call(item="x"), call(**{**BOOKING, "yen": "300"}), call(**{**BOOKING, "z": 1}),
                  call(**{**BOOKING, "date": "soon"})):  # fmt: skip
        with pytest.raises(ServiceMisused):
            connector.call(wrong)
    assert office.rows("bookings") == [] and office.rows("keys") == []


@pytest.mark.parametrize(
    ("mode", "error"),
    [(Mode.DOWN, ServiceUnreachable), (Mode.SLOW, ServiceSlow), (Mode.NONSENSE, ServiceNonsense)],
)
def test_a_failing_back_office_is_told_apart(
    connector: Connector, office: BackOffice, mode: Mode, error: type[ServiceError]
) -> None:
    connector.call(call(key="warm"))
    office.mode = mode
    with pytest.raises(error) as raised:
        connector.call(call())
    assert "港町" not in str(raised.value)
    office.mode = Mode.GOOD
    assert connector.call(call()) == connector.call(call()), "the same key finds what the slow one did"
    assert len(office.rows("bookings")) == 2


def test_a_back_office_that_is_not_there_and_comes_back(tmp_path: Path) -> None:
    with BackOffice(tmp_path / "a.db") as office:
        url, port = office.url, office.server.server_address[1]
    connector = OpenApiConnector(url, seconds=4.0)
    with pytest.raises(ServiceUnreachable):
        connector.call(call())
    with BackOffice(tmp_path / "a.db", port=port):
        assert connector.call(call())["yen"] == 300


def test_x_road_headers_go_out_and_come_back(office: BackOffice, ours: SecurityServer) -> None:
    XRoadConnector(ours.url, client=OURS, service=THEIRS).call(call())
    describing, booking = ours.seen
    assert booking["x-road-client"] == OURS and booking["x-road-userid"] == "JP0123"
    assert booking["x-road-issue"] == "case-1" and booking["idempotency-key"] == "k1"
    assert len(booking["x-road-id"]) == 36 and booking["x-road-id"] != describing["x-road-id"]
    url = f"{ours.url}/r1/{THEIRS}/openapi.json"
    reply = httpx.get(url, headers={"X-Road-Client": OURS, "X-Road-Id": "abc"})
    assert reply.json()["openapi"] == "3.0.3" and reply.headers["x-road-id"] == "abc"
    assert reply.headers["x-road-service"] == THEIRS and "x-road-error" not in reply.headers
    assert len(base64.b64decode(reply.headers["x-road-request-hash"])) == 64
    assert request_hash("a", b"") != request_hash("a", b"b")


ERRORS = (
    ("/r1/JP-TEST/GOV", OURS, 400, "Client.BadRequest"),
    (f"/r2/{THEIRS}/x", OURS, 400, "Client.BadRequest"),
    (f"/r1/{THEIRS}/x", "", 400, "Client.BadRequest"),
    (f"/r1/{THEIRS}/x", "JP-TEST/GOV/1/NOBODY", 500, "Server.ClientProxy.UnknownMember"),
    ("/r1/JP-TEST/GOV/482013/OTHER/service/x", OURS, 500, "Server.ServerProxy.AccessDenied"),
)


@pytest.mark.parametrize(("path", "client", "status", "kind"), ERRORS)
def test_the_security_server_answers_errors_as_the_protocol_says(
    ours: SecurityServer, path: str, client: str, status: int, kind: str
) -> None:
    reply = httpx.get(ours.url + path, headers={"X-Road-Client": client} if client else {})
    assert (reply.status_code, reply.headers["x-road-error"], reply.json()["type"]) == (status, kind, kind)
    assert set(reply.json()) == {"type", "message", "detail"}


def test_x_road_errors_are_told_apart_from_the_back_offices(office: BackOffice, ours: SecurityServer) -> None:
    good = XRoadConnector(ours.url, client=OURS, service=THEIRS, seconds=2)
    good.call(call())
    ours.fault = "Server.ClientProxy.OutdatedGlobalConf"
    with pytest.raises(ServiceUnreachable, match="OutdatedGlobalConf"):
        good.call(call(key="k2"))
    ours.fault = ""
    office.mode = Mode.DOWN
    with pytest.raises(ServiceUnreachable) as down:
        good.call(call(key="k2"))
    assert "X-Road" not in str(down.value), "the provider's own 503 is no error of X-Road"
    with pytest.raises(ServiceMisused, match="UnknownMember"):
        XRoadConnector(ours.url, client="JP-TEST/GOV/1/NOBODY", service=THEIRS).call(call())
    ours.providers[THEIRS] = "http://127.0.0.1:9"
    with pytest.raises(ServiceUnreachable, match="NetworkError"):
        good.call(call(key="k2"))


def test_an_answer_to_another_request_is_refused(tmp_path: Path, office: BackOffice) -> None:
    # A back office spoken to directly is no Security Server: it names no message.
    with pytest.raises(ServiceError):
        XRoadConnector(office.url, client=OURS, service=THEIRS).call(call())


@pytest.mark.parametrize("text", ["", "A/B", "A//C/D", "A/B/C/D/E/F", " / / / "])
def test_identifiers_are_whole_or_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(ValueError, match="INSTANCE/CLASS"):
        Identifier.parse(text, sizes=(3, 4))
    if text:
        settings = settings_for(tmp_path, xroad_server="http://x", xroad_client=text, xroad_service=THEIRS)
        with pytest.raises(SettingsError):
            connector_of(settings)


def test_identifiers_keep_their_letters() -> None:
    named = Identifier.parse("JP/GOV/482013/業務 A%2FB", sizes=(4,))
    assert named.parts[-1] == "業務 A/B" and str(named).endswith("%E6%A5%AD%E5%8B%99%20A%2FB")
    assert Identifier.parse(str(named), sizes=(4,)) == named


def test_keys_differ_between_conversations_and_hold_no_text() -> None:
    assert key_of("a", "m-1") == key_of("a", "m-1") != key_of("b", "m-1")
    assert json.dumps(key_of("a", "1")).isascii()


def test_a_resident_books_over_x_road(
    demo_home: Path, tmp_path: Path, office: BackOffice, ours: SecurityServer
) -> None:
    home = Path(shutil.copytree(demo_home, tmp_path / "home"))
    road = {"services_url": "", "xroad_server": ours.url, "xroad_client": OURS, "xroad_service": THEIRS}
    with serving(home, office, **road) as system:
        talk = Talk(system)
        done = talk.say("布団の粗大ごみの収集を予約したい", "はい", "港町1-2-3", "12月2日", "はい")
        assert done["decision"] == "act" and len(office.rows("bookings")) == 1
        assert [e.access.who for e in system.access.entries(talk.id)] == ["service:bulky-waste via xroad"] * 2
        assert ours.seen[-1]["x-road-userid"].startswith("JP") and talk.id not in str(ours.seen)
        ours.fault = "Server.ServerProxy.InternalError"
        talk = Talk(system)
        failed = talk.say("布団の粗大ごみの収集を予約したい", "はい", "港町9-9-9", "12月2日", "はい")
        assert failed["why"] == "part_failed" and "港町9丁目9番9号" in str(talk.ticket()["summary"])
