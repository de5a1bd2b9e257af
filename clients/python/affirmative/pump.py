"""The output of a command on its way through us: passed on as it comes, its end remembered."""

import os
import select
import selectors
from typing import Dict, Optional

PIECE = 65_536
REMEMBERED = 10_000


class Pump:
    """Pipes that are read, each with where its output goes."""

    def __init__(self, pipes: Dict[int, int]) -> None:
        self._pipes = dict(pipes)
        self._selector = selectors.DefaultSelector()
        self._last = bytearray()
        for pipe in pipes:
            self._selector.register(pipe, selectors.EVENT_READ)

    @property
    def is_open(self) -> bool:
        """Whether somebody may still write."""
        return bool(self._pipes)

    @property
    def last(self) -> bytes:
        """The last of all that came."""
        return bytes(self._last[-REMEMBERED:])

    def move(self, wake: int, seconds: Optional[float]) -> bool:
        """Passes on what is there, or waits for it; until `wake` can be read, or the time is over. Whether anything came."""
        self._selector.register(wake, selectors.EVENT_READ)
        try:
            ready = [key.fd for key, _ in self._selector.select(seconds)]
        finally:
            self._selector.unregister(wake)
        for pipe in ready:
            if pipe == wake:
                os.read(wake, PIECE)
            else:
                self._pass_on(pipe)
        return bool(ready)

    def _pass_on(self, pipe: int) -> None:
        piece = os.read(pipe, PIECE)
        self._last += piece
        if len(self._last) > PIECE:
            del self._last[:-REMEMBERED]
        # Where nobody reads any more, the command has to hear of it as it would without us: by a closed pipe.
        if not piece or not _write(self._pipes[pipe], piece):
            self._selector.unregister(pipe)
            os.close(pipe)
            del self._pipes[pipe]


def _write(to: int, piece: bytes) -> bool:
    """Whether it could be written, all of it."""
    rest = memoryview(piece)
    while rest:
        try:
            rest = rest[os.write(to, rest) :]
        except BlockingIOError:
            select.select([], [to], [])
        except OSError:
            return False
    return True
