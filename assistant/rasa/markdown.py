"""Training data of Rasa 1: intents and stories in Markdown."""

from __future__ import annotations

import re

from assistant.rasa.project import Flow, Project

_HEADING = re.compile(r"^##\s*(intent|synonym|regex|lookup)\s*:\s*(.+?)\s*$")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_TURN = re.compile(r"^\*\s*(.+)$")
_ITEM = re.compile(r"^\s*[-*+]\s+(.*\S)")


def read_markdown(text: str, project: Project) -> bool:
    """Add what the file holds; True when it held training data or stories."""
    text = _COMMENT.sub("", text)
    if any(_HEADING.match(line) for line in text.splitlines()):
        return _training(text, project)
    if any(_TURN.match(line) for line in text.splitlines()):
        return _stories(text, project)
    return False


def _training(text: str, project: Project) -> bool:
    kind, name = "", ""
    for line in text.splitlines():
        heading = _HEADING.match(line)
        if heading:
            kind, name = heading.groups()
            if kind == "intent":
                project.examples.setdefault(name, [])
            continue
        if line.startswith("#"):
            kind = ""
        item = _ITEM.match(line)
        if item and kind == "intent":
            project.examples[name].append(item.group(1))
        elif item and kind:
            store = {"synonym": project.synonyms, "regex": project.regexes, "lookup": project.lookups}[kind]
            store[name] = store.get(name, 0) + 1
    return True


def _stories(text: str, project: Project) -> bool:
    """`## name`, `* intent{"slot": …} OR intent: what was said`, `- action`, `> checkpoint`."""
    name = ""
    steps: list[tuple[str, str]] = []
    for line in [*text.splitlines(), "## "]:
        if line.startswith("##"):
            if steps:
                project.stories.append(Flow(name=name, steps=tuple(steps)))
            name, steps = line.lstrip("# ").strip(), []
        elif line.startswith(">"):
            steps.append(("checkpoint", line[1:].strip()))
        elif turn := _TURN.match(line):
            steps.extend(_turn(turn.group(1)))
        elif item := _ITEM.match(line):
            action = item.group(1)
            steps.append(("slot", "") if action.startswith(("slot{", "form{")) else ("action", action))
    return True


def _turn(said: str) -> list[tuple[str, str]]:
    ways = re.split(r"\s+OR\s+", said)
    if len(ways) > 1:
        return [("or", "")]
    name = re.split(r"[{:]", said, maxsplit=1)[0].strip()
    return [("intent", name), *([("slot", "")] if "{" in said else [])]
