"""The interface's words: complete in every language, every key used, every used key there. Needs no browser."""

import re
import string
from pathlib import Path

import pytest
import yaml

from assistant.answering.counter_card import Wish
from assistant.model import LANGUAGES

ROOT = Path(__file__).parents[1] / "assistant"
FOLDER = ROOT / "language" / "words"
REASONS = ("off_topic", "wrong", "outdated", "unclear", "other")
# Keys that are put together at run time, and one that only the routes use.
BUILT = ({f"reason_{reason}" for reason in REASONS} | {f"layer_{layer}" for layer in ("nation", "prefecture")}
         | {f"name_{language}" for language in LANGUAGES} | {"source_gone"}
         | {f"voice_{state}" for state in ("listening", "hearing", "answering", "speaking")}
         | {f"card_{wish}" for wish in Wish})  # fmt: skip


def words(language: str) -> dict[str, str]:
    loaded = yaml.safe_load((FOLDER / language / "ui.yaml").read_text(encoding="utf-8"))
    assert isinstance(loaded, dict)
    return loaded


def sources() -> str:
    files = [*(ROOT / "web" / "static").rglob("*.js"), *(ROOT / "web" / "templates").glob("*.html")]
    assert len(files) > 15
    return "\n".join(file.read_text(encoding="utf-8") for file in files)


def places(text: str) -> list[str]:
    return sorted(name for _, name, _, _ in string.Formatter().parse(text) if name)


def test_there_is_one_file_for_each_language() -> None:
    assert {file.parent.name for file in FOLDER.glob("*/ui.yaml")} == set(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_has_the_same_keys_and_places(language: str) -> None:
    japanese, own = words("ja"), words(language)
    assert list(own) == list(japanese)
    for key, text in own.items():
        assert isinstance(text, str) and text.strip(), key
        assert places(text) == places(japanese[key]), key


@pytest.mark.parametrize("language", [language for language in LANGUAGES if not language.startswith("ja")])
def test_no_japanese_is_left_untranslated(language: str) -> None:
    for key, text in words(language).items():
        assert key == "language" or not re.search("[ぁ-んァ-ヴ]", text), key


def test_every_key_is_used_and_every_used_key_exists() -> None:
    code = sources()
    used = set(re.findall(r"\bui\.([a-z0-9_]+)", code)) | set(re.findall(r'data-ui="([a-z0-9_]+)"', code))
    used |= set(re.findall(r"\bja\.(card_[a-z]+)", code)) | set(re.findall(r'heading\("([a-z_]+)"\)', code))
    used |= set(re.findall(r'role: "notice", key: "([a-z_]+)"', code)) | BUILT
    assert used == {*words("ja"), *(f"name_{language}" for language in LANGUAGES)}


def test_nothing_in_the_scripts_can_make_markup_or_run_text() -> None:
    code = sources()
    for danger in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function", "| safe",
                   "setAttribute(\"style\"", " style=", "onclick="):  # fmt: skip
        assert danger not in code, danger


@pytest.mark.parametrize("file", sorted((ROOT / "web" / "static").rglob("*.*")), ids=lambda file: file.name)
def test_static_files_stay_small_and_load_nothing_from_elsewhere(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert len(text.splitlines()) < 300
    assert not re.search(r"@import|url\(", text)
    named = set(re.findall(r"https?://[a-z][^\s\"'`),]+", text))
    assert named <= {"http://www.w3.org/2000/svg", "https://github.com/digital-go-jp/design-tokens"}
