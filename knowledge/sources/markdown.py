"""Markdown becomes Sections: headings give the path; links, lists and tables stay readable text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import yaml
from markdown_it import MarkdownIt
from markdown_it.token import Token

from knowledge.errors import MalformedSource
from knowledge.passage import Section
from knowledge.sources.headings import Outline
from knowledge.sources.letters import decode
from knowledge.sources.reading import Origin, Reading, load, page, refusal

_FRONT = re.compile(r"\A---[ \t]*\n(.*?)\n---[ \t]*(?:\n|\Z)", re.DOTALL)
_MAX_FRONT = 65_536  # characters; the longest guide has 3,000
_TABLE_RULE = re.compile(r"^\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*$")
_TAGS = re.compile(r"<!--.*?-->|</?(?:br|p|div|span|b|i|u|em|strong|small|sub|sup|font|center|a|img|hr)\b[^<>]*>", re.I)
_ENTITIES = {"&nbsp;": " ", "&lt;": "<", "&gt;": ">", "&quot;": '"', "&amp;": "&"}
_HIDDEN_BLOCK = re.compile(r"<!--.*?-->", re.DOTALL)


def read_markdown(path: Path, origin: Origin) -> Reading:
    """One page; its title is the front matter's, else the first heading, else the file's name."""
    name = origin.name(path)
    meta, body = front_matter(decode(load(path, origin), name).text, name)
    title = str(meta.get("title") or "") or first_heading(body) or path.stem
    language = meta.get("language") or meta.get("lang") or ""
    document = page(
        name, origin, title=title, sections=sections(body, title),
        language=language if isinstance(language, str) else "", url=str(meta.get("url") or ""),
    )  # fmt: skip
    return Reading(documents=(document,))


def front_matter(text: str, name: str) -> tuple[dict[str, object], str]:
    """The YAML mapping at the head and the text after it; an empty mapping where there is none.

    Raises MalformedSource for front matter that is no YAML mapping, names a key twice or is too long.
    """
    found = _FRONT.match(text)
    if not found:
        return {}, text
    if len(found[1]) > _MAX_FRONT:
        raise refusal(MalformedSource, name, "The front matter is too long. End it with a line of three hyphens.")
    try:
        value = yaml.load(found[1], Loader=_OneKeyLoader)
    except (yaml.YAMLError, ValueError, RecursionError) as exc:  # ValueError: 2026-13-45 looks like a date
        line = _line_of(exc)
        raise refusal(MalformedSource, name, f"The front matter is not YAML{line}. Quote values with ':'.") from exc
    if value is None:
        return {}, text[found.end() :]
    if not isinstance(value, dict):
        return {}, text  # a rule, text and a rule: no front matter at all
    return {str(key): item for key, item in value.items()}, text[found.end() :]


def first_heading(text: str) -> str:
    """The text of the first heading, or an empty string."""
    tokens = _parser().parse(text)
    for token, inline in pairwise(tokens):
        if token.type == "heading_open":
            return " ".join(_inline(inline.children or ()).split())
    return ""


def sections(text: str, title: str = "") -> list[Section]:
    """The text under its headings; a heading equal to the title does not enter the path."""
    outline = Outline(title)
    prefixes: list[str] = []  # what opens the next line of text: list marks and quote marks
    depth = -1
    tokens = _parser().parse(_HIDDEN_BLOCK.sub("", text))
    for i, token in enumerate(tokens):
        match token.type:
            case "heading_open":
                outline.heading(int(token.tag[1]), _inline(tokens[i + 1].children or ()))
            case "bullet_list_open" | "ordered_list_open":
                depth += 1
            case "bullet_list_close" | "ordered_list_close":
                depth -= 1
            case "list_item_open":
                prefixes.append("  " * depth + (f"{token.info}{token.markup} " if token.info else "- "))
            case "inline" if tokens[i - 1].type != "heading_open":
                outline.text("".join(prefixes) + _lines(_inline(token.children or ())))
                prefixes.clear()
            case "fence" | "code_block":
                outline.text("".join(prefixes) + (f"{token.info}\n" if token.info.strip() else "") + token.content)
                prefixes.clear()
            case "list_item_close" if prefixes:  # an item of nothing but its number
                outline.text("".join(prefixes))
                prefixes.clear()
    return outline.sections()


class _OneKeyLoader(yaml.SafeLoader):
    """YAML without the trap that a key written twice silently keeps its second value."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[object, object]:
        keys = [key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode)]
        if len(keys) != len(set(keys)):
            raise yaml.constructor.ConstructorError(None, None, "a key stands twice", node.start_mark)
        return dict(super().construct_mapping(node, deep))


def _line_of(exc: Exception) -> str:
    mark = getattr(exc, "problem_mark", None)
    return f" (line {mark.line + 2})" if mark is not None else ""


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False})
    # Reference definitions and entities would swallow text; both are rare in office texts.
    parser.disable(["reference", "entity"])
    # Addresses stay as written, and no link is thrown away: what is shown is text, not HTML.
    parser.normalizeLink = lambda url: url  # type: ignore[method-assign]
    parser.validateLink = lambda url: True  # type: ignore[method-assign]
    return parser


def _inline(children: Sequence[Token]) -> str:
    parts: list[str] = []
    links: list[tuple[int, str]] = []
    for token in children:
        match token.type:
            case "softbreak" | "hardbreak":
                parts.append("\n")
            case "link_open":
                links.append((len(parts), " ".join(str(token.attrs.get(key, "")) for key in ("href", "title")).strip()))
            case "link_close":
                start, href = links.pop()
                if href and href != "".join(parts[start:]):
                    parts.append(f"（{href}）")
            case "image":
                parts.append(f"{token.content}（{token.attrs.get('src', '')} {token.attrs.get('title', '')}）")
            case _:
                parts.append(token.content)
    return "".join(parts)


def _lines(text: str) -> str:
    """Table rows as 'a | b', rules of tables left out, the few common tags and entities read."""
    kept = []
    for line in text.split("\n"):
        if _TABLE_RULE.match(line) and "|" in line:
            continue
        line = _TAGS.sub(lambda found: "\n" if found[0][:3].lower() == "<br" else "", line)
        for entity, char in _ENTITIES.items():
            line = line.replace(entity, char)
        if line.lstrip().startswith("|"):
            line = " | ".join(cell.strip() for cell in line.strip().strip("|").split("|"))
        kept.append(line)
    return "\n".join(kept)
