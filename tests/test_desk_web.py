"""Staff log in, see only their towns, and every form carries a token; residents leave a way to be reached."""

import re
import shutil
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from browser_peer import serving
from fastapi.testclient import TestClient

from assistant.bootstrap import System, build
from assistant.desk.staff import Role
from assistant.desk.ticket import State
from assistant.errors import PasswordRefused, UnknownUser
from assistant.store.knowledge import TownProfile
from assistant.web.app import create_app
from tests.conftest import DEMO, settings_for

PASSWORD = "a long enough password"
SATURDAY = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
OTHER = "999997"


class Clock:
    """Goes on from Saturday noon by a millisecond each time it is read."""

    def __init__(self) -> None:
        self.now = SATURDAY

    def __call__(self) -> datetime:
        self.now += timedelta(milliseconds=1)
        return self.now


@pytest.fixture(scope="module")
def office(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    home = Path(shutil.copytree(demo_home, tmp_path_factory.mktemp("desk") / "home"))
    system = build(settings_for(home, rate_logins=1_000_000), clock=Clock())
    system.knowledge.put_town(TownProfile(code=OTHER, prefecture=None, profile={"name": {"ja": "よその市"}}))
    for name, role, town in (
        ("tanaka", Role.CLERK, DEMO), ("sato", Role.CLERK, DEMO), ("kato", Role.CURATOR, DEMO),
        ("abe", Role.ADMIN, DEMO), ("yoso", Role.CLERK, OTHER),
    ):  # fmt: skip
        assert system.users.add(name, PASSWORD, role, town, SATURDAY)
    yield system
    system.close()


@pytest.fixture
def visitor(office: System) -> TestClient:
    return TestClient(create_app(office), raise_server_exceptions=False, follow_redirects=False)


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, f"no field {name}"
    return found[1]


def log_in(visitor: TestClient, name: str = "tanaka", password: str = PASSWORD, next_: str = "") -> httpx.Response:
    page = visitor.get("/login", params={"next": next_})
    fields = {"name": name, "password": password, "form": hidden(page.text, "form"), "next": hidden(page.text, "next")}
    return visitor.post("/login", data=fields)


def csrf(visitor: TestClient, path: str = "/desk") -> str:
    return hidden(visitor.get(path).text, "csrf")


def handed_over(office: System, visitor: TestClient) -> tuple[str, dict[str, str], str]:
    """Conversation, its authorisation and the ticket's number."""
    started = visitor.post("/api/v1/conversations", json={"town": DEMO, "language": "ja"}).json()
    bearer = {"Authorization": f"Bearer {started['token']}"}
    path = f"/api/v1/conversations/{started['id']}/messages"
    said = visitor.post(path, json={"text": "担当の人と話したい"}, headers=bearer).json()
    return started["id"], bearer, said["handoff"]["ticket"]


def test_pages_lead_to_the_login_and_back(office: System, visitor: TestClient) -> None:
    for path in ("/desk", "/desk/tickets/X", "/admin", "/desk/events"):
        refused = visitor.get(path)
        assert (refused.status_code, refused.headers["location"][:13]) == (303, "/login?next=/")
    entered = log_in(visitor, next_="/desk")
    assert (entered.status_code, entered.headers["location"]) == (303, "/desk")
    cookie = entered.headers["set-cookie"]
    assert "HttpOnly" in cookie and "SameSite=lax" in cookie and "Secure" not in cookie
    page = visitor.get("/desk")
    assert page.status_code == 200 and page.headers["cache-control"] == "no-store"
    left = visitor.post("/logout", data={"csrf": csrf(visitor)})
    assert left.headers["location"] == "/login" and visitor.get("/desk").status_code == 303


def test_the_cookie_is_secure_behind_https(office: System) -> None:
    visitor = TestClient(create_app(office), base_url="https://testserver", follow_redirects=False)
    assert "Secure" in log_in(visitor).headers["set-cookie"]


@pytest.mark.parametrize("next_", ["https://evil.example/", "//evil.example", "/\\evil.example", "/static/x", "/deskx"])
def test_the_login_leads_nowhere_else(office: System, visitor: TestClient, next_: str) -> None:
    assert log_in(visitor, next_=next_).headers["location"] == "/desk"


@pytest.mark.parametrize(("name", "password"), [("tanaka", "wrong password"), ("nobody", PASSWORD), ("", "")])
def test_a_wrong_name_and_a_wrong_password_look_the_same(
    office: System, visitor: TestClient, name: str, password: str
) -> None:
    refused = log_in(visitor, name, password)
    assert refused.status_code == 401 and "名前またはパスワードが違います" in refused.text
    assert visitor.get("/desk").status_code == 303


def test_a_login_form_that_is_not_ours_is_refused(office: System, visitor: TestClient) -> None:
    assert visitor.post("/login", data={"name": "tanaka", "password": PASSWORD}).status_code == 403
    visitor.get("/login")
    refused = visitor.post("/login", data={"name": "tanaka", "password": PASSWORD, "form": "guessed"})
    assert refused.status_code == 403


def test_guessing_passwords_is_slowed_down(home: Path) -> None:
    system = build(settings_for(home, rate_logins=3))
    visitor = TestClient(create_app(system), follow_redirects=False)
    statuses = [log_in(visitor, "tanaka", "wrong").status_code for _ in range(5)]
    system.close()
    assert statuses == [401, 401, 401, 429, 429]


def test_every_form_needs_the_sessions_token(office: System, visitor: TestClient) -> None:
    _, _, ticket = handed_over(office, visitor)
    log_in(visitor)
    for path, fields in (
        (f"/desk/tickets/{ticket}/move", {"to": "claim"}), (f"/desk/tickets/{ticket}/reply", {"text": "x"}),
        (f"/desk/tickets/{ticket}/note", {"text": "x"}), (f"/desk/tickets/{ticket}/called", {}), ("/logout", {}),
    ):  # fmt: skip
        for token in ({}, {"csrf": "guessed"}):
            assert visitor.post(path, data={**fields, **token}).status_code == 403, path
    assert office.desk.store.ticket(DEMO, ticket).state is State.WAITING


def test_roles_and_towns_bound_what_a_person_sees(office: System, visitor: TestClient) -> None:
    _, _, ticket = handed_over(office, visitor)
    log_in(visitor, "kato")
    assert visitor.get("/desk").status_code == 403, "curators do not answer residents"
    log_in(visitor, "yoso")
    assert ticket not in visitor.get("/desk").text
    for path in (f"/desk/tickets/{ticket}", f"/desk/tickets/{ticket}/thread"):
        assert visitor.get(path).status_code == 404
    assert visitor.get("/desk", params={"town": DEMO}).status_code == 403
    token = csrf(visitor)
    claimed = visitor.post(f"/desk/tickets/{ticket}/move", data={"csrf": token, "to": "claim"})
    assert claimed.status_code == 404
    assert visitor.get("/admin").status_code == 403
    log_in(visitor, "abe")
    assert visitor.get("/desk").status_code == visitor.get("/admin").status_code == 200


def test_a_case_shows_what_the_bot_tried_and_why_it_stopped(office: System, visitor: TestClient) -> None:
    started = visitor.post("/api/v1/conversations", json={"town": DEMO, "language": "ja"}).json()
    bearer = {"Authorization": f"Bearer {started['token']}"}
    path = f"/api/v1/conversations/{started['id']}/messages"
    visitor.post(path, json={"text": "転入届の期限はいつまでですか"}, headers=bearer)
    said = visitor.post(path, json={"text": "私の申請の結果を教えて <b>x</b>"}, headers=bearer).json()
    log_in(visitor)
    page = visitor.get(f"/desk/tickets/{said['handoff']['ticket']}").text
    assert "転入届の期限はいつまでですか" in page and "ボットの判断" in page
    assert "見つけた資料" in page and "引っ越してきたとき" in page, "the guides that the bot found, by title"
    assert office.words.labels[said["why"]] in page
    read = list(office.access.entries(started["id"]))[-1].access
    assert (read.who, read.what, read.outcome) == ("clerk:tanaka", ("conversation",), "read"), "the record names who"
    assert "<b>x</b>" not in page and "&lt;b&gt;x&lt;/b&gt;" in page


def test_two_clerks_on_one_case(office: System, visitor: TestClient) -> None:
    conversation, bearer, ticket = handed_over(office, visitor)
    colleague = TestClient(create_app(office), follow_redirects=False)
    log_in(visitor), log_in(colleague, "sato")
    mine, theirs = csrf(visitor), csrf(colleague)
    first = visitor.post(f"/desk/tickets/{ticket}/move", data={"csrf": mine, "to": "claim"})
    assert first.headers["location"] == f"/desk/tickets/{ticket}"
    for act, fields in (("move", {"to": "claim"}), ("move", {"to": "close"})):
        late = colleague.post(f"/desk/tickets/{ticket}/{act}", data={"csrf": theirs, **fields})
        assert late.headers["location"].endswith("said=moved")
    assert "先に操作した" in colleague.get(f"/desk/tickets/{ticket}?said=moved").text
    late = colleague.post(f"/desk/tickets/{ticket}/reply", data={"csrf": theirs, "text": "私です<b>"})
    assert late.status_code == 409 and "先に操作した" in late.text
    assert "data-unsent>私です&lt;b&gt;</p>" in late.text, "what was written is not lost"
    colleague.post(f"/desk/tickets/{ticket}/note", data={"csrf": theirs, "text": "折り返し済み？", "said_id": "n1"})
    visitor.post(f"/desk/tickets/{ticket}/reply", data={"csrf": mine, "text": "市民課です\x00", "said_id": "r1"})
    nothing = visitor.post(f"/desk/tickets/{ticket}/reply", data={"csrf": mine, "text": " \n"})
    assert nothing.headers["location"].endswith("empty")
    thread = visitor.get(f"/api/v1/conversations/{conversation}/messages", headers=bearer).json()
    assert [(m["role"], m["text"]) for m in thread["messages"][2:]] == [("state", "taken"), ("clerk", "市民課です")]
    assert thread["last_event"] > 0 and "折り返し済み" not in str(thread), "notes are for staff only"
    assert "折り返し済み？" in visitor.get(f"/desk/tickets/{ticket}").text


def test_a_resident_leaves_a_way_to_be_reached_out_of_hours(office: System, visitor: TestClient) -> None:
    conversation, bearer, ticket = handed_over(office, visitor)
    path = f"/api/v1/conversations/{conversation}/callbacks"
    wish = {"ticket": ticket, "name": "朝凪 花子", "phone": "０００－４８２－９９９９", "when": "平日の午後"}
    assert visitor.post(path, json=wish, headers=bearer).status_code == 204
    for bad, status in (
        ({**wish, "phone": ""}, 422), ({**wish, "phone": "call me"}, 422), ({**wish, "email": "no-mail"}, 422),
        ({**wish, "ticket": "AAAA-AAAA"}, 404), ({**wish, "name": "x" * 201}, 422),
    ):  # fmt: skip
        refused = visitor.post(path, json=bad, headers=bearer)
        assert refused.status_code == status and "花子" not in refused.text
    assert visitor.post(path, json=wish).status_code == 401
    log_in(visitor)
    page = visitor.get(f"/desk/tickets/{ticket}").text
    assert "朝凪 花子" in page and "000-482-9999" in page and "平日の午後" in page
    assert "折り返し希望" in visitor.get("/desk").text
    visitor.post(f"/desk/tickets/{ticket}/called", data={"csrf": csrf(visitor)})
    assert "折り返し済み" in visitor.get("/desk").text


def test_admins_add_and_disable_users(office: System, visitor: TestClient) -> None:
    log_in(visitor, "abe")
    token = csrf(visitor, "/admin")
    new = {"csrf": token, "name": "mori", "role": "clerk", "password": PASSWORD, "town": DEMO}
    assert visitor.post("/admin/users", data={**new, "password": "short"}).headers["location"].endswith("said=short")
    assert visitor.post("/admin/users", data={**new, "town": OTHER}).status_code == 403
    assert visitor.post("/admin/users", data=new).headers["location"].endswith("said=added")
    clerk = TestClient(create_app(office), follow_redirects=False)
    assert log_in(clerk, "mori").status_code == 303 and clerk.get("/desk").status_code == 200
    assert visitor.post("/admin/users/disable", data={"csrf": token, "name": "yoso", "town": DEMO}).status_code == 404
    visitor.post("/admin/users/disable", data={"csrf": token, "name": "mori", "town": DEMO})
    assert clerk.get("/desk").status_code == 303, "logged out at once"
    assert log_in(clerk, "mori").status_code == 401
    own = visitor.post("/admin/users/disable", data={"csrf": token, "name": "abe"})
    assert own.headers["location"].endswith("self")


def test_accounts_and_sessions(office: System) -> None:
    users = office.users
    assert not users.add("tanaka", "", Role.AUDITOR, OTHER, SATURDAY), "an account that is there gets the role"
    token = users.start_session("tanaka", SATURDAY)
    session = users.session(token, SATURDAY + timedelta(hours=9))
    assert session is not None and session.staff.roles[OTHER] == {Role.AUDITOR}
    assert users.session(token, SATURDAY + timedelta(hours=11)) is None, "a session ends with the working day"
    with pytest.raises(PasswordRefused):
        users.add("kurz", "ninechars", Role.CLERK, DEMO, SATURDAY)
    with pytest.raises(UnknownUser):
        users.disable("nobody", SATURDAY)
    users.set_password("sato", "が another password")
    assert users.check("sato", "か\u3099 another password"), "composed or not, it is the same password"
    users.set_password("sato", PASSWORD)
    raw = b"".join(file.read_bytes() for file in office.settings.home.glob("madoguchi.db*"))
    assert PASSWORD.encode() not in raw and token.encode() not in raw and b"$argon2id$" in raw


@pytest.mark.peer
def test_the_desk_hears_by_server_sent_events_and_goes_on_after_a_lost_connection(office: System) -> None:
    with serving(create_app(office)) as base, httpx.Client(base_url=base, timeout=20) as browser:
        page = browser.get("login").text
        fields = {"name": "tanaka", "password": PASSWORD, "form": hidden(page, "form")}
        assert browser.post("login", data=fields).status_code == 303
        after = office.desk.store.last_event(DEMO)
        heard: list[str] = []

        def listen(headers: dict[str, str]) -> None:
            with browser.stream("GET", f"desk/events?after={after}", headers=headers) as stream:
                assert stream.headers["content-type"].startswith("text/event-stream")
                for line in stream.iter_lines():
                    heard.append(line)
                    if line.startswith("data:"):
                        return

        listening = threading.Thread(target=listen, args=({},))
        listening.start()
        _, _, ticket = handed_over(office, browser)  # type: ignore[arg-type]
        listening.join(timeout=10)
        assert f'"ticket": "{ticket}"' in heard[-1] and '"opened"' in heard[-1]
        first = next(line for line in heard if line.startswith("id:")).removeprefix("id: ")
        office.desk.store.note(DEMO, ticket, "sato", "n2", "メモ", SATURDAY)
        listen({"Last-Event-ID": first})
        assert '"note"' in heard[-1], "what was heard before does not come again"
        assert "メモ" not in "".join(heard), "events never carry what was said"


SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin", "Accept": "text/html"}


def test_words_typed_before_the_session_ended_are_sent_after_the_next_login(
    office: System, visitor: TestClient
) -> None:
    conversation, bearer, ticket = handed_over(office, visitor)
    log_in(visitor)
    visitor.post(f"/desk/tickets/{ticket}/move", data={"csrf": csrf(visitor), "to": "claim"})
    page = visitor.get(f"/desk/tickets/{ticket}").text
    typed = {"csrf": csrf(visitor), "said_id": hidden(page, "said_id"), "text": "\n市民課です。<b>\n二行目"}
    office.users.end_session(visitor.cookies["madoguchi_staff"])
    late = visitor.post(f"/desk/tickets/{ticket}/reply", data=typed, headers=SAME_ORIGIN)
    assert late.status_code == 401 and "市民課です。&lt;b&gt;" in late.text and "まだ送られていません" in late.text
    kept = {"kept_action": f"/desk/tickets/{ticket}/reply", "kept_name": ["said_id", "text"],
            "kept_value": [typed["said_id"], typed["text"]]}  # fmt: skip
    login = {"name": "tanaka", "password": "wrong", "form": hidden(late.text, "form"), "next": "/desk", **kept}
    wrong = visitor.post("/login", data=login)
    assert wrong.status_code == 401 and "二行目" in wrong.text, "a wrong password loses nothing either"
    again = visitor.post("/login", data={**login, "password": PASSWORD, "form": hidden(wrong.text, "form")})
    assert again.status_code == 200 and f'action="/desk/tickets/{ticket}/reply"' in again.text
    thread = f"/api/v1/conversations/{conversation}/messages"
    assert "市民課です" not in visitor.get(thread, headers=bearer).text, "nothing is sent without being asked"
    sent = {**typed, "csrf": hidden(again.text, "csrf")}
    assert visitor.post(f"/desk/tickets/{ticket}/reply", data=sent).status_code == 303
    assert "市民課です。<b>\\n二行目" in visitor.get(thread, headers=bearer).text


def test_a_page_from_before_the_last_login_keeps_its_words_and_other_sites_words_never_come_back(
    office: System, visitor: TestClient
) -> None:
    _, _, ticket = handed_over(office, visitor)
    log_in(visitor)
    old, path = {"csrf": csrf(visitor), "text": "覚え書き"}, f"/desk/tickets/{ticket}/note"
    log_in(visitor)
    stale = visitor.post(path, data=old, headers=SAME_ORIGIN)
    assert stale.status_code == 403 and "覚え書き" in stale.text
    assert visitor.post(path, data={**old, "csrf": hidden(stale.text, "csrf")}).headers["location"].endswith("noted")
    for elsewhere in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}, {}):
        refused = visitor.post(path, data=old, headers={"Accept": "text/html", **elsewhere})
        assert refused.status_code == 403 and "覚え書き" not in refused.text, elsewhere
    page = visitor.get("/login").text
    foreign = {"name": "tanaka", "password": PASSWORD, "form": hidden(page, "form"), "kept_action": "//evil.example/",
               "kept_name": ["text"], "kept_value": ["x"]}  # fmt: skip
    assert visitor.post("/login", data=foreign).headers["location"] == "/desk"
    guessed = {**foreign, "form": "guessed", "kept_action": path}
    assert "kept_action" not in visitor.post("/login", data=guessed).text, "only from our own login form"


def test_a_refusal_is_a_page_for_people_and_a_problem_document_for_programs(
    office: System, visitor: TestClient
) -> None:
    log_in(visitor, "kato")
    refused = visitor.get("/desk", headers={"Accept": "text/html"})
    assert refused.status_code == 403 and "権限がない" in refused.text and 'href="/knowledge"' in refused.text
    assert visitor.get("/desk").headers["content-type"] == "application/problem+json"
    missing = visitor.get("/api/v1/towns/000001", headers={"Accept": "text/html"})
    assert missing.headers["content-type"] == "application/problem+json"
