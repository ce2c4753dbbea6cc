"""The command line: options are parsed, functions called, results drawn. Imports are late.

app.py        The application: which command is which function. Imports no command's libraries.
choice.py     Which study an option means, said where that is no name.
cores.py      What is said of `--jobs`.
durations.py  Times on the command line: `90s`, `10m`, `1h30m`, or a number of seconds.
follow.py     Work that tells how far it is, shown until it ends with its report.
guard.py      How a command ends: every failure has one paragraph and one exit code.
once.py       Options that take one value: given twice, the last one would win in silence.
options.py    Options that several commands share.
values.py     Values as they are typed: of hyperparameters, and of options of samplers and pruners.
commands/     Commands: parse, call, draw. One file a command; each imports what it needs when it
              runs.
"""
