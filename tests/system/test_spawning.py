"""Worker processes do not run the caller's file again, wherever they are started from."""

import subprocess
import sys

SCRIPT = """
import sys, threading
from concurrent.futures import Future
from hpsoft.engine.pool import Pool

print("begun")

def work():
    with Pool(2, dict) as pool:
        print(pool.submit(dict.__len__).result(), sys.modules["__main__"].__file__ == __file__)

work()
thread = threading.Thread(target=work)
thread.start()
thread.join()
"""


def test_a_script_without_a_guard_runs_once(tmp_path):
    """From its main thread and from another one; and it is the main module afterwards."""
    script = tmp_path / "script.py"
    script.write_text(SCRIPT)
    run = subprocess.run(  # the processes are the subject
        [sys.executable, "-W", "error", script], capture_output=True, text=True, check=True
    )
    assert (run.stdout, run.stderr) == ("begun\n0 True\n0 True\n", "")
