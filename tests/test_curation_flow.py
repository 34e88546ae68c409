"""Curation over real sockets and processes: what can go wrong between two people, an import, a kill and a resident."""

import sqlite3
import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import httpx
import pytest
from browser_peer import serving
from curation_people import CLERK, HANAKO, JIRO, PASSWORD, Office, Person, Resident, add_staff, published

from assistant.bootstrap import build
from assistant.curation.drafts import approved
from assistant.curation.switches import Scope, Switch
from assistant.model import Channel, Conversation, Turn, Why
from assistant.web.app import create_app
from tests.conftest import DEMO, settings_for
from tests.test_ingest_cli import counts, process
from tests.test_kill import Server

pytest_plugins = ("curation_stage",)
pytestmark = pytest.mark.peer

GUIDES = Path(__file__).parents[1] / "knowledge" / "demo_city" / "guides"
KITE_ID = "guide:kite-plaza@ja"
MOVE_IN = "guide:move-in@ja"
ASKED = "凧揚げ広場はどこですか"


def query(home: Path, sql: str, *values: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(f"file:{home / 'madoguchi.db'}?mode=ro", uri=True)) as database:
        return database.execute(sql, values).fetchall()


def test_a_guide_goes_from_form_to_answer_and_back_out(office: Office) -> None:
    hanako, jiro, resident = office.person(HANAKO), office.person(JIRO), Resident(office.base)
    assert resident.ask(ASKED)["why"] == "out_of_scope"
    draft = published(hanako, jiro)
    answer = resident.ask(ASKED)
    assert answer["why"] == "answered" and "浜手町の凧揚げ広場" in str(answer["text"]) and answer["citations"]
    assert jiro.publish(draft, 2).status_code == 409, "published once"
    stored = "SELECT provenance, author, reviewer FROM document_versions WHERE document = ?"
    assert query(office.home, stored, KITE_ID) == [("edited", HANAKO, JIRO)]
    assert hanako.post("/knowledge/withdraw", {"id": KITE_ID, "reason": " "}).status_code == 422
    assert hanako.post("/knowledge/withdraw", {"id": KITE_ID, "reason": "閉鎖"}).status_code == 200
    assert resident.ask(ASKED)["why"] == "out_of_scope"
    restored = jiro.post("/knowledge/restore", {"id": KITE_ID, "number": "1"}).url.path
    assert jiro.save(restored, 1, "submit").status_code == 200 and hanako.publish(restored, 2).status_code == 200
    assert resident.ask(ASKED)["why"] == "answered"
    done = [row[0] for row in query(office.home, "SELECT action FROM curation_log ORDER BY seq")]
    assert done == ["draft", "save", "submit", "publish", "withdraw", "draft", "save", "submit", "publish"]


def test_the_author_can_not_publish_and_a_reviewer_sends_back(office: Office) -> None:
    hanako, jiro = office.person(HANAKO), office.person(JIRO)
    draft = hanako.new_draft("kite-plaza", "凧")
    hanako.save(draft, 1, "submit")
    refused = hanako.publish(draft, 2)
    assert refused.status_code == 409 and "別の人が確認" in refused.text
    assert jiro.post(f"{draft}/return", {"revision": "2", "note": ""}).status_code == 422
    assert jiro.post(f"{draft}/return", {"revision": "2", "note": "料金の単位を"}).status_code == 200
    assert "料金の単位を" in hanako.get(draft).text
    assert Resident(office.base).ask(ASKED)["why"] == "out_of_scope"


def test_two_people_editing_lose_no_words(office: Office) -> None:
    hanako, jiro = office.person(HANAKO), office.person(JIRO)
    first = hanako.post("/knowledge/edit", {"id": MOVE_IN}).url.path
    assert jiro.post("/knowledge/edit", {"id": MOVE_IN}).url.path == first, "one open draft a text"
    assert hanako.save(first, 1, summary="花子の概要です。").status_code == 200
    late = jiro.save(first, 1, summary="次郎の概要です。")
    assert late.status_code == 409 and "先に保存しました" in late.text
    assert "次郎の概要です。" in late.text and "花子の概要です。" in late.text
    assert 'name="revision" value="2"' in late.text, "having seen it, the next save goes through"
    assert jiro.save(first, 2, summary="二人の概要です。").status_code == 200
    wrong = hanako.save(first, 3, summary="", questions="消えてはいけない質問")
    assert wrong.status_code == 422 and "消えてはいけない質問" in wrong.text and "概要を入れてください" in wrong.text


