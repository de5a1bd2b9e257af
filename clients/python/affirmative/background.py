"""Work beside the caller, who waits for it as long as it likes."""

import os
import threading
import time
from typing import Callable, Optional

# So many send at once. More would only wait for the same server, each for the whole time limit.
MOST_AT_ONCE = 32
_places = threading.BoundedSemaphore(MOST_AT_ONCE)


def _fresh_places() -> None:
    global _places
    _places = threading.BoundedSemaphore(MOST_AT_ONCE)


# Threads do not live on in a forked process, so what they hold there would never be given back.
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_fresh_places)


class Work:
    """One piece of work, in a thread that ends with the program, whose caller goes on at `until`. Where no place is free by then it never begins."""

    def __init__(self, work: Optional[Callable[[], bool]], until: float) -> None:
        self.until = until
        self._is_good = False
        self._thread: Optional[threading.Thread] = None
        if work is not None and _places.acquire(timeout=max(until - time.monotonic(), 0)):
            self._start(work, _places)

    def wait(self, until: Optional[float] = None) -> bool:
        """Whether it was done, and well, by then (of the monotonic clock), or by when its caller wants to go on."""
        if self._thread is not None:
            self._thread.join(max((self.until if until is None else until) - time.monotonic(), 0))
        return self._is_good

    def _start(self, work: Callable[[], bool], places: threading.BoundedSemaphore) -> None:
        def done() -> None:
            try:
                self._is_good = work()
            finally:
                places.release()

        thread = threading.Thread(target=done, name="affirmative", daemon=True)
        try:
            thread.start()
            self._thread = thread
        except RuntimeError:
            # No thread begins any more while the interpreter ends, or where the system has none left.
            done()
