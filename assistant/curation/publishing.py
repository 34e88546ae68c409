"""What staff do to texts, step by step; publishing puts the text in force and the index behind it."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from assistant.curation import drafts
from assistant.curation.drafts import Draft, IdTaken, NotPossibleNow, UnknownText
from assistant.curation.gaps import Unanswered
from assistant.curation.importing import Importer, Report, silent
from assistant.curation.versions import Version
from assistant.store.curation import CurationStore
from assistant.store.gaps import GapStore
from assistant.store.knowledge import KnowledgeStore
from knowledge.passage import Document
from knowledge.search import Library


@dataclass(frozen=True, slots=True, kw_only=True)
class Curation:
    """The steps of curation over the store; `by` is always the name of a person who may take them."""

    store: CurationStore
    knowledge: KnowledgeStore
    gaps: GapStore
    importer: Importer
    library: Library
    clock: Callable[[], datetime]

    def edit(self, owner: str, document: str, by: str) -> Draft:
        """The text's open draft, or a new one of the text as it stands (or last stood). Raises UnknownText."""
        held = self.store.open_draft(owner, document)
        if held is not None:
            return held
        in_force = self.knowledge.document(owner, document)
        if in_force is not None:
            return self._begin(in_force, in_force.digest, by)
        versions = self.store.versions(owner, document)
        if not versions:
            raise UnknownText
        return self._begin(versions[0].document, "", by)

    def create(self, document: Document, by: str, *, gap: str = "") -> Draft:
        """A draft of a new text. Raises IdTaken when the town has, or had, a text of this id."""
        owner, id_ = document.owner, document.id
        known = self.knowledge.document(owner, id_) or self.store.versions(owner, id_)
        if known or self.store.open_draft(owner, id_):
            raise IdTaken
        begun = self._begin(document, "", by, gap=gap)
        if begun.author != by or begun.document != document:
            raise IdTaken  # another person took the id in this very moment
        return begun

    def restore(self, owner: str, document: str, number: int, by: str) -> Draft:
        """A draft with the content of an earlier version; it is reviewed like any other change.

        Raises UnknownText, or NotPossibleNow while somebody works on the text.
        """
        version = self.version(owner, document, number)
        if self.store.open_draft(owner, document) is not None:
            raise NotPossibleNow("この案内には作業中の下書きがあります。先にそれを公開するか、取り下げてください。")
        in_force = self.knowledge.document(owner, document)
        note = f"第{number}版に戻す"
        return self._begin(version.document, in_force.digest if in_force else "", by, note=note)

    def save(self, draft: Draft, document: Document, *, seen: int, by: str, note: str) -> Draft:
        """The draft with new content. Raises StaleEdit, NotPossibleNow."""
        after = drafts.saved(draft, document, seen=seen, by=by, note=note, at=self.clock())
        self.store.put(after, seen=draft.revision, action="save", by=by)
        return after

    def submit(self, draft: Draft, *, seen: int, by: str) -> Draft:
        """The draft waiting for another person."""
        after = drafts.submitted(draft, seen=seen, at=self.clock())
        self.store.put(after, seen=draft.revision, action="submit", by=by)
        return after

    def send_back(self, draft: Draft, *, seen: int, by: str, note: str) -> Draft:
        """The draft back with its author."""
        after = drafts.returned(draft, seen=seen, by=by, note=note, at=self.clock())
        self.store.put(after, seen=draft.revision, action="return", by=by)
        return after

    def rebase(self, draft: Draft, *, seen: int, by: str) -> Draft:
        """The draft compared with what is in force now, so that it may replace it."""
        in_force = self.knowledge.document(draft.owner, draft.document.id)
        after = drafts.rebased(draft, in_force.digest if in_force else "", seen=seen, at=self.clock())
        self.store.put(after, seen=draft.revision, action="rebase", by=by)
        return after

    def take_back(self, draft: Draft, *, by: str) -> None:
        """The draft is given up; what is in force stays."""
        if draft.state not in drafts.OPEN:
            raise NotPossibleNow
        self.store.put(drafts.withdrawn(draft, at=self.clock()), seen=draft.revision, action="discard", by=by)

    def publish(self, draft: Draft, *, seen: int, by: str) -> Version:
        """Put the draft in force; residents are answered from it when this returns.

        Killed after the text is stored, the next start builds the index. Raises SamePerson, ChangedMeanwhile,
        StaleEdit, NotPossibleNow, StorageFull.
        """
        in_force = self.knowledge.document(draft.owner, draft.document.id)
        now = self.clock()
        digest = in_force.digest if in_force else ""
        version = self.store.publish(drafts.approved(draft, seen=seen, by=by, in_force=digest, at=now), seen=seen)
        closed = [draft.gap, *draft.document.questions]
        marks = [Unanswered(question=q, language="", why="", at=now).mark for q in closed if q]
        self.gaps.mark(draft.owner, marks, by=by, at=now)
        self.show(draft.owner)
        return version

    def withdraw(self, owner: str, document: str, *, by: str, reason: str) -> None:
        """Take a text out of force at once; one person is enough, since no answer is safer than a wrong one."""
        self.store.withdraw(owner, document, by=by, reason=reason, at=self.clock())
        self.show(owner)

    def version(self, owner: str, document: str, number: int) -> Version:
        """One version. Raises UnknownText."""
        for version in self.store.versions(owner, document):
            if version.number == number:
                return version
        raise UnknownText

    def show(self, owner: str) -> Report:
        """Build the owner's index of what is stored, and search it from now on."""
        report = Report()
        self.importer.publish(owner, silent, report)
        self.library.refresh()
        return report

    def _begin(self, document: Document, base: str, by: str, *, gap: str = "", note: str = "") -> Draft:
        new = Draft(
            id=uuid.uuid4().hex, owner=document.owner, document=document, base=base, author=by, authors=(by,),
            gap=gap, note=note, at=self.clock(),
        )  # fmt: skip
        return self.store.open(new)


def as_of(document: Document, now: datetime) -> Document:
    """The document as of today: what a person has just written or confirmed."""
    return replace(document, as_of=now.date())
