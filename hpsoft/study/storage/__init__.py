"""Where studies are kept: files and servers, opened for Optuna, with locks and errors in words.

bulk.py             Finished trials into a database in one transaction: the rows that Optuna
                    writes for each alone.
connect.py          Open a storage for Optuna: a journal file, a database, a journal in Redis.
errors.py           What goes wrong with a storage, in words: files, databases, drivers. Passwords
                    stay out.
file_lock.py        The right to write one study in a file, held by one process of hpsoft at a
                    time.
journal.py          A journal file that Optuna's JournalStorage can write in batches, and that
                    survives a kill.
journal_bulk.py     Finished trials as records of a journal: those that Optuna writes for each
                    alone.
journal_lock.py     Exclusive appending to one journal file, among processes of hpsoft and of stock
                    Optuna.
journal_records.py  What a record of a journal must hold, before Optuna replays it.
journal_view.py     What Optuna sees of a journal file: some of its studies, as if the others were
                    not there.
location.py         Where studies are kept: what `--storage` means. Opens nothing but what is in
                    memory.
mysql_lock.py       The right to write one study on a MySQL or MariaDB server: a named lock of a
                    session of its own.
redis_lock.py       The right to write one study of a journal in Redis: a key that expires unless
                    it is renewed.
server_lock.py      The right to write one study on a database server: PostgreSQL's, as
                    file_lock.py has it beside a file.
sqlite.py           SQLite files: their URL, whatever their path holds, and damage that is told
                    instead of retried.
writer_lock.py      The one writer of a study: which lock that is, by where the study is kept.
"""
