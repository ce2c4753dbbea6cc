"""Whole numbers that are too small end every command with one paragraph, before any work."""

import pytest


@pytest.mark.parametrize(
    ("command", "text"),
    [
        ("confirm --top 0", "--top takes 1 or more, not 0."),
        ("confirm --top -1", "--top takes 1 or more, not -1."),
        ("confirm --seeds 0", "--seeds takes 1 or more, not 0."),
        ("confirm --cv 1", "--cv takes 2 or more, not 1."),
        ("confirm --jobs 0", "--jobs takes 1 or more, not 0."),
        ("trials --top 0", "--top takes 1 or more, not 0."),
        ("optimum --top 0", "--top takes 1 or more, not 0."),
        ("optimum --jobs -1", "--jobs takes 1 or more, not -1."),
        ("final --seed -1", "--seed takes 0 or more, not -1."),
        ("regret --seeds 0", "--seeds takes 1 or more, not 0."),
        ("regret --trials 5,0", "--trials takes 1 or more, not 0."),
        ("regret --wave 0", "--wave takes 1 or more, not 0."),
        ("regret --jobs 0", "--jobs takes 1 or more, not 0."),
        ("gradcheck --trials 0", "--trials takes 1 or more, not 0."),
        ("gradcheck --seed -1", "--seed takes 0 or more, not -1."),
        ("newton-demo --seed -1", "A seed is at least 0, not -1."),
        ("search --data digits --trials 0 --sampler tpe", "--trials takes 1 or more, not 0."),
        ("search --data digits --wave -1 --sampler tpe", "--wave takes 1 or more, not -1."),
        ("search --data digits --jobs 0", "--jobs takes 1 or more, not 0."),
        ("search --data digits --seed -1", "The seed must be 0 or more, not -1."),
        (
            "search --data digits --cv 0",
            "0 folds of 1,437 samples cannot be made: take 2 or more.",
        ),
        ("data info digits --seed -1", "The seed must be 0 or more, not -1."),
    ],
)
def test_a_number_that_is_too_small_is_refused(run, folder, command, text):
    result = run(*command.split(), code=2)
    assert result.stdout == ""
    assert result.stderr.startswith("Error: ")
    assert text in " ".join(result.stderr.split())
    assert not list(folder.iterdir())