def test_a_text_that_changed_under_the_review_must_be_looked_at_again(office: Office) -> None:
    hanako, jiro = office.person(HANAKO), office.person(JIRO)
    published(hanako, jiro)
    draft = hanako.post("/knowledge/edit", {"id": KITE_ID}).url.path
    hanako.save(draft, 1, "submit", fee="1日 600円")
    assert jiro.post("/knowledge/withdraw", {"id": KITE_ID, "reason": "誤り"}).status_code == 200
    refused = jiro.publish(draft, 2)
    assert refused.status_code == 409 and "見比べました" in refused.text
    assert jiro.post(f"{draft}/rebase", {"revision": "2"}).status_code == 200
    assert jiro.publish(draft, 3).status_code == 200
    assert "600円" in str(Resident(office.base).ask("凧揚げ広場はいくらですか")["text"])


def edited_move_in(hanako: Person, jiro: Person) -> None:
    draft = hanako.post("/knowledge/edit", {"id": MOVE_IN}).url.path
    hanako.save(draft, 1, "submit", title="市外から引っ越してきたとき（転入届）", summary="職員が直した概要です。")
    assert jiro.publish(draft, 2).status_code == 200


def test_an_import_never_overwrites_what_staff_published_or_withdrew(office: Office, tmp_path: Path) -> None:
    hanako, jiro = office.person(HANAKO), office.person(JIRO)
    edited_move_in(hanako, jiro)
    assert hanako.post("/knowledge/withdraw", {"id": "guide:move-out@ja", "reason": "見直し"}).status_code == 200
    folder = tmp_path / "guides" / "ja"
    folder.mkdir(parents=True)
    for name in ("move-in", "move-out", "dog-registration"):
        source = GUIDES / "ja" / f"{name}.md"
        if source.exists():
            (folder / source.name).write_text(source.read_text(encoding="utf-8"), encoding="utf-8")
    (folder / "move-in.md").write_text(
        (folder / "move-in.md")
        .read_text(encoding="utf-8")
        .replace("summary: 市外から", "summary: ファイルで直した。市外から"),
        encoding="utf-8",
    )
    for n in range(2):
        done = process(
            office.home, "ingest", str(folder.parent), "--town", DEMO, "--kind", "guides", "--as-of", "2026-04-01"
        )
        assert done.returncode == 0 and counts(done.stdout)[3] == 0, done.stderr
        assert "conflict" in done.stderr and MOVE_IN in done.stderr, f"run {n}: reported until somebody looks"
        assert "move-out" not in done.stderr, "withdrawn, and the file says nothing new"
    page = hanako.get("/knowledge/guide", id=MOVE_IN).text
    assert "職員が直した概要です。" in page and "食い違っています" in page and page.count("取り込み案</span>") == 1
    withdrawn = "SELECT withdrawn_at IS NULL FROM documents WHERE id = 'guide:move-out@ja'"
    assert query(office.home, withdrawn) == [(0,)]
    offered = query(office.home, "SELECT number FROM document_versions WHERE provenance = 'offered'")[0][0]
    draft = hanako.post("/knowledge/restore", {"id": MOVE_IN, "number": str(offered)}).url.path
    assert "ファイルで直した" in hanako.get(draft).text, "staff can take the file's wording over"


def test_a_kill_loses_no_draft_no_guide_and_no_switch(home: Path) -> None:
    system = build(settings_for(home))
    add_staff(system)
    system.close()
    server = Server(home)
    try:
        office = Office(home, server.base)
        hanako = office.person(HANAKO)
        draft = hanako.new_draft("kite-plaza", "凧")
        hanako.save(draft, 1, "submit")
        hanako.post("/knowledge/switches", {"off": "1", "switch": "topic:garbage", "reason": "誤り"})
        office.close()
        server.kill()
        # Killed between the text and its index: the state that a SIGKILL inside publish leaves behind.
        system = build(settings_for(home))
        held = system.curation.store.draft(DEMO, draft.rpartition("/")[2])
        assert "3日前まで" in held.document.sections[0].text
        agreed = approved(held, seen=2, by=JIRO, in_force="", at=system.clock())
        system.curation.store.publish(agreed, seen=2)
        system.close()
        server.restart()
        resident = Resident(server.base)
        assert resident.ask(ASKED)["why"] == "answered", "the next start builds the index"
        assert resident.ask("テレビの捨て方")["why"] == "switched_off", "a restart forgets no switch"
    finally:
        server.kill()


