"""What holds for every test."""

import signal


def pytest_configure():
    """Ctrl-C works in the tests and their processes, also where pytest runs in the background.

    A shell starts background jobs with SIGINT ignored, and they hand that down.
    """
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
