"""The way of one affirmation: sent, then removed from the spool or kept there; then what waits."""

import time
from typing import NamedTuple, Optional

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
    if not is_accepted:
        say(f"{plain(own.event, 100)} was not accepted: {answer.said}{_what_becomes(answer, own.kept)}")
    if spool is None:
        return is_accepted
    try:
        if own.kept is not None:
            _settle(spool, own.kept, answer)
        if answer.kind != "again" and answer.status != 401:
            _deliver_waiting(to, spool, deadline - LAST)
    except OSError as error:
        say(f"the spool {plain(spool.folder, 200)} cannot be used: {error.strerror}")
    return is_accepted


def _what_becomes(answer: Answer, kept: Optional[str]) -> str:
    if kept is None:
        return "; it is not kept"
    return "; it was put into refused/ of the spool" if answer.kind == "refused" else "; it waits in the spool"


def _settle(spool: Spool, name: str, answer: Answer) -> None:
    if answer.kind == "accepted":
        spool.remove(name)
    elif answer.kind == "refused":
        spool.refuse(name, answer.said)


def _deliver_waiting(to: Settings, spool: Spool, deadline: float) -> None:
    with spool.alone() as is_ours:
        for name in spool.waiting() if is_ours else []:
            if time.monotonic() >= deadline or not _deliver_one(to, spool, name, deadline):
                return
            spool.still_here()


def _deliver_one(to: Settings, spool: Spool, name: str, deadline: float) -> bool:
    """Whether the next one may be tried: not when the server is away, or knows nobody with our key."""
    try:
        answer = post(to, spool.read(name), deadline)
    except FileNotFoundError:
        return True
    if answer.kind in ("refused", "stays"):
        say(f"{name} of the spool was not accepted: {answer.said}{_what_becomes(answer, name)}")
    _settle(spool, name, answer)
    return answer.kind != "again" and answer.status != 401
