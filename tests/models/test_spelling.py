from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models import spelling


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("john", "jon"), ("smith", "smyth"), ("smith", "smythe"), ("catherine", "kathryn"), ("philip", "filip"),
        ("schmidt", "smit"), ("meier", "mayer"), ("stephen", "stefan"), ("jackson", "jakson"), ("lloyd", "loyd"),
    ],
)  # fmt: skip
def test_what_is_said_alike_has_one_sound(one: str, other: str) -> None:
    assert spelling.sound(one) == spelling.sound(other)


@pytest.mark.parametrize(("one", "other"), [("john", "tom"), ("lily", "lee"), ("smith", "smart"), ("anna", "hanna")])
def test_what_is_said_otherwise_has_another(one: str, other: str) -> None:
    assert spelling.sound(one) != spelling.sound(other)


def test_words_to_learn_are_folded_and_of_letters() -> None:
    assert spelling.learnable("José Ñandú-Vale, Li (Zed) 24/7 s8") == ["jose", "nandu", "vale", "zed"]
    assert spelling.learnable("Łucja 東京庵 x" + "y" * 40) == ["łucja", "東京庵"]


@given(st.text())
def test_any_text_has_words_and_a_sound(text: str) -> None:
    for word in spelling.learnable(text):
        assert spelling.sound(word) is not None
        assert all(len(shorter) == len(word) - 1 for shorter in spelling.shorter_by_one(word))


@given(st.text("abcdef", min_size=3, max_size=9), st.data())
def test_words_one_slip_apart_meet(word: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(word) - 2))
    kind = data.draw(st.sampled_from(["lost", "other", "exchanged"]))
    made = {
        "lost": word[:at] + word[at + 1 :],
        "other": word[:at] + "z" + word[at + 1 :],
        "exchanged": word[:at] + word[at + 1] + word[at] + word[at + 2 :],
    }[kind]
    assert {word, *spelling.shorter_by_one(word)} & {made, *spelling.shorter_by_one(made)}
