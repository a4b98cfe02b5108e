"""How hard a passphrase is to guess."""

import pytest

from people.strength import passphrase_strength


@pytest.mark.parametrize("weak", ["passwordpassword", "qwertyuiop12", "Example Ana 1980", "aaaaaaaaaaaaaaaa"])
def test_what_a_guesser_tries_first_is_not_enough(weak):
    assert not passphrase_strength(weak, ("Example Ana",)).is_enough


@pytest.mark.parametrize(
    "strong", ["correct horse kettle staple", "seis gatos azules cantan", "x" * 40 + "vR7!kq2#Lw" * 20]
)
def test_several_random_words_are_enough(strong):
    assert passphrase_strength(strong).is_enough
    assert passphrase_strength(strong).word in ("good", "strong")
