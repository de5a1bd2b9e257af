"""A block of Python that tells of its start and its end."""

import math
import time
from types import TracebackType
from typing import Any, Callable, Dict, Optional, Type

from .background import Work

LONGEST_ERROR = 10_000


class Run:
    """From entering a block to leaving it: start, then ok, or fail with what was raised. Nothing that is raised is held back."""

    def __init__(self, say: Callable[..., Work], event: str, patience: float) -> None:
        self._say = say
        self._event = event
        self._patience = patience
        self._start: Optional[Work] = None
        self._began = 0.0

    def __enter__(self) -> "Run":
        self._start = self._say(self._event, None, "start", 0)
        self._began = time.monotonic()
        return self

    def __exit__(self, kind: Optional[Type[BaseException]], error: Optional[BaseException], trace: Optional[TracebackType]) -> None:
        value: Dict[str, Any] = {"seconds": round(time.monotonic() - self._began, 3)}
        if _is_good(error):
            self.tell("ok", value)
        else:
            self.tell("fail", {**value, "error": _words(error)})

    def tell(self, status: str, value: Dict[str, Any], longest_kept: float = math.inf) -> None:
        """Says how it ended, and lets the start arrive in the same time: in `longest_kept` seconds, where the spool has it."""
        end = self._say(self._event, value, status, self._patience, longest_kept=longest_kept)
        end.wait()
        if self._start is not None:
            self._start.wait(end.until)


def _is_good(error: Optional[BaseException]) -> bool:
    return error is None or (isinstance(error, SystemExit) and error.code in (None, 0))


def _words(error: Optional[BaseException]) -> str:
    try:
        return f"{type(error).__name__}: {error}"[:LONGEST_ERROR]
    except Exception:
        return type(error).__name__