def test_uploads_are_read_like_imports_and_wait_for_a_second_person(office: Office) -> None:
    hanako, jiro, resident = office.person(HANAKO), office.person(JIRO), Resident(office.base)
    text = "# 凧揚げ広場の利用\n\n凧揚げ広場は浜手町にあります。使う日の3日前までに申し込みます。\n"
    files = [("files", ("kite.md", text.encode(), "text/markdown")), ("files", ("broken.pdf", b"%PDF-1.7 no", "x"))]
    chosen = {"language": "ja", "kind": "auto"}
    told = hanako.post("/knowledge/uploads", chosen, files=files)
    assert told.status_code == 422 and "broken.pdf" in told.text and "凧揚げ広場の利用" in told.text
    assert resident.ask(ASKED)["why"] == "out_of_scope"
    (id_,) = query(office.home, "SELECT id FROM uploads")[0]
    own = hanako.post(f"/knowledge/uploads/{id_}/publish")
    assert own.status_code == 409 and "別の人" in own.text
    assert "追加1" in jiro.post(f"/knowledge/uploads/{id_}/publish").text
    assert resident.ask(ASKED)["why"] == "answered"
    assert jiro.post(f"/knowledge/uploads/{id_}/publish").status_code == 409
    assert (
        hanako.post("/knowledge/uploads", chosen, files=[("files", ("../../x.exe", b"MZ\x00", "x"))]).status_code == 422
    )
    assert hanako.post("/knowledge/uploads", chosen).status_code == 422, "no file chosen"
    large = [("files", ("big.md", b"a" * 20_100_000, "text/markdown"))]
    assert hanako.post("/knowledge/uploads", chosen, files=large).status_code == 413


def test_unanswered_questions_become_a_guide_that_closes_them(office: Office) -> None:
    hanako, jiro, resident = office.person(HANAKO), office.person(JIRO), Resident(office.base)
    for text in (ASKED, ASKED, "凧を揚げたい"):
        assert resident.ask(text)["why"] in ("out_of_scope", "no_answer", "low_confidence", "clarify")
    resident.ask("転入届の期限はいつまでですか")
    resident.unhelpful()
    resident.ask("電話は090-1234-5678です。凧揚げ大会の賞金はいつもらえますか")
    page = hanako.get("/knowledge/gaps").text
    assert ASKED in page and "転入届の期限はいつまでですか" in page and "役に立たなかった 1" in page
    assert "090-1234-5678" not in page, "personal data is masked"
    form = hanako.post("/knowledge/gaps/guide", {"question": [ASKED, "凧を揚げたい"], "language": "ja"})
    assert form.status_code == 200 and f"{ASKED}\n凧を揚げたい</textarea>" in form.text
    fields = {"title": "凧", "id": "kite-plaza", "language": "ja", "questions": f"{ASKED}\n凧を揚げたい", "gap": ASKED}
    draft = hanako.post("/knowledge/new", fields).url.path
    hanako.save(draft, 1, "submit")
    jiro.publish(draft, 2)
    assert ASKED not in hanako.get("/knowledge/gaps").text
    mark = hanako.get("/knowledge/gaps").text.partition('name="mark" value="')[2].partition('"')[0]
    assert hanako.post("/knowledge/gaps/dealt", {"mark": mark}).status_code == 200


