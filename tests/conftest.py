"""Fixtures: the demo town, loaded once a run, and systems over copies of it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from assistant.bootstrap import System, build
from assistant.demo import load
from assistant.settings import Settings
from assistant.web.app import create_app

SHARED = Path(__file__).parents[2] / "shared" / "data"
DEMO = "482013"


def settings_for(home: Path, **more: object) -> Settings:
    """Settings of a test: everything under `home`, no limits that tests would run into."""
    return Settings.model_validate(
        {"home": home, "rate_messages": 1_000_000, "rate_conversations": 1_000_000, "town": DEMO, **more}
    )


@pytest.fixture(scope="session")
def demo_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the demo town loaded; tests that write take a copy."""
    home = tmp_path_factory.mktemp("demo")
    system = build(settings_for(home))
    report = load(system)
    system.close()
    assert report.failed == []
    return home


@pytest.fixture
def home(demo_home: Path, tmp_path: Path) -> Path:
    """A copy of the demo home for one test."""
    return Path(shutil.copytree(demo_home, tmp_path / "home"))


@pytest.fixture(scope="session")
def system(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """The demo system shared by tests that only converse."""
    home = Path(shutil.copytree(demo_home, tmp_path_factory.mktemp("shared") / "home"))
    built = build(settings_for(home))
    yield built
    built.close()


@pytest.fixture(scope="session")
def client(system: System) -> Iterator[TestClient]:
    """HTTP calls to the demo system, in process."""
    yield TestClient(create_app(system), raise_server_exceptions=False)


def shared_data(name: str) -> Path:
    """A folder of the shared data; skips the test with a reason when it is absent."""
    folder = SHARED / name
    if not folder.exists():
        pytest.skip(f"shared data set {name} is not on this machine")
    return folder
