"""Processes that run a rival: one a core, pinned, with one BLAS thread each, all at once."""

import multiprocessing
import os
import time
from contextlib import nullcontext
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_limits

from rivals import PROGRAMS
from rivals.base import CHECKED, Work


class Crew:
    """The processes of one rival; `cores` empty: one process that takes what it likes."""

    def __init__(self, rival: str, folder: Path, cores: list[int]) -> None:
        context = multiprocessing.get_context("spawn")
        self.pipes: list[Connection] = []
        self.processes = []
        for core in cores or [None]:
            ours, theirs = context.Pipe()
            process = context.Process(
                target=_serve, args=(rival, folder, core, theirs), daemon=True
            )
            process.start()
            theirs.close()
            self.pipes.append(ours)
            self.processes.append(process)

    def run(self, order: np.ndarray, batch_size: int) -> tuple[float, np.ndarray]:
        """Run in all processes; return the seconds a model and the checked model's weights."""
        for pipe in self.pipes:
            pipe.send((order, batch_size))
        answers = [pipe.recv() for pipe in self.pipes]
        n_models = sum(answer[1] for answer in answers)
        return max(answer[0] for answer in answers) / n_models, answers[0][2]

    def close(self) -> None:
        """End the processes."""
        for pipe in self.pipes:
            pipe.close()
        for process in self.processes:
            process.join()


def _serve(name: str, folder: Path, core: int | None, pipe: Connection) -> None:
    """Prepare a rival, then run what comes until the pipe closes."""
    if core is not None:
        os.sched_setaffinity(0, {core})
    with nullcontext() if core is None else threadpool_limits(1):
        arrays = {path.stem: np.load(path, mmap_mode="r") for path in folder.glob("*.npy")}
        rival = PROGRAMS[name](Work(n_classes=10, **arrays))
        while True:
            try:
                order, batch_size = pipe.recv()
            except EOFError:
                return
            began = time.perf_counter()
            rival.run(order, batch_size)
            seconds = time.perf_counter() - began
            pipe.send((seconds, rival.n_models, np.array(rival.weights(CHECKED), np.float64)))
