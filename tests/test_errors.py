"""The error tree and its did-you-mean."""

import pytest

from hpsoft import errors


def test_every_error_is_one_that_the_command_line_catches():
    kinds = [kind for name, kind in vars(errors).items() if name.endswith("Error")]
    assert len(kinds) == 15
    assert all(issubclass(kind, errors.HpsoftError) for kind in kinds)


@pytest.mark.parametrize(
    ("name", "known", "message"),
    [
        ("adm", ["sgd", "adam"], "No kind 'adm'. Known: adam, sgd. Did you mean 'adam'?"),
        ("xyz", ["sgd", "adam"], "No kind 'xyz'. Known: adam, sgd."),
        ("ADM", ["sgd", "Adam"], "No kind 'ADM'. Known: Adam, sgd. Did you mean 'Adam'?"),
        ("x", [], "No kind 'x'. Known: none."),
        (
            "c99",
            [f"c{i:02}" for i in range(99)],
            (
                f"No kind 'c99'. Known: {', '.join(f'c{i:02}' for i in range(30))} and 69 more. "
                "Did you mean 'c98'?"
            ),
        ),
        ("ab", iter(["ab "]), "No kind 'ab'. Known: ab . Did you mean 'ab '?"),
    ],
)
def test_unknown_lists_and_guesses(name, known, message):
    assert errors.unknown("kind", name, known) == message
