"""Runs a command, tells how it went, and is not to be seen: its input, output, exit status and signals are its own."""

import base64
import os
import signal
import subprocess
import time
import warnings
from typing import Any, Dict, NoReturn, Sequence, Tuple

from .pump import Pump
from .runs import Run
from .saying import hold, let_go, plain, say
from .signals import Signals
from .spool import give_back_locks

# How long the last output of a command that has ended may take to come through the pipe.
QUIET = 0.2
LAST = 1.0
# A server that hangs must not hold up every job. What it has not answered by then is in the spool.
LONGEST_KEPT = 2.0


def run_command(run: Run, argv: Sequence[str]) -> NoReturn:
    """Says start, runs the command, says ok or fail, and ends this process with the command's status: 128 + n where signal n killed it."""
    began = time.monotonic()
    signals = Signals()
    hold()
    run.__enter__()
    pump, killed_by = None, 0
    try:
        child, pump = _begin(argv)
    except OSError as error:
        status = 127 if isinstance(error, (FileNotFoundError, NotADirectoryError)) else 126
        say(f"{plain(argv[0], 200)}: {error.strerror}")
    else:
        signals.forward_to(child)
        returned = _wait(child, pump, signals)
        killed_by = max(-returned, 0)
        status = 128 + killed_by if killed_by else returned
    signals.end_with(status)
    if pump is not None and pump.is_open:
        _leave_to_a_fork(pump, signals)
    let_go()
    run.tell("ok" if status == 0 else "fail", _value(status, killed_by, time.monotonic() - began, pump.last if pump else b""), LONGEST_KEPT)
    give_back_locks()
    os._exit(status)


def _begin(argv: Sequence[str]) -> "Tuple[subprocess.Popen[bytes], Pump]":
    """Terminals stay the command's own, so that it does what it does there; all else is read on its way."""
    out, err = _is_read(1), _is_read(2)
    # One pipe where both go to one place: two would mix up what came first.
    are_one = out and err and os.path.sameopenfile(1, 2)
    child = subprocess.Popen(
        argv,
        stdout=subprocess.PIPE if out else None,
        stderr=subprocess.STDOUT if are_one else subprocess.PIPE if err else None,
        close_fds=False,
        bufsize=0,
    )
    pipes = {os.dup(pipe.fileno()): to for pipe, to in ((child.stdout, 1), (child.stderr, 2)) if pipe is not None}
    for pipe in (child.stdout, child.stderr):
        if pipe is not None:
            pipe.close()
    return child, Pump(pipes)


def _is_read(file: int) -> bool:
    try:
        return not os.isatty(file) and os.fstat(file) is not None
    except OSError:
        return False


def _wait(child: "subprocess.Popen[bytes]", pump: Pump, signals: Signals) -> int:
    while child.poll() is None:
        pump.move(signals.wake, None)
    until = time.monotonic() + LAST
    while pump.is_open and time.monotonic() < until and pump.move(signals.wake, QUIET):
        pass
    return child.returncode


def _leave_to_a_fork(pump: Pump, signals: Signals) -> None:
    """Something that the command left behind still writes. A copy of us passes it on, as nobody waited for it without us either."""
    with warnings.catch_warnings():
        # Of threads that a fork leaves behind: the copy does nothing but read and write.
        warnings.simplefilter("ignore")
        if os.fork() != 0:
            return
    while pump.is_open:
        pump.move(signals.wake, None)
    os._exit(0)


def _value(status: int, killed_by: int, seconds: float, output: bytes) -> Dict[str, Any]:
    name = {"signal": _signal(killed_by)} if killed_by else {}
    return {"exit": status, **name, "seconds": round(seconds, 3), "output": _text(output)}


def _signal(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"SIG{number}"


def _text(output: bytes) -> Any:
    """Text where it is any; a character that lost its beginning when the output was cut is left out."""
    for start in range(min(4, len(output) + 1)):
        try:
            text = output[start:].decode("utf-8")
        except UnicodeDecodeError:
            if start == len(output) or output[start] & 0xC0 != 0x80:
                break
        else:
            return text if "\0" not in text else {"base64": base64.b64encode(output).decode("ascii")}
    return {"base64": base64.b64encode(output).decode("ascii")}
