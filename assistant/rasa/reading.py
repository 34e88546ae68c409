"""Reads a Rasa project: YAML of Rasa 2 and 3, Markdown of Rasa 1, JSON lines of Bürokratt's intent index."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import yaml

from assistant.rasa.markdown import read_markdown
from assistant.rasa.project import Answering, Flow, Project, RasaProjectUnreadable

_MOST_BYTES = 20_000_000  # of one file; the largest real one we know has 50 kB
_KINDS = (".yml", ".yaml", ".md", ".json")
_STEPS = {
    "intent": "intent", "user": "user", "action": "action", "bot": "action", "slot_was_set": "slot",
    "active_loop": "loop", "form": "loop", "checkpoint": "checkpoint", "or": "or",
}  # fmt: skip


def read_project(folder: Path) -> Project:
    """Everything under the folder; a file that can't be read is noted in `failed` and the others are read.

    Raises RasaProjectUnreadable when there is no intent, response or story at all.
    """
    project = Project()
    for path in sorted(p for p in folder.rglob("*") if p.suffix.lower() in _KINDS and p.is_file()):
        name = path.relative_to(folder).as_posix()
        if any(part.startswith(".") for part in Path(name).parts):
            continue
        try:
            if _read(path, project):
                project.files.append(name)
        except UnicodeDecodeError:
            project.failed.append(f"{name}: it is not UTF-8. Save it as UTF-8.")
        except (yaml.YAMLError, ValueError, RecursionError, OSError) as exc:
            project.failed.append(f"{name}: it can't be read as what its name says ({type(exc).__name__}).")
    if not (project.examples or project.intents or project.responses or project.stories or project.rules):
        raise RasaProjectUnreadable
    return project


def _read(path: Path, project: Project) -> bool:
    """True when the file was a part of a project."""
    if path.stat().st_size > _MOST_BYTES:
        raise ValueError("too large")
    text = path.read_text(encoding="utf-8-sig")
    if path.suffix.lower() == ".md":
        return read_markdown(text, project)
    if path.suffix.lower() == ".json":
        return _json_lines(text, project)
    loaded: object = yaml.safe_load(text)
    if not isinstance(loaded, dict):
        return False
    before = _size(project)
    _domain(loaded, project)
    _training(loaded, project)
    _settings(loaded, project)
    return _size(project) != before or bool({"version", "recipe", "language", "policies"} & loaded.keys())


def _size(project: Project) -> int:
    parts = (project.examples, project.intents, project.entities, project.slots, project.forms, project.responses,
             project.actions, project.rules, project.stories, project.regexes, project.lookups, project.synonyms,
             project.pipeline, project.policies)  # fmt: skip
    return sum(len(part) for part in parts) + sum(len(texts) for texts in project.examples.values())


def _domain(loaded: dict[object, object], project: Project) -> None:
    project.intents |= set(_names(loaded.get("intents")))
    project.entities |= set(_names(loaded.get("entities")))
    project.actions |= set(_names(loaded.get("actions")))
    for name, slot in _items(loaded.get("slots")):
        project.slots[name] = str(slot.get("type", "")) if isinstance(slot, dict) else ""
    for name, form in _items(loaded.get("forms")):
        required = form.get("required_slots", form) if isinstance(form, dict) else ()
        project.forms[name] = tuple(_names(list(required) if isinstance(required, dict) else required))
    for key in ("responses", "templates"):  # Rasa 1 called them templates
        for name, variations in _items(loaded.get(key)):
            project.responses[name] = _answering(variations)


def _answering(variations: object) -> Answering:
    found = [v if isinstance(v, dict) else {"text": v} for v in (variations if isinstance(variations, list) else [])]
    return Answering(
        texts=tuple(str(v["text"]).strip() for v in found if v.get("text") is not None),
        conditional=any("condition" in v or "channel" in v for v in found),
        rich=any({"buttons", "quick_replies", "image", "attachment", "custom", "elements"} & v.keys() for v in found),
    )


def _training(loaded: dict[object, object], project: Project) -> None:
    for entry in _dicts(loaded.get("nlu")):
        lines = list(_lines(entry.get("examples")))
        for kind, store in (("regex", project.regexes), ("lookup", project.lookups), ("synonym", project.synonyms)):
            if kind in entry:
                store[str(entry[kind])] = store.get(str(entry[kind]), 0) + len(lines)
        if "intent" in entry:
            project.examples.setdefault(str(entry["intent"]).strip(), []).extend(lines)
    for kind, flows in (("rule", project.rules), ("story", project.stories)):
        for entry in _dicts(loaded.get("rules" if kind == "rule" else "stories")):
            conditional = "condition" in entry or bool(entry.get("conversation_start"))
            steps = tuple(step for raw in _dicts(entry.get("steps")) for step in _step(raw))
            flows.append(Flow(name=str(entry.get(kind, "")), steps=steps, conditional=conditional))


def _step(raw: dict[object, object]) -> Iterator[tuple[str, str]]:
    for key, kind in _STEPS.items():
        if key in raw:
            value = raw[key]
            yield kind, value.strip() if isinstance(value, str) else ""
    if "entities" in raw:
        yield "slot", ""


def _settings(loaded: dict[object, object], project: Project) -> None:
    project.language = str(loaded.get("language") or project.language)
    for key, names in (("pipeline", project.pipeline), ("policies", project.policies)):
        names.extend(str(entry.get("name", "")) for entry in _dicts(loaded.get(key)))


def _json_lines(text: str, project: Project) -> bool:
    """Rows {"intent", "examples"}, one a line, between index rows."""
    found = False
    for line in text.splitlines():
        row = json.loads(line) if line.strip() else None
        if isinstance(row, dict) and isinstance(row.get("intent"), str) and isinstance(row.get("examples"), list):
            held = project.examples.setdefault(row["intent"].strip(), [])
            held.extend(str(example) for example in row["examples"] if str(example) not in held)
            found = True
    return found


def _names(value: object) -> Iterator[str]:
    """Names in a list whose entries are texts or {name: options}."""
    for entry in value if isinstance(value, list | tuple) else ():
        name = next(iter(entry), None) if isinstance(entry, dict) else entry
        if name is not None:
            yield str(name).strip()


def _items(value: object) -> Iterator[tuple[str, object]]:
    if isinstance(value, dict):
        yield from ((str(name).strip(), entry) for name, entry in value.items())
    else:
        yield from ((name, {}) for name in _names(value))


def _dicts(value: object) -> Iterator[dict[object, object]]:
    yield from (entry for entry in (value if isinstance(value, list) else ()) if isinstance(entry, dict))


def _lines(examples: object) -> Iterator[str]:
    """Utterances of a block of `- …` lines, or of a list of texts or {text: …}."""
    if isinstance(examples, str):
        yield from (line.strip()[1:].strip() for line in examples.splitlines() if line.strip().startswith("-"))
    for entry in examples if isinstance(examples, list) else ():
        text = entry.get("text") if isinstance(entry, dict) else entry
        if text is not None:
            yield str(text).strip().removeprefix("- ")
