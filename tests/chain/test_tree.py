"""The hashes of the chain: the published examples of RFC 6962, and proofs of every leaf."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.chain.tree import START, build_path, climb, hash_leaf, hash_root, hash_tree
from bot.core.chain.vouchers import encode, group, read_code

EXAMPLES = (
    *("", "00", "10", "2021", "3031", "40414243", "5051525354555657"),
    "606162636465666768696a6b6c6d6e6f",
)
"""The leaves that implementations of RFC 6962 test themselves with."""
ROOTS = (
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)
LEAVES = [hash_leaf(bytes.fromhex(example)) for example in EXAMPLES]


@pytest.mark.parametrize("size", range(1, len(LEAVES) + 1))
def test_roots_are_those_of_the_standard(size: int) -> None:
    assert hash_tree(LEAVES[:size]).hex() == ROOTS[size - 1]


def test_a_tree_of_nothing_is_the_hash_of_nothing() -> None:
    assert hash_tree([]) == sha256(b"").digest()


@given(st.lists(st.binary(max_size=8), min_size=1, max_size=70), st.data())
def test_every_leaf_leads_to_the_root_and_no_other_does(
    words: list[bytes], data: st.DataObject
) -> None:
    leaves = [hash_leaf(word) for word in words]
    place = data.draw(st.integers(0, len(leaves) - 1))
    path = build_path(leaves, place)
    assert climb(leaves[place], path) == hash_tree(leaves)
    assert climb(hash_leaf(b"another, longer than all"), path) != hash_tree(leaves)


def test_a_root_stands_for_what_was_before_it() -> None:
    tree = hash_tree(LEAVES)
    roots = {hash_root(START, tree, 8), hash_root(tree, tree, 8), hash_root(START, tree, 9)}
    assert len(roots) == 3


@pytest.mark.parametrize(
    "typed",
    ["K7QF-2M9P-8T4W-6D3C", "k7qf2m9p8t4w6d3c", " K7QF 2M9P 8T4W 6D3C ", "K7QF—2M9P—8T4W—6D3C"],
)
def test_a_code_is_read_as_it_is_typed(typed: str) -> None:
    assert read_code(typed) == "K7QF2M9P8T4W6D3C"


def test_letters_that_are_taken_for_digits_are_digits() -> None:
    assert read_code("KOQF-IM9P-LT4W-6D3C") == "K0QF1M9P1T4W6D3C"


@pytest.mark.parametrize("typed", ["", "003", "95-01", "K7QF-2M9P-8T4W", "K7QF-2M9P-8T4W-6D3CX"])
def test_what_is_no_code_is_none(typed: str) -> None:
    assert read_code(typed) is None


@given(st.binary(min_size=32, max_size=32))
def test_printed_codes_are_read_back(digest: bytes) -> None:
    assert read_code(group(encode(digest))) == encode(digest)
