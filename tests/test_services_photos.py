"""Pictures for a road report: only pixels are kept, only when asked for; gone with the conversation."""

import base64
import io
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import ExifTags, Image
from PIL.TiffImagePlugin import IFDRational

from assistant.bootstrap import System
from assistant.desk.staff import Role
from assistant.photos import MAX_BYTES, Flaw, PhotoRefused, cleaned
from assistant.store.photos import MOST, PhotoStore
from assistant.web.app import create_app
from connectors.sandbox.backoffice import BackOffice
from tests.conftest import DEMO
from tests.service_talks import NOW, Talk, serving

PASSWORD = "a long enough password"


def picture(kind: str = "JPEG", size: tuple[int, int] = (64, 48), *, turned: bool = False, shade: int = 90) -> bytes:
    """A picture as a telephone makes it: with place, device and a comment in it."""
    image = Image.new("RGB", size, (shade, 120, 60))
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = "SecretPhone"
    exif[ExifTags.Base.DateTime] = "2026:11:20 08:15:00"
    if turned:
        exif[ExifTags.Base.Orientation] = 6
    gps = exif.get_ifd(ExifTags.IFD.GPSInfo)
    gps[ExifTags.GPS.GPSLatitudeRef] = "N"
    gps[ExifTags.GPS.GPSLatitude] = (IFDRational(38), IFDRational(15), IFDRational(30))
    out = io.BytesIO()
    more = {"comment": b"taken at home"} if kind == "JPEG" else {}
    image.save(out, kind, exif=exif, **more)
    return out.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_only_the_pixels_are_kept(kind: str) -> None:
    data = picture(kind)
    assert b"SecretPhone" in data
    clean = cleaned(data)
    with Image.open(io.BytesIO(clean)) as kept:
        assert kept.format == "JPEG" and not kept.getexif() and kept.size == (64, 48)
        assert set(kept.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    assert all(word not in clean for word in (b"SecretPhone", b"2026:11", b"taken at home", b"GPS"))


def test_a_turned_picture_stands_upright_and_a_large_one_is_made_smaller() -> None:
    with Image.open(io.BytesIO(cleaned(picture(turned=True)))) as kept:
        assert kept.size == (48, 64)
    with Image.open(io.BytesIO(cleaned(picture(size=(4000, 3000))))) as kept:
        assert kept.size == (1600, 1200)


REFUSED = {
    "heic": (b"\x00\x00\x00\x18ftypheic" + bytes(40), Flaw.HEIC),
    "large": (picture() + bytes(MAX_BYTES), Flaw.TOO_LARGE),
    "gif": (b"GIF89a" + bytes(40), Flaw.NO_PICTURE),
    "html": (b"<html><script>alert(1)</script></html>", Flaw.NO_PICTURE),
    "svg": (b'<svg xmlns="http://www.w3.org/2000/svg" onload="x()"/>', Flaw.NO_PICTURE),
    "torn": (picture(size=(600, 600))[:200], Flaw.NO_PICTURE),
    "empty": (b"", Flaw.NO_PICTURE),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_picture_is_refused_by_its_content(name: str) -> None:
    data, flaw = REFUSED[name]
    with pytest.raises(PhotoRefused) as caught:
        cleaned(data)
    assert caught.value.flaw is flaw


def test_a_picture_bomb_is_refused_before_it_is_unpacked() -> None:
    out = io.BytesIO()
    Image.new("1", (12_000, 12_000)).save(out, "PNG")
    assert len(out.getvalue()) < 100_000
    with pytest.raises(PhotoRefused) as caught:
        cleaned(out.getvalue())
    assert caught.value.flaw is Flaw.TOO_LARGE


@pytest.mark.filterwarnings("ignore::UserWarning")  # Pillow on notes that are damaged
@settings(max_examples=150, deadline=None)
@given(st.one_of(st.binary(max_size=300), st.tuples(st.integers(0, 600), st.binary(min_size=1, max_size=9)).map(
    lambda cut: picture()[: cut[0]] + cut[1] + picture()[cut[0] + len(cut[1]) :])))  # fmt: skip
def test_any_bytes_are_a_clean_picture_or_refused(data: bytes) -> None:
    try:
        clean = cleaned(data)
    except PhotoRefused:
        return
    assert b"SecretPhone" not in clean and clean[:2] == b"\xff\xd8"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BackOffice]:
    with BackOffice(tmp_path_factory.mktemp("office") / "office.db") as running:
        yield running


@pytest.fixture(scope="module")
def served(demo_home: Path, office: BackOffice, tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    home = Path(shutil.copytree(demo_home, tmp_path_factory.mktemp("served") / "home"))
    with serving(home, office, rate_logins=1_000_000) as system:
        system.users.add("tanaka", PASSWORD, Role.CLERK, DEMO, NOW)
        yield system


@pytest.fixture(scope="module")
def http(served: System) -> Iterator[TestClient]:
    yield TestClient(create_app(served), raise_server_exceptions=False, follow_redirects=False)


def at_the_photo(served: System) -> Talk:
    talk = Talk(served)
    asked = talk.say("市道の側溝がこわれていると報告したい", "ふたが外れている", "栄町の郵便局の前")
    assert asked["attach"] == "photo", asked
    return talk


def upload(http: TestClient, talk: Talk, data: bytes, token: str | None = None):  # type: ignore[no-untyped-def]
    headers = {"Authorization": f"Bearer {talk.token if token is None else token}", "Content-Type": "image/jpeg"}
    return http.post(f"/api/v1/conversations/{talk.id}/photos", content=data, headers=headers)


def test_a_photo_goes_with_the_report_and_to_the_clerk_and_goes_away(
    served: System, office: BackOffice, http: TestClient
) -> None:
    talk = at_the_photo(served)
    sent = upload(http, talk, picture())
    assert sent.status_code == 201 and re.fullmatch(r"photo:[0-9a-f]{32}", sent.json()["text"])
    confirm = talk.say(sent.json()["text"])
    assert confirm["why"] == "confirm" and "写真" in confirm["text"] and "photo:" not in confirm["text"]
    done = talk.say("はい")
    row = {each["number"]: each for each in office.rows("reports")}[done["receipt"]["number"]]
    data = base64.b64decode(str(row["photo"]).removeprefix("data:image/jpeg;base64,"))
    assert data[:2] == b"\xff\xd8" and b"SecretPhone" not in data
    talk.say("職員と話したい")
    ticket, id_ = talk.last["handoff"]["ticket"], sent.json()["text"].removeprefix("photo:")
    address = f"/desk/tickets/{ticket}/photos/{id_}"
    assert http.get(address).status_code == 303, "strangers are sent to the login"
    clerk = logged_in(served)
    assert address in clerk.get(f"/desk/tickets/{ticket}").text
    shown = clerk.get(address)
    assert shown.headers["content-type"] == "image/jpeg" and shown.content == data
    assert ("read", ("conversation", "photo")) in talk.accesses(), "that a clerk saw it stands in the record"
    assert clerk.get(f"/desk/tickets/{ticket}/photos/{'0' * 32}").status_code == 404
    folder = served.settings.home / "photos" / talk.id
    assert [file.name for file in folder.iterdir()] == [f"{id_}.jpg"]
    served.forget(talk.id)
    assert not folder.exists() and clerk.get(address).status_code == 404


def logged_in(served: System) -> TestClient:
    clerk = TestClient(create_app(served), follow_redirects=False)
    form = re.search(r'name="form" value="([^"]+)"', clerk.get("/login").text)
    assert form
    clerk.post("/login", data={"name": "tanaka", "password": PASSWORD, "form": form[1]})
    return clerk


@pytest.mark.parametrize("language", ["en", "vi"])
def test_the_photo_is_named_in_the_residents_language(served: System, http: TestClient, language: str) -> None:
    lines = {"en": ("I want to report a pothole", "a deep hole", "city road near Minato park"),
             "vi": ("Tôi muốn báo đường bị hỏng", "ổ gà lớn", "đường thành phố gần công viên Minato")}  # fmt: skip
    talk = Talk(served)
    assert talk.say(*lines[language])["attach"] == "photo"
    confirm = talk.say(upload(http, talk, picture("PNG")).json()["text"])
    assert {"en": "Photo: sent", "vi": "Ảnh: đã gửi"}[language] in confirm["text"]


@pytest.mark.parametrize(("name", "status"), [("heic", 415), ("html", 415), ("large", 413)])
def test_a_refused_photo_leaves_the_question_open(served: System, http: TestClient, name: str, status: int) -> None:
    talk = at_the_photo(served)
    refused = upload(http, talk, REFUSED[name][0])
    assert refused.status_code == status and refused.headers["content-type"] == "application/problem+json"
    assert served.photos.names(talk.id) == frozenset()
    assert talk.say("写真はありません")["why"] == "confirm"


def test_photos_are_taken_only_while_one_is_asked_for_and_only_from_the_resident(
    served: System, http: TestClient
) -> None:
    talk, other = at_the_photo(served), Talk(served)
    assert upload(http, other, picture()).status_code == 409
    assert upload(http, talk, picture(), token=other.token).status_code == 401
    assert upload(http, talk, picture()).status_code == 201
    talk.say("写真なし")
    assert upload(http, talk, picture()).status_code == 409
    forged = at_the_photo(served)
    again = forged.say("photo:" + "0" * 32)
    assert again["attach"] == "photo", "a photo that was never sent is none"


def test_the_same_photo_is_kept_once_and_only_so_many(served: System, http: TestClient) -> None:
    talk = at_the_photo(served)
    first = upload(http, talk, picture()).json()
    assert upload(http, talk, picture()).json() == first and len(served.photos.names(talk.id)) == 1
    for shade in range(1, MOST):
        assert upload(http, talk, picture(shade=shade * 20)).status_code == 201
    assert upload(http, talk, picture(shade=255)).status_code == 409


def test_without_javascript_a_form_takes_the_photo(served: System, http: TestClient) -> None:
    talk = at_the_photo(served)
    held = {"conversation": talk.id, "token": talk.token, "language": "ja", "town": DEMO}
    page = http.post("/", data={**held, "refresh": "1"}).text
    assert 'type="file" name="photo"' in page and "multipart/form-data" in page
    bad = http.post("/photo", data=held, files={"photo": ("x.jpg", b"no picture", "image/jpeg")})
    assert bad.status_code == 415 and "読み取れませんでした" in bad.text
    taken = http.post("/photo", data=held, files={"photo": ("x.jpg", picture(), "image/jpeg")})
    assert taken.status_code == 200 and "写真を送りました" in taken.text and "次の内容でよろしいですか" in taken.text
    stranger = http.post("/photo", data={**held, "token": "x"}, files={"photo": ("x.jpg", picture(), "image/jpeg")})
    assert stranger.status_code == 409


def test_photos_left_behind_by_a_crash_are_swept(tmp_path: Path) -> None:
    store = PhotoStore(tmp_path / "photos")
    alive, dead = "a" * 32, "d" * 32
    store.put(alive, picture())
    store.put(dead, picture())
    store.sweep(lambda id_: id_ == alive)
    assert store.names(alive) and not (tmp_path / "photos" / dead).exists()


@pytest.mark.parametrize("name", ["../../etc", "", "A" * 32, "a" * 31, "a/../" + "a" * 27])
def test_no_name_leads_out_of_the_folder(tmp_path: Path, name: str) -> None:
    store = PhotoStore(tmp_path / "photos")
    assert store.names(name) == frozenset()
    assert store.read(name, "a" * 32) is None and store.read("a" * 32, name) is None
