"""Memory of a process and all its descendants, sampled from Linux's /proc while they run.

PSS counts a page that k processes share as 1/k in each, so that the sum over the tree is what the
tree really holds; the sum of RSS would count the shared data once a process.
"""

import threading
from pathlib import Path

INTERVAL_S = 0.25
PROC = Path("/proc")


class TreeMemory(threading.Thread):
    """Samples until `stop`; all figures in bytes."""

    def __init__(self, root: int) -> None:
        super().__init__(daemon=True)
        self.root = root
        self.peak_pss = 0  # of the whole tree at one moment
        self.peak_rss = 0  # the same with shared pages counted in every process
        self.largest_rss: dict[int, int] = {}  # process id -> its own high-water mark
        self._ended = threading.Event()

    def run(self) -> None:
        """Sample."""
        while not self._ended.wait(INTERVAL_S):
            self._sample()

    def stop(self) -> None:
        """End the thread."""
        self._ended.set()
        self.join()

    @property
    def main_rss(self) -> int:
        """High-water mark of the root process."""
        return self.largest_rss.get(self.root, 0)

    @property
    def child_rss(self) -> int:
        """High-water mark of the largest of the others."""
        return max((v for pid, v in self.largest_rss.items() if pid != self.root), default=0)

    def _sample(self) -> None:
        tree = descendants(self.root)
        self.peak_pss = max(self.peak_pss, sum(field(p, "smaps_rollup", "Pss") for p in tree))
        self.peak_rss = max(self.peak_rss, sum(field(p, "status", "VmRSS") for p in tree))
        for pid in tree:
            mark = field(pid, "status", "VmHWM")
            self.largest_rss[pid] = max(mark, self.largest_rss.get(pid, 0))


def descendants(root: int) -> list[int]:
    """Return the process and everything below it."""
    children: dict[int, list[int]] = {}
    for folder in PROC.glob("[0-9]*"):
        children.setdefault(_parent(folder), []).append(int(folder.name))
    tree = [root]
    for pid in tree:  # grows while it is walked
        tree.extend(children.get(pid, ()))
    return tree


def field(pid: int, file: str, name: str) -> int:
    """Return `name: N kB` of a file of /proc in bytes; 0 where the process has ended."""
    try:
        lines = (PROC / str(pid) / file).read_text(encoding="utf-8").splitlines()
    except OSError:
        return 0
    values = (int(line.split()[1]) for line in lines if line.startswith(f"{name}:"))
    return 1024 * next(values, 0)


def _parent(folder: Path) -> int:
    try:
        after_name = (folder / "stat").read_text(encoding="utf-8").rpartition(")")[2]
    except OSError:
        return 0
    return int(after_name.split()[1])
