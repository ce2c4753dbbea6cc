"""What is kept: trials, what a study says about itself, how it is read, written and continued.

attributes.py    What a study remembers beside its trials: uses of the test set, the last
                 confirmation and the last comparison with exact optima.
certificate.py   The proof that a grid was searched exhaustively: every id with exactly one
                 finished trial.
export.py        Write the finished trials of a study as CSV, strict JSON or Parquet.
find.py          Look around in a storage: its studies, and which of them is meant.
frozen_trial.py  Between our TrialRecord and Optuna's FrozenTrial.
glance.py        Studies of a journal file at a glance: from the bytes of its lines, without
                 parsing them.
growth.py        A study gets a larger grid; in a database all its trials are rewritten, in one
                 transaction.
identity.py      What a study says about itself: the user attribute `hpsoft`, and when it is the
                 same search.
leaderboard.py   The one ranking of trials: which of them compete, in which order, and who wins.
reader.py        Open a study for reading only, by its name.
records.py       What a search hands to a study and a study hands back: plain data, no Optuna in
                 it.
resume.py        Open a study for writing: create it, or resume it if it holds this very search.
study.py         A study that is open for reading: the handle that is passed on, and what is read
                 through it.
summaries.py     Every study of a storage in a few figures.
writer.py        A study that is open for writing: what is finished, and appending what just
                 finished.
storage/         Where studies are kept: files and servers, opened for Optuna, with locks and
                 errors in words.
"""
