"""Results drawn as tables and JSON. Computes nothing that it shows.

confirm.py        The top trials over several seeds: mean, spread, ranks, and how much was luck.
contract.py       `hpsoft optimizers check`'s results as a table and as a document.
data.py           Data sets: those that have a name, and one in numbers.
gradcheck.py      `hpsoft gradcheck`'s results as a table and as a document.
newton_demo.py    `hpsoft newton-demo`'s results as tables and as a document.
optimizers.py     Installed optimizers with the roles of their hyperparameters.
optimum.py        The optimum as a yardstick: exact minima by alpha, and how far trials are from
                  them.
plan.py           A plan before it runs: what is to be trained, on how much memory, for how long.
presets.py        Named search spaces.
probe.py          What a probe found: path, confirmation, test set, card, each as its own command
                  draws it.
regret.py         What searching less would have cost: a row a method, and one sentence.
search_notes.py   What must be known of a search's result before it is trusted, and what to do
                  next.
search_result.py  What a finished search found: leaderboard, winner, certificate, warnings, what to
                  do next.
studies.py        The studies of a storage.
trials.py         The finished trials of a study.
card/             A study's protocol on one page.
html/             Plots as HTML files of their own.
model/            The chosen model, retrained: its figures, and class by class.
live/             Displays that move while something is trained.
text/             Words, numbers, tables and JSON: what all drawings share.
"""
