"""The hash chain shows every change to what is past."""

import hashlib
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contest.rules.chain import GENESIS, Break, Link, link, short_head, verify


def chain(length: int) -> list[Link]:
    links, previous = [], GENESIS
    for seq in range(1, length + 1):
        body = {"contest": 1, "entry": f"A{seq}", "mark": "52.5", "note": "sửa điểm"}
        previous = link(previous, body)
        links.append(Link(seq, previous, body))
    return links


def test_a_link_is_sha256_over_the_hash_before_and_the_canonical_content():
    by_hand = hashlib.sha256(b"0" * 64 + '{"a":"Đ","b":1}'.encode()).hexdigest()

    assert link(GENESIS, {"b": 1, "a": "Đ"}) == by_hand


@pytest.mark.parametrize("previous", ("", "0" * 63, "0" * 65, "G" * 64, "A" * 64))
def test_what_is_no_hash_cannot_be_linked_to(previous):
    with pytest.raises(ValueError, match="not a hash"):
        link(previous, {})


def test_a_whole_chain_holds():
    links = chain(5)

    assert verify(links, head=links[-1].hash, length=5) == []
    assert verify([], head=GENESIS, length=0) == []
    assert verify(links[2:], start=links[1].hash)[0] == Break(0, "gap")


def edited(links):
    links[2] = replace(links[2], body={**links[2].body, "mark": "60"})


def edited_and_rehashed(links):
    body = {**links[2].body, "mark": "60"}
    links[2] = Link(3, link(links[1].hash, body), body)


def removed(links):
    del links[2]


def removed_and_renumbered(links):
    del links[2]
    links[2:] = [replace(later, seq=later.seq - 1) for later in links[2:]]


def swapped(links):
    links[1], links[2] = links[2], links[1]


def repeated(links):
    links.insert(3, links[2])


def cut(links):
    del links[4:]


def emptied(links):
    links.clear()


def spoilt(links):
    links[2] = replace(links[2], hash="lost")


@pytest.mark.parametrize(
    ("change", "found"),
    (
        (edited, [Break(2, "content")]),
        (edited_and_rehashed, [Break(3, "content")]),
        (removed, [Break(2, "gap"), Break(4, "head")]),
        (removed_and_renumbered, [Break(2, "content"), Break(4, "head")]),
        (swapped, [Break(1, "gap"), Break(2, "order"), Break(3, "gap")]),
        (repeated, [Break(3, "order"), Break(5 + 1, "head")]),
        (cut, [Break(4, "head")]),
        (emptied, [Break(0, "head")]),
        (spoilt, [Break(2, "content"), Break(3, "content")]),
    ),
)
def test_every_change_is_found(change, found):
    links = chain(5)
    head = links[-1].hash

    change(links)

    assert verify(links, head=head, length=5) == found


def test_a_rewritten_chain_is_found_by_its_head_only():
    links, other = chain(5), chain(5)
    other[0] = Link(1, link(GENESIS, {"mark": "60"}), {"mark": "60"})
    for i in range(1, 5):
        other[i] = replace(other[i], hash=link(other[i - 1].hash, other[i].body))

    assert verify(other) == []
    assert verify(other, head=links[-1].hash) == [Break(5, "head")]


@given(st.data())
def test_any_other_order_or_choice_of_records_is_found(data):
    links = chain(6)
    shuffled = data.draw(st.lists(st.sampled_from(links), max_size=8))

    assert (verify(shuffled, head=links[-1].hash) == []) == (shuffled == links)


def test_short_head():
    assert short_head("0123456789abcdef" * 4) == "0123 4567 89ab cdef 0123 4567 89ab cdef"
