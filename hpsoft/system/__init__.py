"""What the operating system gives: interrupts, files, streams, memory, time.

cores.py       The processor's cores that this process may use.
endings.py     Signals that end this process: what it would leave behind is put away first.
files.py       Files as they may be: never half written by us, and damaged by others.
interrupts.py  Ctrl-C: leave at once, but where there is something to tell or to put away.
locks.py       Locks between processes, on open files: the kernel drops them with the process.
outputs.py     Files that people name to be written: checked before the work, so that no other file
               is lost.
room.py        A limit on address space (`ulimit -v`), which BLAS does not survive: told before it
               is loaded.
spawning.py    Processes that begin with nothing of this one: they do not run the caller's file
               again.
steps.py       Work that tells how far it is: a generator that yields what happens and returns the
               result.
streams.py     The standard streams as they may be: closed, full, without a reader; and what goes
               to terminals.
subnormals.py  Numbers next to zero (subnormals) become zero while models are trained, where x86
               stumbles.
time_limit.py  The time that the user gives a search: of its own work, not of repeating what is
               stored.
"""
