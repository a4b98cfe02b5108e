"""Keys: a data key that only the right passphrase or code gives back, in a file in which nothing can be changed."""

import contextlib
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import InputError, PassphraseError, VaultError
from people import keys as k
from people.backup import restore, write_backup
from people.folders import VaultPlace
from people.settings import VaultSettings
from people.users import change_passphrase
from people.vault import lock, open_vault
from tests.people.conftest import ANA, PASSPHRASE

CHEAP = VaultSettings(memory_kib=8, passes=1, lanes=1)


def test_a_data_key_is_random_and_comes_back_by_the_passphrase_alone():
    secret, other = k.new_secret(), k.new_secret()
    assert len(secret.raw()) == 32
    assert secret.raw() != other.raw()
    made = k.with_slot(k.new_key_file(), "one", PASSPHRASE, secret, CHEAP)
    assert k.unwrap(made, "one", PASSPHRASE, CHEAP).raw() == secret.raw()
    assert k.unwrap(made, "one", PASSPHRASE + " ", CHEAP) is None
    assert k.unwrap(made, "two", PASSPHRASE, CHEAP) is None


def test_the_same_passphrase_never_wraps_alike():
    secret = k.new_secret()
    one, other = (k.with_slot(k.new_key_file(), "one", PASSPHRASE, secret, CHEAP).slots["one"] for _ in range(2))
    assert one["wrapped"] != other["wrapped"]
    assert one["salt"] != other["salt"]


@pytest.mark.parametrize("field", ["salt", "wrapped", "tag"])
def test_a_changed_wrap_opens_nothing(field):
    made = k.with_slot(k.new_key_file(), "one", PASSPHRASE, k.new_secret(), CHEAP)
    wrap = dict(made.slots["one"])
    wrap[field] = ("A" if wrap[field][0] != "A" else "B") + wrap[field][1:]
    assert k.unwrap(k.KeyFile(made.vault_id, {"one": wrap}), "one", PASSPHRASE, CHEAP) is None


def test_a_wrap_in_another_slot_or_vault_opens_nothing():
    made = k.with_slot(k.new_key_file(), "one", PASSPHRASE, k.new_secret(), CHEAP)
    assert k.unwrap(k.KeyFile(made.vault_id, {"two": made.slots["one"]}), "two", PASSPHRASE, CHEAP) is None
    assert k.unwrap(k.KeyFile("another", made.slots), "one", PASSPHRASE, CHEAP) is None


def test_usual_costs_are_those_of_rfc_9106():
    usual = VaultSettings()
    assert (usual.memory_kib, usual.passes, usual.lanes) == (65536, 3, 4)


def test_accents_typed_either_way_are_one_passphrase():
    secret = k.new_secret()
    made = k.with_slot(k.new_key_file(), "one", "año de lluvia y sol", secret, CHEAP)
    assert k.unwrap(made, "one", "an\u0303o de lluvia y sol", CHEAP).raw() == secret.raw()


@pytest.mark.parametrize(
    "typed", [str.lower, str.upper, lambda code: code.replace("-", " "), lambda code: f" {code}\n"]
)
def test_a_recovery_code_is_read_as_people_type_it(typed):
    code = "0123-4567-89AB-CDEF-GHJK-MNPQ-RSTV-WXYZ"
    assert k.read_recovery_code(typed(code)) == code
    assert k.read_recovery_code(typed(code).replace("0", "o").replace("1", "l")) == code


@pytest.mark.parametrize("text", ["", "ABCD", "U" * 32, "A" * 33])
def test_what_is_no_recovery_code(text):
    with pytest.raises(PassphraseError):
        k.read_recovery_code(text)


def test_a_recovery_code_has_160_bits():
    codes = {k.new_recovery_code() for _ in range(50)}
    assert len(codes) == 50
    assert {len(code.replace("-", "")) for code in codes} == {32}


def test_a_short_passphrase_is_refused():
    with pytest.raises(InputError, match="12"):
        k.check_passphrase("eleven char")


def test_a_key_file_tells_of_any_change(vault):
    path = vault.place.key_file
    document = json.loads(path.read_bytes())
    document["slots"][k.RECOVERY]["tag"] = document["slots"][vault.user.user_id]["tag"]
    path.write_text(json.dumps(document))
    with pytest.raises(VaultError, match="changed"):
        k.check_seal(k.read_key_file(vault.place), vault.secret)


