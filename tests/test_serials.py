"""Serial numbers: what a slip of the pen does to them is noticed."""

from hypothesis import given
from hypothesis import strategies as st

from pipeline.serials import canonical, check_character, is_right, prefix_of, serial_of

PREFIXES = st.sampled_from(["OP", "AI", "V", "ORGX"])
NUMBERS = st.integers(1, 99_999)
CHARACTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def test_the_check_character_is_iso_7064_s():
    """MOD 37,36, on the standard's worked example A12425GABC1234002 -> M."""
    assert check_character("A12425GABC1234002") == "M"


@given(PREFIXES, NUMBERS)
def test_a_serial_is_right(prefix, number):
    assert is_right(serial_of(prefix, number))


@given(PREFIXES, NUMBERS, st.data())
def test_any_one_wrong_character_is_noticed(prefix, number, data):
    serial = serial_of(prefix, number)
    places = [at for at, character in enumerate(serial) if character != "-"]
    at = data.draw(st.sampled_from(places))
    other = data.draw(st.sampled_from([one for one in CHARACTERS if one != serial[at]]))
    assert not is_right(serial[:at] + other + serial[at + 1 :])


@given(PREFIXES, NUMBERS)
def test_a_serial_is_the_same_however_it_is_copied(prefix, number):
    serial = serial_of(prefix, number)
    wide = "".join(chr(ord(one) + 0xFEE0) for one in serial)
    for copied in (serial.lower(), serial.replace("-", " "), serial.replace("-", ""), wide):
        assert canonical(copied) == serial


def test_the_prefix_is_the_form_s_initials():
    assert [prefix_of(name) for name in ("organisation_profile", "visit", "_7")] == ["OP", "V", "X"]
