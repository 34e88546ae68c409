"""What of a Rasa project Madoguchi can take over, and what has no counterpart here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from assistant.rasa.project import Flow, Project, entities_in, plain


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """One kind of thing without counterpart: what it is called, which ones, and what to do instead."""

    kind: str
    names: tuple[str, ...]
    instead: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Questions with one fixed answer: what `madoguchi ingest --kind faq` can take."""

    intent: str
    questions: tuple[str, ...]
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """The whole result."""

    language: str  # as the project's configuration says; empty when it does not
    counts: dict[str, int]
    pairs: tuple[Pair, ...]
    gaps: tuple[Gap, ...]  # only those that hold something
    broken: tuple[str, ...]  # references to what the project does not have
    failed: tuple[str, ...]  # files that could not be read


def compare(project: Project) -> Comparison:
    """Counts of everything found, the fixed answers, and the rest by kind."""
    pairs = tuple(_pairs(project))
    return Comparison(
        language=project.language,
        counts=_counts(project),
        pairs=pairs,
        gaps=tuple(gap for gap in _gaps(project, {pair.intent for pair in pairs}) if gap.names),
        broken=tuple(sorted(_broken(project))),
        failed=tuple(project.failed),
    )


def _counts(p: Project) -> dict[str, int]:
    return {
        "files": len(p.files), "intents": len(p.intents | p.examples.keys()),
        "examples": sum(len(texts) for texts in p.examples.values()), "entities": len(_entities(p)),
        "slots": len(p.slots), "forms": len(p.forms), "responses": len(p.responses), "rules": len(p.rules),
        "stories": len(p.stories), "custom actions": len(_custom(p)), "regexes": len(p.regexes),
        "lookups": len(p.lookups), "synonyms": len(p.synonyms),
    }  # fmt: skip


def _pairs(p: Project) -> Iterator[Pair]:
    """Intents that a rule or story of one turn answers with fixed words; a rule before a story."""
    done: set[str] = set()
    for flow in (*p.rules, *p.stories):
        if flow.conditional or len(flow.steps) < 2 or flow.steps[0][0] != "intent":
            continue
        intent, rest = flow.steps[0][1], flow.steps[1:]
        questions = tuple(dict.fromkeys(plain(text) for text in p.examples.get(intent, ()) if plain(text).strip()))
        if intent in done or not questions or any(kind != "action" or not _fixed(p, name) for kind, name in rest):
            continue
        done.add(intent)
        answer = "\n\n".join(p.responses[name].texts[0] for _, name in rest)
        yield Pair(intent=intent, questions=questions, answer=answer)


def _fixed(p: Project, action: str) -> bool:
    """True for a response of plain words: no condition, slot, button or call to a service (Bürokratt's `#name`)."""
    held = p.responses.get(action)
    if held is None or held.conditional or held.rich or not held.texts:
        return False
    return bool(held.texts[0]) and "{" not in held.texts[0] and not held.texts[0].startswith("#")


def _gaps(p: Project, answered: set[str]) -> Iterator[Gap]:
    def gap(kind: str, names: Iterable[str], instead: str) -> Gap:
        return Gap(kind=kind, names=tuple(sorted(set(names))), instead=instead)

    service = "describe a service (YAML) whose slots are asked for and confirmed"
    yield gap("custom action", _custom(p), "its code is not read; " + service)
    yield gap("form", p.forms, service)
    yield gap("slot", p.slots, "slots belong to services; nothing else is remembered of a conversation")
    yield gap("entity", _entities(p), "entities are not marked in questions; a service asks for what it needs")
    yield gap("regex or lookup", (*p.regexes, *p.lookups), "write the values into a table (CSV)")
    yield gap("synonym", p.synonyms, "add the words to the questions of a guide")
    yield gap("conditional response", [n for n, r in p.responses.items() if r.conditional], service)
    yield gap("response with slots or a service call", [n for n, r in p.responses.items() if _filled(r.texts)], service)
    rich = [name for name, response in p.responses.items() if response.rich]
    yield gap("response with buttons or media", rich, "choices come by themselves")
    yield gap("conversation of several turns", [f.name for f in (*p.rules, *p.stories) if _long(f)],
              "what follows is decided from the knowledge, not from stories")  # fmt: skip
    unanswered = (p.intents | p.examples.keys()) - answered - {"nlu_fallback"}
    yield gap("intent without fixed answer", unanswered, "write a guide that answers its examples")
    yield gap("pipeline component or policy", (*p.pipeline, *p.policies), "engines have their own (MADOGUCHI_RASA_URL)")


def _filled(texts: Iterable[str]) -> bool:
    return any("{" in text or text.startswith("#") for text in texts)


def _long(flow: Flow) -> bool:
    turns = sum(kind in ("intent", "user", "or") for kind, _ in flow.steps)
    return flow.conditional or turns != 1 or any(kind in ("slot", "loop", "checkpoint") for kind, _ in flow.steps)


def _entities(p: Project) -> set[str]:
    return p.entities | {name for texts in p.examples.values() for text in texts for name in entities_in(text)}


def _custom(p: Project) -> set[str]:
    """Actions that are code: neither responses nor forms nor Rasa's own."""
    used = {name for flow in (*p.rules, *p.stories) for kind, name in flow.steps if kind == "action"}
    own = {name for name in p.actions | used if not name.startswith("utter_") and name not in p.forms}
    return {name for name in own if name and name not in _RASA_OWN}


def _broken(p: Project) -> Iterator[str]:
    for flow in (*p.rules, *p.stories):
        for kind, name in flow.steps:
            if kind == "action" and name.startswith("utter_") and name not in p.responses:
                yield f"response {name}: used, but not in the domain"
            if kind == "intent" and name and name != "nlu_fallback" and name not in p.examples:
                yield f"intent {name}: used, but without examples"
    for name in p.intents - p.examples.keys():
        yield f"intent {name}: declared, but without examples"
    for name in p.examples.keys() - p.intents:
        yield f"intent {name}: has examples, but is not declared"


_RASA_OWN = frozenset(
    "action_listen action_restart action_session_start action_default_fallback action_back action_extract_slots "
    "action_deactivate_loop action_two_stage_fallback action_default_ask_affirmation action_unlikely_intent "
    "action_default_ask_rephrase action_revert_fallback_events action_send_text".split()
)