@pytest.mark.parametrize("bit", [1, 4, 16, 128])
def test_a_flip_of_any_bit_of_the_key_file_is_told(vault, bit):
    whole = vault.place.key_file.read_bytes()
    for at in range(len(whole)):
        changed = whole[:at] + bytes([whole[at] ^ bit]) + whole[at + 1 :]
        try:
            keys = k.key_file_from(changed)
            k.check_seal(keys, vault.secret)
        except VaultError:
            continue
        assert keys == k.key_file_from(whole), at  # as between a space and a tab


def test_a_damaged_wrap_is_refused_before_it_is_tried(vault):
    for name, value in (
        ("salt", "AA=="),
        ("wrapped", "?"),
        ("passes", 0),
        ("lanes", 64),
        ("passes", 10**9),
        ("tag", 7),
    ):
        document = json.loads(vault.place.key_file.read_bytes())
        document["slots"][k.RECOVERY][name] = value
        with pytest.raises(VaultError, match="damaged"):
            k.key_file_from(json.dumps(document).encode())


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b"\xff", b'{"format": 1, "slots": {"a": {}}}'])
def test_a_damaged_key_file_is_one_sentence(content):
    with pytest.raises(VaultError, match="damaged"):
        k.key_file_from(content)


JSON = st.recursive(st.none() | st.integers() | st.text(max_size=8), lambda one: st.lists(one, max_size=3))


@given(format_=st.just(1) | JSON, vault_id=JSON, slots=JSON | st.dictionaries(st.text(max_size=3), JSON, max_size=2))
@settings(max_examples=50)
def test_any_document_is_a_key_file_or_one_sentence(format_, vault_id, slots):
    document = {"format": format_, "vault_id": vault_id, "slots": slots, "seal": ""}
    with contextlib.suppress(VaultError):
        assert k.key_file_from(json.dumps(document).encode()).slots == {}


def test_a_key_file_of_a_newer_version_is_refused(vault):
    document = json.loads(vault.place.key_file.read_bytes()) | {"format": k.FORMAT + 1}
    with pytest.raises(VaultError, match="newer version"):
        k.key_file_from(json.dumps(document).encode())


def test_a_key_that_would_take_all_memory_is_refused(vault):
    document = json.loads(vault.place.key_file.read_bytes())
    document["slots"][k.RECOVERY]["memory_kib"] = 1 << 30
    with pytest.raises(VaultError, match="damaged"):
        k.key_file_from(json.dumps(document).encode())


def test_a_secret_is_never_shown_and_can_be_wiped():
    secret = k.new_secret()
    raw = secret.raw()
    assert raw.hex() not in repr(secret) + str(vars(secret).keys())
    assert secret.derive("one") != secret.derive("another")
    secret.wipe()
    assert not secret.is_known
    with pytest.raises(VaultError, match="locked"):
        secret.derive("one")


def test_no_name_of_a_user_is_in_the_key_file(vault):
    assert b"Ana" not in vault.place.key_file.read_bytes()
    assert k.slot_of(k.read_key_file(vault.place), "  EXAMPLE  ana ") == vault.user.user_id


def test_no_key_outlives_what_it_was_unwrapped_for(vault, place, tmp_path, monkeypatch):
    made, begin = [], k.Secret.__init__

    def noted(self, key):
        begin(self, key)
        made.append(self)

    monkeypatch.setattr(k.Secret, "__init__", noted)
    change_passphrase(vault, PASSPHRASE, "eleven green lamps hum")
    write_backup(vault, tmp_path / "one.backup")
    elsewhere = VaultPlace(tmp_path / "other" / "people.db", tmp_path / "other-keys")
    opened, _ = restore(elsewhere, tmp_path / "one.backup", ANA, "eleven green lamps hum", vault.settings)
    lock(opened)
    place.head_file.unlink()
    with pytest.raises(VaultError, match="cut off"):
        open_vault(place, ANA, "eleven green lamps hum", vault.settings)
    assert len(made) == 4
    assert not any(secret.is_known for secret in made)
