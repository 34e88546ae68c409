"""An installation adds its own words in files of the same form; a bad row stops the start, not a resident."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from assistant.bootstrap import build
from knowledge.errors import WordsDamaged
from knowledge.glossary import LANGUAGES
from knowledge.own_words import asking_with
from tests.conftest import settings_for

LINKS = "said\tofficial\trelation\tweight\n"
TERMS = "\t".join(("ja", "reading", "topic", "meaning", *LANGUAGES)) + "\n"
IDEAS = "\t".join(("ja", *LANGUAGES)) + "\n"


def put(home: Path, name: str, text: str) -> None:
    file = home / "words" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


def term(ja: str, reading: str, **local: str) -> str:
    return (
        "\t".join((ja, reading, "office", "この市だけの呼び名。", *(local.get(code, "") for code in LANGUAGES))) + "\n"
    )


def words(home: Path, text: str, language: str) -> set[str]:
    slots = asking_with(home / "words").asked(text, language).slots
    return {word for slot in slots for option in slot.alternatives for word in option.words}


def test_a_towns_own_words_stand_beside_ours(tmp_path: Path) -> None:
    assert "コミュニティバス" not in words(tmp_path, "なぎくるに乗りたい", "ja")
    put(tmp_path, "thesaurus/own.tsv", LINKS + "なぎくる\tコミュニティバス\tmeans\t1\n")
    put(tmp_path, "glossary/own.tsv", TERMS + term("巡回車両", "なぎさまわり", en="Nagikuru", fil="dyip ng lungsod"))
    put(
        tmp_path,
        "lexicon/own.tsv",
        IDEAS + "花火大会\t" + "\t".join("bang" if c == "en" else "" for c in LANGUAGES) + "\n",
    )
    assert words(tmp_path, "なぎくるに乗りたい", "ja") >= {"コミュニティバス"} or words(
        tmp_path, "なぎくるに乗りたい", "ja"
    ) >= {"コミュニティ", "バス"}
    for text, language in (
        ("なぎさまわり", "ja"),
        ("nagisamawari", "en"),
        ("Where is Nagikuru?", "en"),
        ("dyip ng lungsod", "fil"),
    ):
        assert words(tmp_path, text, language) & {"巡回車両", "巡回"}, (text, language)
    assert any("花火" in word for word in words(tmp_path, "when is the bang", "en"))
    assert any("住民" in word for word in words(tmp_path, "certificate of residence", "en"))  # ours are still there


def test_no_folder_adds_nothing(tmp_path: Path) -> None:
    assert words(tmp_path, "住民票", "ja") == words(tmp_path / "nowhere", "住民票", "ja")


@pytest.mark.parametrize(
    ("name", "text", "line"),
    [("thesaurus/own.tsv", LINKS + "a\tb\tmeans\t1\nc\td\tlike\t1\n", "line 3"),
     ("thesaurus/own.tsv", LINKS + "\n", "line 2"),
     ("glossary/own.tsv", TERMS + term("巡回車両", "ナギクル"), "line 2"),
     ("glossary/own.tsv", TERMS + term("", "なぎくる"), "line 2"),
     ("glossary/own.tsv", IDEAS, "line 1"),
     ("lexicon/own.tsv", IDEAS + "a\tb\n", "line 2"),
     ("lexicon/own.tsv", "", "line 1")],
)  # fmt: skip
def test_a_bad_row_is_named_at_the_start(tmp_path: Path, name: str, text: str, line: str) -> None:
    put(tmp_path, name, text)
    with pytest.raises(WordsDamaged, match=rf"{name.split('/')[0]}: own\.tsv, {line}"):
        asking_with(tmp_path / "words")


def test_a_name_that_is_no_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "words" / "lexicon" / "own.tsv").mkdir(parents=True)
    with pytest.raises(WordsDamaged, match="lexicon"):
        asking_with(tmp_path / "words")


def test_the_system_reads_them_and_refuses_to_start_with_bad_ones(demo_home: Path, tmp_path: Path) -> None:
    home = Path(shutil.copytree(demo_home, tmp_path / "home"))
    put(home, "thesaurus/own.tsv", LINKS + "ぱたぱた券\t敬老パス\tmeans\t1\n")
    system = build(settings_for(home))
    slots = system.library.asking.asked("ぱたぱた券", "ja").slots
    system.close()
    assert any("敬老" in word for slot in slots for option in slot.alternatives for word in option.words)
    put(home, "thesaurus/own.tsv", LINKS + "ぱたぱた券\t敬老パス\tmeans\tvery\n")
    with pytest.raises(WordsDamaged, match=r"own\.tsv, line 2"):
        build(settings_for(home))
