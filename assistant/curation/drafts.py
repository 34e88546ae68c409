"""下書き: a proposed version of a text and the way it goes: draft → in_review → published → withdrawn."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from assistant.errors import MadoguchiError
from knowledge.passage import Document


class CurationError(MadoguchiError):
    """This step of curation is not possible now. Open the text again and look at its state."""


class SamePerson(CurationError):
    """書いた人とは別の人が確認してください。内容を確認する人と書いた人は、同じではいけません。"""


class NotPossibleNow(CurationError):
    """今の状態ではできない操作です。画面を開き直して、状態を確かめてください。"""


class StaleEdit(CurationError):
    """ほかの人が先に保存しました。あなたの入力はこの画面に残っています。新しい内容と見比べて、もう一度保存してください。"""


class ChangedMeanwhile(CurationError):
    """下書きを作ったあとで、公開中の内容が変わりました。差分を確かめて「新しい公開内容と見比べました」を押してから公開してください。"""


class UnknownText(CurationError):
    """この案内や下書きは見つかりません。一覧から選び直してください。"""


class IdTaken(CurationError):
    """この案内IDはもう使われています。別のIDにするか、その案内を編集してください。"""


class State(StrEnum):
    """Where a draft stands."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"  # taken back before it was published, or no longer in force after


_NEXT: dict[State, frozenset[State]] = {
    State.DRAFT: frozenset({State.IN_REVIEW, State.WITHDRAWN}),
    State.IN_REVIEW: frozenset({State.DRAFT, State.PUBLISHED, State.WITHDRAWN}),
    State.PUBLISHED: frozenset({State.WITHDRAWN}),
    State.WITHDRAWN: frozenset(),
}

OPEN = frozenset({State.DRAFT, State.IN_REVIEW})
"""States of a draft that somebody still works on; a text has at most one such draft."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """One proposed version of one text."""

    id: str
    owner: str  # town code
    document: Document
    base: str  # digest of the version in force that this one was made from; "" for a new text
    state: State = State.DRAFT
    revision: int = 1  # counts saves: a save names the revision that it saw
    author: str  # who wrote it last: the reviewer must be another
    authors: tuple[str, ...] = ()  # everybody who saved it
    reviewer: str = ""
    note: str = ""  # what the reviewer says when it goes back, or the author about the change
    gap: str = ""  # the question without answer that it was made for
    at: datetime  # aware UTC, of the last step


def saved(draft: Draft, document: Document, *, seen: int, by: str, note: str, at: datetime) -> Draft:
    """The draft with new content. Raises StaleEdit when somebody saved since, NotPossibleNow unless it is a draft."""
    if draft.state is not State.DRAFT:
        raise NotPossibleNow
    if seen != draft.revision:
        raise StaleEdit
    authors = draft.authors if by in draft.authors else (*draft.authors, by)
    return replace(
        draft, document=document, revision=draft.revision + 1, author=by, authors=authors, note=note, at=at
    )  # fmt: skip


def submitted(draft: Draft, *, seen: int, at: datetime) -> Draft:
    """The draft waiting for review."""
    return _moved(_as_seen(draft, seen), State.IN_REVIEW, at)


def returned(draft: Draft, *, seen: int, by: str, note: str, at: datetime) -> Draft:
    """Back to its author, with what must be mended."""
    if draft.state is not State.IN_REVIEW:
        raise NotPossibleNow
    return replace(_moved(_as_seen(draft, seen), State.DRAFT, at), reviewer=by, note=note)


def approved(draft: Draft, *, seen: int, by: str, in_force: str, at: datetime) -> Draft:
    """The draft as published by another person than all who wrote it.

    `in_force` is the digest of the text in force now ("" when none). Raises SamePerson, ChangedMeanwhile when the
    text in force is not the one that the draft was made from, StaleEdit, NotPossibleNow.
    """
    if draft.state is not State.IN_REVIEW:
        raise NotPossibleNow
    if by == draft.author or by in draft.authors:
        raise SamePerson
    if draft.base != in_force:
        raise ChangedMeanwhile
    return replace(_moved(_as_seen(draft, seen), State.PUBLISHED, at), reviewer=by)


def rebased(draft: Draft, in_force: str, *, seen: int, at: datetime) -> Draft:
    """The draft compared with the text in force now: it may replace that one too."""
    if draft.state not in OPEN:
        raise NotPossibleNow
    return replace(_as_seen(draft, seen), base=in_force, at=at, revision=draft.revision + 1)


def withdrawn(draft: Draft, *, at: datetime) -> Draft:
    """The draft taken back, or the published version taken out of force."""
    return _moved(draft, State.WITHDRAWN, at)


def _as_seen(draft: Draft, seen: int) -> Draft:
    if seen != draft.revision:
        raise StaleEdit
    return draft


def _moved(draft: Draft, state: State, at: datetime) -> Draft:
    if state not in _NEXT[draft.state]:
        raise NotPossibleNow
    return replace(draft, state=state, at=at)
