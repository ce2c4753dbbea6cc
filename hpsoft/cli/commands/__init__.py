"""Commands: parse, call, draw. One file a command; each imports what it needs when it runs.

card.py        `hpsoft card`: the protocol of a study, one page to publish or hand in.
confirm.py     `hpsoft confirm`: the top trials, trained again with other seeds.
data.py        `hpsoft data list|info|fetch`: what can be searched, and what is in it.
export.py      `hpsoft export`: the trials of a study for other programs.
final.py       `hpsoft final`: retrain the chosen trial, look at the test set once.
model.py       `hpsoft model show|export`: what a saved model is, and the same for other
               programs.
optimizers.py  `hpsoft optimizers`: the plugins that are installed, one in detail, its contract, a
               new one.
optimum.py     `hpsoft optimum`: the exact optimum as a yardstick for a study.
predict.py     `hpsoft predict`: a saved model on new data.
presets.py     `hpsoft presets`: the search spaces that have a name.
probe.py       `hpsoft probe`: features -> path of L2 -> confirmation -> test set -> card.
regret.py      `hpsoft regret`: samplers and pruners replayed against a finished grid.
search.py      `hpsoft search`: data -> plan -> trials -> leaderboard.
studies.py     `hpsoft studies`: what a storage holds.
trials.py      `hpsoft trials`: the finished trials of a study, ranked.
maths/         Commands about the mathematics, which need no data and no study.
"""
