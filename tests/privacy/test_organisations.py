"""Organisations become codes that keep who is meant and lose what it is called."""

import pandas as pd

from pipeline.privacy.organisations import code_organisations

NA = pd.NA


def frame(**columns):
    return pd.DataFrame({name: pd.Series(values, dtype="str") for name, values in columns.items()})


def test_the_same_organisation_has_one_code_wherever_it_is_named():
    """Either of its names, in full width, other case or with spaces, in main or in a repeat."""
    main = frame(
        response_id=["b", "a"],
        zh=["SYNTHETIC 乙會", "SYNTHETIC 甲會"],
        en=["SYNTHETIC Beta", NA],
    )
    ties = frame(
        response_id=["a", "a", "b", "b"],
        position=["1", "2", "1", "2"],
        named=["ＳＹＮＴＨＥＴＩＣ beta", "SYNTHETIC Gamma", "synthetic甲會", NA],
    )
    coded, repeats = code_organisations(main, {"ties": ties}, ["zh", "en", "named"])
    assert coded["organisation_code"].tolist() == ["ORG002", "ORG001"]
    assert repeats["ties"]["organisation_code"].fillna("-").tolist() == [
        "ORG002",
        "ORG003",
        "ORG001",
        "-",
    ]


def test_codes_do_not_depend_on_the_order_of_rows():
    main = frame(response_id=["a", "b", "c"], name=["SYNTHETIC x", "SYNTHETIC y", "SYNTHETIC z"])
    turned = main.iloc[::-1].reset_index(drop=True)
    there = code_organisations(main, {}, ["name"])[0].set_index("response_id")
    back = code_organisations(turned, {}, ["name"])[0].set_index("response_id")
    pd.testing.assert_frame_equal(there, back.loc[there.index])


def test_a_form_without_organisations_stays_as_it_is():
    main, repeats = frame(response_id=["a"]), {"r": frame(response_id=["a"], position=["1"])}
    same_main, same_repeats = code_organisations(main, repeats, [])
    pd.testing.assert_frame_equal(same_main, main)
    pd.testing.assert_frame_equal(same_repeats["r"], repeats["r"])
