"""Signals on their way through us."""

import os
import signal
import subprocess
from types import FrameType
from typing import List, Optional

FORWARDED = tuple(getattr(signal, f"SIG{name}") for name in ("INT", "TERM", "HUP", "QUIT", "USR1", "USR2"))
FROM_KEYS = (signal.SIGINT, signal.SIGQUIT)


class Signals:
    """What is sent to us is for the command; what the caller had us ignore, the command ignores, too. `wake` can be read when one came."""

    def __init__(self) -> None:
        self._child: "Optional[subprocess.Popen[bytes]]" = None
        self._waiting: List[int] = []
        self._status: Optional[int] = None
        self.wake, write = os.pipe()
        os.set_blocking(write, False)
        signal.set_wakeup_fd(write, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        for number in FORWARDED:
            if signal.getsignal(number) != signal.SIG_IGN:
                signal.signal(number, self._came)

    def forward_to(self, child: "subprocess.Popen[bytes]") -> None:
        """From now on, and what came already."""
        self._child = child
        for number in self._waiting:
            self._forward(number)

    def end_with(self, status: int) -> None:
        """The command is over: who is impatient with us gets its status at once, the rest is in the spool."""
        self._status = status

    def _came(self, number: int, _frame: Optional[FrameType]) -> None:
        if self._status is not None:
            os._exit(self._status)
        if self._child is None:
            self._waiting.append(number)
        else:
            self._forward(number)

    def _forward(self, number: int) -> None:
        # Keys reach all that runs in the foreground: the command has it already.
        if self._child is not None and not (number in FROM_KEYS and _is_in_front()):
            self._child.send_signal(number)


def _is_in_front() -> bool:
    try:
        terminal = os.open("/dev/tty", os.O_RDONLY | os.O_NOCTTY)
    except OSError:
        return False
    try:
        return os.tcgetpgrp(terminal) == os.getpgrp()
    except OSError:
        return False
    finally:
        os.close(terminal)
