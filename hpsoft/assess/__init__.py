"""What a search is worth: confirmation, exact optima, replays of cheaper searches, the test set.

calibrate.py       Probabilities as sure as they should be: one temperature, fitted to samples that
                   were held out.
confirm.py         How sure is the winner? The top trials, trained again on the data divided
                   otherwise.
confirm_report.py  How sure the winner is: the top trials over all repetitions, compared part by
                   part.
extend.py          A grid that grows outwards: values are added to a study's space, and only the
                   new points run.
extension.py       Is the winner of a grid that grew better than the one before? Both, on other
                   parts of the data.
final.py           Train the chosen trial on training + validation data, and look at the test set
                   once.
optima.py          Exact optima of regularised costs by Newton's method: what no training can go
                   below.
optimum.py         How far the trials of a study are from the exact optimum of what they minimise.
oracle.py          A finished grid in the place of the workers: costs are looked up, nothing is
                   trained.
refine.py          A grid that grows inwards: values half way between the winner's and their
                   neighbours are added.
regret.py          Could I have searched less? Samplers and pruners replayed against a finished
                   grid, many times.
regret_report.py   What searching less would have cost: the replays that have ended, and figures of
                   every method.
repetitions.py     Points trained again on the data divided otherwise: as the study divided it, by
                   other seeds.
replay.py          One replay: a sampler and a pruner search a finished grid, which is a table of
                   all answers.
replay_times.py    How long replays will take, from those that have ended.
card/              The protocol of a study: what was searched, found, and tested by.
"""
