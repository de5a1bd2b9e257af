"""The client: says that something happened, and never breaks or slows what it reports on."""

import functools
import inspect
import json
import math
import secrets
import time
from datetime import datetime
from typing import Any, Callable, Dict, Optional, TypeVar, Union, cast

from .background import Work
from .delivering import Own, deliver
from .runs import Run
from .saying import plain, say
from .settings import read_settings
from .spool import Spool
from .values import of_language, of_words, shown

_Function = TypeVar("_Function", bound=Callable[..., Any])
Instant = Union[int, float, datetime, None]

# What a caller waits for who must not be slowed.
AT_ONCE = 0.1
FIRST_MILLIS = 1e11


class Client:
    """Affirms events at one server. Threads may share it, and forked processes: it holds no connection and no lock.

    What is not given is read from AFFIRMATIVE_URL, _ENV, _API_KEY, _SOURCE, _SPOOL (a folder, or "off") and _TIMEOUT (seconds). No method raises.
    """

    def __init__(
        self,
        url: Optional[str] = None,
        env: Optional[str] = None,
        *,
        api_key: Optional[str] = None,
        source: Optional[str] = None,
        spool: Optional[str] = None,
        timeout: Optional[float] = None,
    ) -> None:
        self._to = read_settings(url, env, api_key, source, spool, timeout)
        self._spool = Spool(self._to.spool) if self._to.spool else None
        self._no_spool = self._to.no_spool

    @property
    def problem(self) -> Optional[str]:
        """Why nothing can be sent; None when it can. Each call says so, too."""
        return self._to.problem

    def affirm(self, event: str, value: Any = None, status: str = "ok", at: Instant = None, id: Optional[str] = None) -> bool:
        """It happened. Returns whether the server has accepted it; if not, it waits in the spool. Takes as long as the time limit at most.

        `at` is an aware or local datetime, or epoch seconds or milliseconds; the same `id` counts once.
        """
        return self._say(event, value, status, self._to.timeout, at, id).wait()

    def affirm_one(self, name: str, data: Any = None) -> bool:
        """As `affirm`, but waits a tenth of a second at most; the rest goes on beside the caller, and from the spool."""
        return self._say(name, data, "ok", AT_ONCE).wait()

    def fail(self, event: str, value: Any = None, at: Instant = None, id: Optional[str] = None) -> bool:
        """It failed."""
        return self._say(event, value, "fail", self._to.timeout, at, id).wait()

    def start(self, event: str, value: Any = None, at: Instant = None, id: Optional[str] = None) -> bool:
        """It begins. Waits a tenth of a second at most, as what begins must not be held up."""
        return self._say(event, value, "start", AT_ONCE, at, id).wait()

    def say_words(self, event: str, words: Optional[bytes], status: str, at: Instant = None, id: Optional[str] = None) -> bool:
        """As `affirm`, with a value as it stands on a command line: a JSON document is sent as that, any other text as a text."""
        return self._say(event, words, status, self._to.timeout, at, id, is_words=True).wait()

    def run(self, event: str) -> Run:
        """`with client.run("event"):` says start, then ok, or fail where an exception leaves the block. The exception passes."""
        return Run(self._say, event, self._to.timeout)

    def runs(self, event: str) -> Callable[[_Function], _Function]:
        """The same for each call of a function: `@client.runs("event")`. Of an `async def`, too, whose loop waits a tenth of a second at most."""

        def decorate(function: _Function) -> _Function:
            @functools.wraps(function)
            def called(*args: Any, **kwargs: Any) -> Any:
                with self.run(event):
                    return function(*args, **kwargs)

            @functools.wraps(function)
            async def awaited(*args: Any, **kwargs: Any) -> Any:
                with Run(self._say, event, AT_ONCE):
                    return await function(*args, **kwargs)

            return cast(_Function, awaited if inspect.iscoroutinefunction(function) else called)

        return decorate

    def _say(
        self,
        event: str,
        value: Any,
        status: str,
        patience: float,
        at: Instant = None,
        id: Optional[str] = None,
        *,
        is_words: bool = False,
        longest_kept: float = math.inf,
    ) -> Work:
        """Writes it down, and begins to send it. Whatever goes wrong is told and ends here: the caller's work goes on."""
        began = time.monotonic()
        until = began + patience
        try:
            if self._to.problem:
                raise ValueError(self._to.problem)
            text = None if value is None else of_words(value) if is_words else of_language(value)
            own = self._keep(event, text, status, _millis(at), id or secrets.token_hex(16))
            longest = self._to.timeout if own.kept is None else min(self._to.timeout, longest_kept)
            return Work(functools.partial(deliver, self._to, self._spool, own, began + longest), min(until, began + longest))
        except Exception as error:
            say(f"{plain(shown(event), 100)} was not sent: {plain(shown(error.args[0] if error.args else error), 200)}")
            return Work(None, until)

    def _say_no_spool(self) -> None:
        why, self._no_spool = self._no_spool, None
        if why is not None:
            say(f"{why}: what is said is sent, but not kept")

    def _keep(self, event: str, value: Optional[str], status: str, at: int, id: str) -> Own:
        self._say_no_spool()
        line = _line({"event": event, "env": self._to.env, "status": status, "at": at, "source": self._to.source, "id": id}, value)
        try:
            kept = self._spool.keep(at, id, line) if self._spool else None
        except OSError as error:
            say(f"{plain(event, 100)} is sent, but not kept: {error.strerror or error}")
            kept = None
        return Own(event, line, kept)


def _line(told: Dict[str, Any], value: Optional[str]) -> bytes:
    """`value` is JSON already, and goes as it is, with all its digits."""
    fields = json.dumps({name: given for name, given in told.items() if given is not None})
    return (fields if value is None else f'{fields[:-1]}, "value": {value}}}').encode("utf-8", "replace")


def _millis(at: Instant) -> int:
    if at is None:
        return int(time.time() * 1000)
    seconds = at.timestamp() if isinstance(at, datetime) else float(at)
    return int(seconds if seconds >= FIRST_MILLIS else seconds * 1000)
