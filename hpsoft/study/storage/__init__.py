"""Where studies are kept: files and servers, opened for Optuna, with locks and errors in words.

connect.py      Open a storage for Optuna: a journal file, a database, a journal in Redis.
errors.py       What goes wrong with a storage, in words: files, databases, drivers. Passwords stay
                out.
journal.py      A journal file that Optuna's JournalStorage can write in batches, and that survives
                a kill.
location.py     Where studies are kept: what `--storage` means. Opens nothing; knows no Optuna.
locks.py        Locks between processes. The kernel drops them with the process, so kill -9 leaves
                none behind.
server_lock.py  The right to write one study on a PostgreSQL server, as `locks.WriterLock` is it
                beside a file.
"""
