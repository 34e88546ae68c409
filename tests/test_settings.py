"""Settings are read once, from three places in order; a wrong one is named without its value."""

import os
from pathlib import Path

import pytest

from assistant.errors import SettingsError
from assistant.settings import Settings, read_settings

SECRET = "sk-very-secret-7"


@pytest.fixture(autouse=True)
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder and no settings in the environment."""
    for name in [name for name in os.environ if name.startswith("MADOGUCHI_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_without_settings_everything_has_a_default(empty: Path) -> None:
    settings = read_settings()
    assert settings.home == Path("var")
    assert settings.database == f"sqlite:///{empty / 'var' / 'madoguchi.db'}"
    assert settings.index_root == Path("var/index")
    assert settings.llm == "" and settings.embedding == ""
    assert list(empty.iterdir()) == [], "reading settings writes nothing"


def test_the_environment_goes_before_the_file(empty: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (empty / "madoguchi.toml").write_text('town = "482013"\nrate_messages = 5\n')
    monkeypatch.setenv("MADOGUCHI_TOWN", "131016")
    settings = read_settings()
    assert (settings.town, settings.rate_messages) == ("131016", 5)


def test_a_given_value_goes_before_both(empty: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MADOGUCHI_TOWN", "131016")
    assert Settings(town="482013").town == "482013"


def test_the_database_may_stand_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MADOGUCHI_DATABASE_URL", "postgresql+psycopg://localhost/x")
    assert read_settings().database == "postgresql+psycopg://localhost/x"


@pytest.mark.parametrize("name", ["MADOGUCHI_LLM_API_KEY", "MADOGUCHI_LLM_BASE_URL"])
def test_half_a_language_model_is_refused(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, SECRET)
    with pytest.raises(SettingsError, match="MADOGUCHI_LLM is not") as caught:
        read_settings()
    assert SECRET not in str(caught.value)
    monkeypatch.setenv("MADOGUCHI_LLM", "openai:x")
    assert read_settings().llm == "openai:x"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("RATE_MESSAGES", "many"),
        ("RATE_MESSAGES", "0"),
        ("LLM_TIMEOUT", "-1"),
        ("LLM_TIMEOUT", "nan"),
        ("LLM_TIMEOUT", "1e9"),
    ],
)
def test_a_wrong_setting_is_named_without_its_value(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(f"MADOGUCHI_{name}", value)
    with pytest.raises(SettingsError) as caught:
        read_settings()
    assert name.lower() in str(caught.value)
    assert f"'{value}'" not in str(caught.value)


@pytest.mark.parametrize("content", [b"town = ", b"\xff\xfe", b"[[[", b"town = 1 2"])
def test_a_file_that_is_not_toml_is_named(empty: Path, content: bytes) -> None:
    (empty / "madoguchi.toml").write_bytes(content)
    with pytest.raises(SettingsError, match=r"madoguchi\.toml"):
        read_settings()


def test_secrets_are_masked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MADOGUCHI_LLM", "openai:x")
    monkeypatch.setenv("MADOGUCHI_LLM_API_KEY", SECRET)
    settings = read_settings()
    assert settings.llm_api_key.get_secret_value() == SECRET
    assert SECRET not in repr(settings) and SECRET not in str(settings.model_dump())


def test_settings_do_not_change() -> None:
    with pytest.raises(ValueError, match="frozen"):
        read_settings().town = "131016"  # type: ignore[misc]


def test_unknown_settings_of_later_versions_do_no_harm(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MADOGUCHI_NOT_YET_KNOWN", "1")
    assert read_settings().home == Path("var")


@pytest.mark.parametrize("name", ["HOME", "DATABASE_URL", "EMBEDDING", "LLM", "LLM_BASE_URL", "LLM_API_KEY"])
def test_every_setting_of_the_contract_is_read(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv("MADOGUCHI_LLM", "openai:other")
    monkeypatch.setenv(f"MADOGUCHI_{name}", "openai:value")
    assert "openai:value" in str(read_settings().model_dump()) or name == "LLM_API_KEY"
    if name == "LLM_API_KEY":
        assert read_settings().llm_api_key.get_secret_value() == "openai:value"
