"""Imports write only what changed and withdraw what is gone."""

from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from knowledge.sync import Held, Incoming, compare


@dataclass(frozen=True)
class Item:
    id: str
    digest: str


def held_of(items: list[Item], collection: str = "c") -> dict[str, Held]:
    return {i.id: Held(digest=i.digest, source=f"{i.id}.md", collection=collection) for i in items}


def incoming(items: list[Item]) -> list[Incoming[Item]]:
    return [Incoming(item=i, source=f"{i.id}.md") for i in items]


collections = st.lists(
    st.builds(Item, id=st.sampled_from("abcdef"), digest=st.sampled_from("123")), unique_by=lambda i: i.id
)


@given(collections)
def test_the_same_again_changes_nothing(items: list[Item]) -> None:
    changes = compare(held_of(items), incoming(items), collection="c")
    assert (changes.added, changes.changed, changes.withdrawn) == ((), (), ())
    assert changes.unchanged == len(items)


@given(collections, collections)
def test_afterwards_the_collection_holds_exactly_what_came(before: list[Item], after: list[Item]) -> None:
    changes = compare(held_of(before), incoming(after), collection="c")
    state = {i.id: i.digest for i in before}
    state.update({e.item.id: e.item.digest for e in (*changes.added, *changes.changed)})
    for id_ in changes.withdrawn:
        del state[id_]
    assert state == {i.id: i.digest for i in after}


def test_a_file_that_failed_takes_nothing_away() -> None:
    items = [Item("a", "1"), Item("b", "1")]
    changes = compare(held_of(items), incoming([items[0]]), collection="c", failed=frozenset({"b.md"}))
    assert changes.withdrawn == ()


def test_other_collections_are_left_alone() -> None:
    changes = compare(held_of([Item("a", "1")], "other"), incoming([Item("b", "1")]), collection="c")
    assert changes.withdrawn == ()
