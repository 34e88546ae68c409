"""The glossary, the lexicon, the thesaurus and the written pairs are whole, and a bad row is named by file and line."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from knowledge import glossary, lexicon, thesaurus
from knowledge.embedding.terms import ASKED, CHAT, question_pairs, read_chat
from knowledge.embedding.written import PAIRS, read_entries
from knowledge.glossary import LANGUAGES, forms, rows
from knowledge.glossary.meaning import meanings
from knowledge.thesaurus import Relation

OWN_SCRIPT = {
    "zh-Hans": "[\u3400-\u9fff]", "zh-Hant": "[\u3400-\u9fff]", "ko": "[\uac00-\ud7af]", "ne": "[\u0900-\u097f]",
    "th": "[\u0e00-\u0e7f]", "my": "[\u1000-\u109f]",
}  # fmt: skip
LATIN = ("en", "vi", "pt-BR", "es", "fil", "id")
FOREIGN_TO_LATIN = re.compile("[\u0900-\u1100\u3041-\u9fff\uac00-\ud7af]")
KANA = re.compile("[\u3041-\u3096\u30a1-\u30fa]")
GLOSSARY = ("ja", "reading", "topic", "meaning", *LANGUAGES)
FILES = [
    *((file, GLOSSARY) for file in sorted(glossary.FOLDER.glob("*.tsv"))),
    *((file, ("ja", *LANGUAGES)) for file in sorted(lexicon.FOLDER.glob("*.tsv"))),
    *((file, ("said", "official", "relation", "weight")) for file in sorted(thesaurus.FOLDER.glob("*.tsv"))),
    (CHAT, ("official", *LANGUAGES)),
    *((PAIRS / name, ("official", "ja", *LANGUAGES)) for name in ASKED),
]


@pytest.mark.parametrize(
    ("file", "columns"), FILES, ids=lambda v: f"{v.parent.name}/{v.name}" if isinstance(v, Path) else ""
)
def test_every_file_has_its_columns_and_no_empty_cell(file: Path, columns: tuple[str, ...]) -> None:
    held = list(rows(file, columns))
    assert held
    for row in held:
        for name, cell in row.items():
            found = forms(cell)
            assert found, (row[columns[0]], name)
            assert cell == "|".join(found), f"{row[columns[0]]}, {name}: spaces or an empty form around |"
            assert len(set(found)) == len(found), f"{row[columns[0]]}, {name}: a form stands twice"


def test_every_file_of_pairs_is_checked_here_or_with_the_training() -> None:
    elsewhere = {"terms.tsv", "questions.tsv", "templates.tsv"}  # see test_embedding_training
    assert {file.name for file in PAIRS.glob("*.tsv")} == elsewhere | {CHAT.name, *ASKED}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_is_written_in_its_own_script(language: str) -> None:
    held = [*((t.ja, t.local) for t in glossary.terms()), *((e.ja, e.local) for e in lexicon.everyday())]
    wrong = []
    for ja, local in held:
        for form in dict(local)[language]:
            strange = language in LATIN and FOREIGN_TO_LATIN.search(form)
            # MRI and LED are the same everywhere; a word of Latin letters only is no translation otherwise.
            foreign = language in OWN_SCRIPT and not re.search(OWN_SCRIPT[language], form) and len(form) > 6
            if strange or foreign or KANA.search(form):
                wrong.append((ja[0], form))
    assert wrong == []


def test_there_are_1500_terms_and_none_stands_twice() -> None:
    held = glossary.terms()
    assert len(held) >= 1500
    assert [name for name, n in Counter(form for term in held for form in term.ja).items() if n > 1] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_term_has_its_meaning_in_every_language(language: str) -> None:
    told = meanings(language)
    assert told.keys() == {term.ja[0] for term in glossary.terms()}
    for term in glossary.terms():
        said = told[term.ja[0]]
        assert not KANA.search(said), said
        assert language not in LATIN or not FOREIGN_TO_LATIN.search(said), said
        assert language not in OWN_SCRIPT or re.search(OWN_SCRIPT[language], said), said
        # Ages, days, hours and yen of the Japanese stand in it; months and tenths are said as each language says them.
        figures = re.findall(r"([0-9,]+)(?=歳|日以内|日前|時間|円|平方)", term.meaning)
        held = set(re.findall(r"\d+", re.sub(r"(?<=\d)[,.](?=\d{3})", "", said)))
        assert held >= {figure.replace(",", "") for figure in figures}, (term.meaning, said)


def test_japanese_meanings_stand_with_the_terms() -> None:
    assert meanings("ja") == meanings("ja-x-easy") == meanings("../en") == {}


def test_readings_are_hiragana_and_give_romaji() -> None:
    for term in glossary.terms():
        assert re.fullmatch("[\u3041-\u3096ー]+", term.reading), term.ja[0]
        assert re.fullmatch("[a-z'-]+", term.romaji), (term.ja[0], term.romaji)


def test_an_everyday_idea_stands_once() -> None:
    ideas = [idea.ja for idea in lexicon.everyday()]
    assert len(ideas) >= 500
    assert [ja for ja, n in Counter(ideas).items() if n > 1] == []


def test_there_are_3000_links_and_each_says_one_thing() -> None:
    held = thesaurus.links()
    assert len(held) >= 3000
    assert {link.relation for link in held} == set(Relation)
    assert all(0 < link.weight <= 1 and link.said != link.official for link in held)
    assert [pair for pair, n in Counter((link.said, link.official) for link in held).items() if n > 1] == []


def test_no_link_keeps_apart_what_another_calls_the_same() -> None:
    apart = {frozenset((link.said, link.official)) for link in thesaurus.links() if link.relation is Relation.NOT}
    same = {frozenset((link.said, link.official)) for link in thesaurus.links() if link.relation is Relation.SAME}
    assert apart & same == set()


def test_every_template_has_its_place_for_the_word() -> None:
    for official, templates in read_chat():
        assert all(text.count("{}") == 1 for text in (official, *(t for held in templates.values() for t in held)))
    for entry in read_entries(PAIRS / "templates.tsv"):
        assert all("{}" in text for text in (entry.official, *entry.others)), entry.official


def test_questions_of_all_languages_meet_their_matter() -> None:
    for name in ASKED:
        pairs = list(question_pairs(PAIRS / name))
        assert all(pair.left and pair.right and "|" not in pair.left for pair in pairs)
        assert len({pair.group for pair in pairs}) == len(list(rows(PAIRS / name, ("official", "ja", *LANGUAGES))))


Read = Callable[[Path], object]
TERM = dict.fromkeys(GLOSSARY, "x") | {"ja": "転入届", "reading": "てんにゅうとどけ"}
IDEA = dict.fromkeys(("ja", *LANGUAGES), "x")
LINK = {"said": "ひっこし", "official": "転居", "relation": "means", "weight": "0.9"}


@pytest.mark.parametrize(
    ("read", "good", "bad"),
    [
        (glossary.read_terms, TERM, TERM | {"reading": "テンニュウトドケ"}),
        (glossary.read_terms, TERM, TERM | {"reading": "転入とどけ"}),
        (glossary.read_terms, TERM, TERM | {"ko": " "}),
        (glossary.read_terms, TERM, TERM | {"th": "|"}),
        (glossary.read_terms, TERM, {"ja": "転入届"}),
        (lexicon.read_everyday, IDEA, IDEA | {"my": ""}),
        (lexicon.read_everyday, IDEA, IDEA | {"more": "x"}),
        (thesaurus.read_links, LINK, LINK | {"relation": "like"}),
        (thesaurus.read_links, LINK, LINK | {"weight": "0"}),
        (thesaurus.read_links, LINK, LINK | {"weight": "1.1"}),
        (thesaurus.read_links, LINK, LINK | {"weight": "nan"}),
        (thesaurus.read_links, LINK, LINK | {"weight": "sure"}),
        (thesaurus.read_links, LINK, LINK | {"official": "ひっこし "}),
    ],
)
def test_a_bad_row_is_named_by_file_and_line(
    tmp_path: Path, read: Read, good: dict[str, str], bad: dict[str, str]
) -> None:
    lines = ["\t".join(good), "\t".join(good.values()), "\t".join(bad.values())]
    (tmp_path / "own.tsv").write_text("\n".join(lines[:2]) + "\n", encoding="utf-8")
    assert len(read(tmp_path)) == 1  # type: ignore[arg-type]
    (tmp_path / "own.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"own\.tsv, line 3"):
        read(tmp_path)


@pytest.mark.parametrize("first", ["", "said,official,relation,weight", "said\tofficial\trelation"])
def test_a_wrong_first_line_is_named_with_the_right_one(tmp_path: Path, first: str) -> None:
    (tmp_path / "own.tsv").write_text(first + "\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"own\.tsv, line 1: .*said, official, relation, weight"):
        thesaurus.read_links(tmp_path)


def test_a_file_of_another_encoding_is_named_with_the_line_and_the_cure(tmp_path: Path) -> None:
    text = "\t".join(LINK) + "\nkita\tminami\tnear\t0.5\n" + "\t".join(LINK.values())
    (tmp_path / "own.tsv").write_bytes(text.encode("cp932"))
    with pytest.raises(ValueError, match=r"own\.tsv, line 3: .*UTF-8"):
        thesaurus.read_links(tmp_path)


def test_what_a_spreadsheet_writes_is_read(tmp_path: Path) -> None:
    text = "\ufeff" + "\r\n".join(["\t".join(LINK), "\t".join(LINK.values())]) + "\r\n"
    (tmp_path / "own.tsv").write_bytes(text.encode("utf-8"))
    assert [link.said for link in thesaurus.read_links(tmp_path)] == ["ひっこし"]
