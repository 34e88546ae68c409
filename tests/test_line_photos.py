"""A picture on LINE is the answer while a form asks for one; at other times it is not even fetched."""

import base64
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text as sql

from connectors.sandbox.backoffice import BackOffice
from tests.conftest import DEMO
from tests.line_stage import JA, VI, Stage, line_stage
from tests.test_services_photos import picture

pytestmark = pytest.mark.peer


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BackOffice]:
    with BackOffice(tmp_path_factory.mktemp("office") / "office.db") as running:
        yield running


@pytest.fixture(scope="module")
def stage(demo_home: Path, office: BackOffice, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    home = Path(shutil.copytree(demo_home, tmp_path_factory.mktemp("line") / "home"))
    with line_stage(home, services_url=office.url) as made:
        yield made


def texts(stage: Stage, user: str, count: int) -> str:
    return str([delivered.messages for delivered in stage.platform.received(user, count)][count - 1])


TALKS = {
    JA: ("道路の穴を知らせたい", "大きな穴", "国道48号の港町交差点", "写真: 写真あり", "はい", "nation"),
    VI: ("Tôi muốn báo đường bị hỏng", "ổ gà lớn", "đường thành phố gần công viên", "Ảnh: đã gửi", "Có", "town"),
}  # fmt: skip


@pytest.mark.parametrize("user", TALKS)
def test_a_picture_on_line_goes_with_the_report(stage: Stage, office: BackOffice, user: str) -> None:
    begin, what, place, shown, yes, recipient = TALKS[user]
    for n, words in enumerate((begin, what, place), 1):
        stage.platform.say(user, words)
        texts(stage, user, n)
    event = stage.platform.show_image(user, picture())
    assert shown in texts(stage, user, 4)
    stage.platform.send([event], redelivery=True)
    stage.platform.say(user, yes)
    assert "RD-" in texts(stage, user, 5)
    row = next(r for r in office.rows("reports") if r["place"] == place)
    assert row["recipient"] == recipient
    data = base64.b64decode(str(row["photo"]).removeprefix("data:image/jpeg;base64,"))
    assert data[:2] == b"\xff\xd8" and b"SecretPhone" not in data
    with stage.system.engine.connect() as c:
        turns = c.execute(sql("SELECT conversation FROM turns WHERE text LIKE 'photo:%'")).scalars().all()
    assert len(turns) == len(set(turns)), "a redelivered picture is no second turn"


def test_a_picture_at_another_time_is_answered_politely_and_not_fetched(stage: Stage) -> None:
    user = "Uzz00000000000000000000000000000c"
    stage.platform.say(user, "住民票の写しはいくらですか")
    texts(stage, user, 1)
    stage.platform.show_image(user, picture())
    assert "見ることができません" in texts(stage, user, 2)
    conversation = stage.channel.store.known(DEMO, stage.channel.resident(DEMO, user)).conversation
    assert stage.system.photos.names(conversation) == frozenset()


def test_rubbish_as_a_picture_is_refused_kindly_and_the_form_goes_on(stage: Stage) -> None:
    user = "Uyy00000000000000000000000000000d"
    for n, words in enumerate(("道路の穴を知らせたい", "大きな穴", "国道48号の港町交差点"), 1):
        stage.platform.say(user, words)
        texts(stage, user, n)
    stage.platform.show_image(user, b"no picture at all")
    assert "読み取れませんでした" in texts(stage, user, 4)
    stage.platform.say(user, "写真なし")
    assert "よろしいですか" in texts(stage, user, 5)
