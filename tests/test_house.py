"""The house rules of the design: who may import whom, sizes, names, no work at import."""

import ast
import re
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("assistant", "knowledge", "connectors", "voice", "eval")
MAY_IMPORT = {
    "knowledge": set(),
    "connectors": set(),
    "voice": set(),
    "assistant": {"knowledge", "connectors", "voice"},
    "eval": {"assistant", "knowledge", "voice", "connectors"},
}
# One framework, one home: the folders and files that may name it; in each of them something does.
HOMES = {
    "fastapi": ("assistant/web/", "assistant/commands/serving.py", "eval/bench/ensemble.py"),
    "starlette": ("assistant/web/",),
    "prometheus_client": ("assistant/web/",),
    "jinja2": ("assistant/web/pages.py",),
    "segno": ("assistant/web/qr.py",),
    "uvicorn": ("assistant/commands/serving.py", "eval/bench/ensemble.py"),
    "sqlalchemy": ("assistant/store/", "assistant/bootstrap.py"),
    "alembic": ("assistant/store/",),
    "argon2": ("assistant/store/users.py",),
    "langchain": ("assistant/answering/langchain_writer.py",),
    "langchain_core": ("assistant/answering/langchain_writer.py", "eval/bench/ensemble.py"),
    "py3langid": ("assistant/language/latin.py",),
    "jpholiday": ("assistant/holidays.py",),
    "faiss": ("knowledge/faiss_index.py",),
    "opencc": ("knowledge/chinese.py",),
    "Stemmer": ("knowledge/phrasebook.py",),
    "tantivy": ("knowledge/lexical.py",),
    "sentence_transformers": ("knowledge/dense.py", "knowledge/reranking.py"),
    "tokenizers": ("knowledge/dense.py", "knowledge/embedding/"),
    "safetensors": ("knowledge/embedding/",),
    "torch": (
        "knowledge/dense.py",
        "knowledge/reranking.py",
        "knowledge/embedding/",
        "voice/whisper.py",
        "voice/training/",
    ),
    "sudachipy": ("knowledge/japanese.py",),
    "markdown_it": ("knowledge/sources/markdown.py",),
    "bs4": ("knowledge/sources/webpage.py",),
    "docx": ("knowledge/sources/word.py",),
    "openpyxl": ("knowledge/sources/workbook.py",),
    "pypdfium2": ("knowledge/sources/pdf_pages.py",),
    "PIL": ("assistant/photos.py", "knowledge/sources/ocr.py"),
    "defusedxml": ("knowledge/sources/laws.py",),
    "httpx": ("connectors/transport.py", "eval/bench/"),
    "linebot": ("connectors/line.py",),
    "urllib3": ("connectors/line.py",),
    "websockets": ("voice/wires.py",),
    "av": ("voice/audio.py",),
    "onnxruntime": ("voice/vad.py",),
    "whisper": ("voice/whisper.py", "voice/training/"),
    "faster_whisper": ("voice/faster.py",),
    "ctranslate2": ("voice/training/",),
    "pyopenjtalk": ("voice/speak.py", "voice/training/"),
    "scipy": ("voice/training/",),
}
FORBIDDEN = re.compile(r"utils|helpers|manager|common|misc|base", re.IGNORECASE)
# Inside assistant: rooms behind bootstrap must not reach for doors or for storage.
CORE = ("model.py", "pipeline.py", "screen.py", "policy.py", "pii.py", "language/", "answering/", "understanding/")
CORE_MAY_NOT = ("assistant.web", "assistant.store", "assistant.bootstrap", "assistant.cli", "assistant.commands")
HEAVY = {"torch", "sentence_transformers", "transformers", "langchain", "langchain_openai", "faiss", "pdfplumber",
         "playwright", "openpyxl", "docx", "trafilatura"}  # fmt: skip


def modules(*, migrations: bool = False) -> list[Path]:
    found = [f for package in PACKAGES for f in (ROOT / package).rglob("*.py")]
    found = [f for f in found if migrations or "migrations" not in f.parts]
    assert len(found) > 40
    return found


