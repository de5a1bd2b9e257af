"""How the client speaks: one line on stderr, never stdout, and never an error."""

import os
import sys
from typing import List, Optional

_held: Optional[List[str]] = None


def plain(text: str, most: int = 400) -> str:
    """A server's words on one line: without control characters, at most `most` characters."""
    return "".join(c if c.isprintable() else " " for c in text[:most]).strip()


def say(text: str) -> None:
    """Writes one line to stderr. A thread that is caught in Python's own buffer when the program ends would abort it, so the line goes past it."""
    if _held is not None:
        _held.append(text)
        return
    if sys.stderr is None:
        return
    try:
        os.write(2, f"affirmative: {text}\n".encode("utf-8", "replace"))
    except OSError:
        pass


def hold() -> None:
    """From here on what is said waits, so that it is not mixed into what a command prints."""
    global _held
    _held = []


def let_go() -> None:
    """Says what was held back."""
    global _held
    held, _held = _held or [], None
    for text in held:
        say(text)
