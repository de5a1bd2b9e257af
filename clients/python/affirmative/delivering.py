"""The way of one affirmation: sent, then removed from the spool or kept there; then what waits."""

import time
from typing import Dict, NamedTuple, Optional

from .posting import Answer, post, send
from .saying import plain, say
from .settings import Settings
from .spool import Spool

# Before the caller goes on and its program may end: the lock has to be given back by then.
LAST = 0.1


class Own(NamedTuple):
    """An affirmation that was just made. `kept` is the name of its file, None where it could not be written down."""

    event: str
    line: bytes
    kept: Optional[str]


def deliver(to: Settings, spool: Optional[Spool], own: Own, deadline: float) -> bool:
    """Sends what was just said, then what waits, within the time; whether the first was accepted."""
    answer = send(to, own.line, deadline)
    is_accepted = answer.kind == "accepted"
    # What is passed over for the rest of this call, with the reason.
    aside: Dict[str, str] = {}
    try:
        became = "is not kept" if spool is None or own.kept is None else _settle(spool, own.kept, answer, aside)
        if not is_accepted:
            say(f"{plain(own.event, 100)} was not accepted: {answer.said}; it {became}")
        if spool is not None and spool.is_ours() and answer.lets_others_go:
            _deliver_waiting(to, spool, deadline - LAST, aside)
    except OSError as error:
        say(f"the spool {plain(spool.folder if spool else '', 200)} cannot be used: {error.strerror}")
    _say_passed_over(aside)
    return is_accepted


def _say_passed_over(aside: Dict[str, str]) -> None:
    for name, why in list(aside.items())[:1]:
        others = f"; {len(aside) - 1} more are passed over, too" if len(aside) > 1 else ""
        say(f"{plain(name, 200)} of the spool is passed over: it {why}{others}")


def _settle(spool: Spool, name: str, answer: Answer, aside: Dict[str, str]) -> str:
    """What becomes of the file. One that cannot be moved stays where it is, and must not hold up the others."""
    try:
        if answer.kind == "accepted":
            spool.remove(name)
        elif answer.kind == "refused":
            spool.refuse(name, answer.said)
            return "was put into refused/ of the spool"
    except OSError as error:
        aside[name] = f"cannot be moved: {error.strerror}"
    return "waits in the spool"


def _deliver_waiting(to: Settings, spool: Spool, deadline: float, aside: Dict[str, str]) -> None:
    with spool.alone() as is_alone:
        if not is_alone:
            return
        spool.sweep()
        for name, is_plain in spool.waiting():
            if time.monotonic() >= deadline:
                return
            if not is_plain:
                aside[name] = "is no plain file"
            elif name not in aside and not _deliver_one(to, spool, name, deadline, aside):
                return
            spool.still_here()


def _deliver_one(to: Settings, spool: Spool, name: str, deadline: float, aside: Dict[str, str]) -> bool:
    """Whether the next one may be tried."""
    try:
        line = spool.read(name)
    except FileNotFoundError:
        return True
    except OSError as error:
        aside[name] = f"cannot be read: {error.strerror}"
        return True
    answer = post(to, line, deadline)
    became = _settle(spool, name, answer, aside)
    if answer.kind in ("refused", "stays"):
        say(f"{plain(name, 200)} of the spool was not accepted: {answer.said}; it {became}")
    return answer.lets_others_go