def name_of(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


def imports(file: Path) -> list[str]:
    found: list[str] = []
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found.extend(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            found.append(node.module)
    return found


@pytest.mark.parametrize("file", modules(), ids=name_of)
def test_packages_import_only_what_the_design_allows(file: Path) -> None:
    package = file.relative_to(ROOT).parts[0]
    foreign = {name.split(".")[0] for name in imports(file)} & set(PACKAGES) - {package}
    assert foreign <= MAY_IMPORT[package]


@pytest.mark.parametrize("file", modules(), ids=name_of)
def test_each_framework_stays_in_its_home(file: Path) -> None:
    for name in imports(file):
        homes = HOMES.get(name.split(".")[0])
        if homes is not None:
            assert name_of(file).startswith(homes), f"{name} does not belong in {name_of(file)}"


@pytest.mark.parametrize("framework", HOMES)
def test_a_home_is_lived_in(framework: str) -> None:
    named = [name_of(f) for f in modules(migrations=True) if framework in {n.split(".")[0] for n in imports(f)}]
    empty = [home for home in HOMES[framework] if not any(name.startswith(home) for name in named)]
    assert not empty, f"nothing in {empty} imports {framework}: take it from HOMES"


@pytest.mark.parametrize("file", modules(), ids=name_of)
def test_the_core_knows_no_doors_and_no_storage(file: Path) -> None:
    if not name_of(file).removeprefix("assistant/").startswith(CORE) or not name_of(file).startswith("assistant/"):
        return
    assert not [name for name in imports(file) if name.startswith(CORE_MAY_NOT)]


@pytest.mark.parametrize("file", modules(), ids=name_of)
def test_files_and_functions_stay_small(file: Path) -> None:
    source = file.read_text(encoding="utf-8")
    assert len(source.splitlines()) < 300
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert (node.end_lineno or 0) - node.lineno < 40, f"{node.name} is too long"


@pytest.mark.parametrize("file", modules(), ids=name_of)
def test_names_say_what_things_are(file: Path) -> None:
    assert not FORBIDDEN.fullmatch(file.stem)
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ClassDef):
            assert not re.search(r"(Utils|Helper|Manager|Misc)$", node.name)


@pytest.mark.parametrize("file", modules(), ids=name_of)
def test_every_module_says_what_it_is_for(file: Path) -> None:
    assert ast.get_docstring(ast.parse(file.read_text(encoding="utf-8")))


def test_there_are_no_import_cycles() -> None:
    known = {".".join(f.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): f for f in modules()}
    arrows: dict[str, set[str]] = {}
    for name, file in known.items():
        top_level = ast.parse(file.read_text(encoding="utf-8")).body
        arrows[name] = set()
        for node in top_level:
            if isinstance(node, ast.ImportFrom) and node.module:
                for alias in node.names:
                    target = f"{node.module}.{alias.name}"
                    arrows[name].add(target if target in known else node.module)
            elif isinstance(node, ast.Import):
                arrows[name].update(alias.name for alias in node.names)
        arrows[name] &= known.keys() - {name}
    done: set[str] = set()

    def visit(name: str, way: tuple[str, ...]) -> None:
        assert name not in way, " → ".join((*way, name))
        if name not in done:
            for target in sorted(arrows[name]):
                visit(target, (*way, name))
            done.add(name)

    for name in sorted(arrows):
        visit(name, ())


@pytest.mark.parametrize("module", ["assistant.bootstrap", "assistant.web.app", "assistant.cli", "knowledge.search"])
def test_importing_loads_no_model_and_no_heavy_library(module: str) -> None:
    import subprocess

    code = f"import sys, {module}; print(sorted(set(sys.modules) & {HEAVY!r}))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    allowed = ["faiss"] if module != "assistant.cli" else []
    assert loaded.stdout.strip() in ("[]", str(allowed))


def test_packages_are_listed_and_files_are_shipped() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    listed = set(project["tool"]["setuptools"]["packages"])
    real = {
        ".".join(f.parent.relative_to(ROOT).parts) for package in PACKAGES for f in (ROOT / package).rglob("*.py")
    }  # fmt: skip
    assert real <= listed, f"not shipped: {sorted(real - listed)}"
    assert project["project"]["license"] == "Apache-2.0"
