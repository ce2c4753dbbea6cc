"""Feature sets from what is typed to columns."""

import numpy as np
import pytest

from hpsoft.data.featuresets.given import parse_sets, read_table
from hpsoft.data.featuresets.naming import Named, plain_names, resolve
from hpsoft.errors import DataError, SpaceError

# A number, a text of three values, two embeddings of 4 and 2 numbers.
NAMES = ("age", "city=a", "city=b", "city=c", *(f"e{i}" for i in range(4)), "emb_x", "emb_y")
NAMED = Named.of(10, (("age", 1), ("city", 3), ("e", 4), ("emb_x", 1), ("emb_y", 1)), NAMES)


@pytest.mark.parametrize(
    ("items", "text"),
    [
        ("0:4", "0:4"),
        (":2", "0:2"),
        ("8:", "8:10"),
        (":", "0:10"),
        ("age", "0:1"),
        ("city", "1:4"),
        ("city=b", "2:3"),
        ("city,age", "0:4"),
        ("city,0:2", "0:4"),
        ("e", "4:8"),
        ("emb_*", "8:10"),
        ("emb_", "8:10"),
        ("e*", "4:10"),
        ("age,emb_y,4:6", "0:1,4:6,9:10"),
    ],
)
def test_items_name_columns(items, text):
    (columns,) = resolve(parse_sets([f"s={items}"]), NAMED, "x").values()
    assert columns.text == text


def test_a_set_without_items_is_what_it_is_called_after():
    assert resolve(parse_sets(["city", "all=:"]), NAMED, "x")["city"].text == "1:4"


@pytest.mark.parametrize(
    ("sets", "message"),
    [
        (["s=0:11"], "0:11 is no slice of 10 features.*0:10 is all"),
        (["s=4:4"], "4:4 is no slice"),
        (["s=3"], "3 is no slice. A single feature is 3:4"),
        (["s=citi"], "No feature 'citi'.*Did you mean 'city'"),
        (["s=emb"], r"no feature is called 'emb', but 2 begin so: emb\* names them"),
        (["s=zz_"], "No feature 'zz_'"),
        (["a=city", "b=1:4"], "'a' and 'b' are the same 3 columns"),
    ],
)
def test_what_names_no_columns_is_refused(sets, message):
    with pytest.raises(DataError, match=message):
        resolve(parse_sets(sets), NAMED, "x")


def test_features_without_names_have_slices_alone():
    with pytest.raises(DataError, match=r"have no names, so 'last'.*such as 0:10"):
        resolve({"last": ("last",)}, Named.of(10), "x")


@pytest.mark.parametrize(
    ("sets", "message"),
    [
        (["=0:4"], "cannot name a feature set"),
        (["4=0:4"], "begins with a letter"),
        (["a b=0:4"], "cannot name"),
        (["nan=0:4"], "cannot name"),
        (["a="], "has an item that is empty"),
        (["a=0:4,,5:6"], "has an item that is empty"),
        (["a=0:4", "a=5:6"], "--feature-set a is given twice"),
    ],
)
def test_options_that_are_none_are_refused(sets, message):
    with pytest.raises(SpaceError, match=message):
        parse_sets(sets)


def test_a_table_has_texts_or_lists():
    table = {"last": "0:4, 6:8", "size": ["a", "b,c"]}
    assert read_table(table, "f") == {"last": ("0:4", "6:8"), "size": ("a", "b,c")}


@pytest.mark.parametrize("table", [3, {"a": 4}, {"a": [0, 4]}, {"a": []}, {"1": "0:4"}], ids=str)
def test_a_table_of_other_things_is_refused(table):
    with pytest.raises(SpaceError):
        read_table(table, "f.toml")


def test_names_that_may_be_arrays():
    assert plain_names({"a": ("last", "0:4"), "b": ("last", "x*", "mid")}) == ("last", "mid")
    assert plain_names({}) == ()


def test_widths_are_those_of_arrays_side_by_side():
    named = Named.of(7, (("a", 3), ("b", 4)))
    assert resolve({"b": ("b",)}, named, "x")["b"].index.tolist() == np.arange(3, 7).tolist()