def test_switches_work_at_once_in_every_worker_and_tell_residents_so(office: Office) -> None:
    hanako = office.person(HANAKO)
    with serving(create_app(build(settings_for(office.home)))) as second:  # another worker over the same database
        there = Resident(second.rstrip("/"))
        moved = "転入届の期限はいつまでですか"
        assert there.ask(moved)["why"] == "answered"

        def switched(switch: str, off: str = "1") -> float:
            sent = {"off": off, "switch": switch, "reason": "誤り"}
            assert hanako.post("/knowledge/switches", sent).status_code == 200
            return time.monotonic()

        def until(text: str, why: str, since: float, language: str = "ja") -> dict[str, object]:
            while (message := there.ask(text, language))["why"] != why:
                assert time.monotonic() - since < 2.5, f"{message['why']} instead of {why}"
            return message

        for switch in ("guide:guide:move-in", "topic:moving", "all:", "channel:web"):
            message = until(moved, "switched_off", switched(switch))
            assert not message["citations"]
            until(moved, "answered", switched(switch, off=""))
        since = switched("all:")
        message = until("When must I register my new address?", "switched_off", since, "en")
        assert "Automatic answers are switched off" in str(message["text"]) and "000-482-1111" in str(message["text"])
        assert there.ask("I want to talk to a person", "en")["decision"] == "handoff", "a person stays within reach"
        assert there.ask("火事です", "ja")["why"] == "emergency", "and so do 119 and 110"
        switched("all:", off="")
        switched("topic:garbage")
        until("テレビの捨て方", "switched_off", time.monotonic())
        until(moved, "answered", time.monotonic())
    refused = hanako.post("/knowledge/switches", {"off": "1", "switch": "all:", "reason": ""})
    assert refused.status_code == 422 and "理由" in refused.text
    assert hanako.post("/knowledge/switches", {"off": "1", "switch": "fax:", "reason": "x"}).status_code == 422
    record = query(office.home, "SELECT action, subject, by, detail FROM curation_log ORDER BY seq")
    assert len(record) == 11 and record[0] == ("switch_off", "guide:guide:move-in", HANAKO, "誤り")


class CountingWriter:
    """A language model that is asked in vain; counts how often."""

    name = "counting"

    def __init__(self) -> None:
        self.asked = 0

    def attempt(self, question: str, language: str, passages: object) -> SimpleNamespace:
        self.asked += 1
        return SimpleNamespace(answer=None, failure="silent", why="silent")


def test_the_language_model_alone_can_be_switched_off(home: Path) -> None:
    system, writer = build(settings_for(home)), CountingWriter()
    system.parts = replace(system.parts, writer=writer)  # type: ignore[arg-type]
    now = system.clock()
    turn = Turn(id="t", conversation="c", town=DEMO, text="転入届の期限はいつまでですか", language="ja",
                channel=Channel.WEB, at=now)  # fmt: skip
    for off, asked in ((False, 1), (True, 1), (False, 2)):
        system.switches.set(DEMO, Switch(scope=Scope.LLM), off=off, by=HANAKO, reason="", at=now)
        assert system.respond(turn, Conversation(id="c", town=DEMO)).decision.why is Why.ANSWERED
        assert writer.asked == asked
    system.close()


def test_only_curators_of_the_town_get_in(office: Office) -> None:
    hanako = office.person(HANAKO)
    draft = hanako.new_draft("kite-plaza", "凧")
    for path in ("/knowledge", draft, "/knowledge/switches", "/knowledge/gaps", "/knowledge/uploads"):
        sent_away = httpx.get(f"{office.base}{path}", timeout=30)
        assert sent_away.status_code == 303 and sent_away.headers["location"].startswith("/login")
    forged = hanako.http.post("/knowledge/switches", data={"csrf": "x", "off": "1", "switch": "all:", "reason": "x"})
    assert forged.status_code == 403 and query(office.home, "SELECT * FROM switches") == []
    assert hanako.get(draft.replace("drafts/", "drafts/f")).status_code == 404
    with httpx.Client(base_url=office.base, timeout=30) as clerk:
        form = clerk.get("/login").text.partition('name="form" value="')[2].partition('"')[0]
        clerk.post("/login", data={"name": CLERK, "password": PASSWORD, "form": form, "next": "/desk"})
        assert clerk.get("/knowledge").status_code == 403


def test_what_staff_write_is_text_and_never_markup(office: Office) -> None:
    hanako, jiro = office.person(HANAKO), office.person(JIRO)
    evil = "<script>alert(1)</script>{{ 7*7 }}"
    draft = hanako.new_draft("kite-plaza", evil)
    hanako.save(draft, 1, "submit", title=evil, summary=evil, heading=[evil], text=[evil])
    pages = [f"{draft}/review", f"{draft}/preview", "/knowledge?show=in_review", f"/knowledge/guide?id={KITE_ID}"]
    for page in pages:
        shown = jiro.get(page)
        assert shown.status_code == 200 and "<script>alert" not in shown.text and "&lt;script&gt;" in shown.text
