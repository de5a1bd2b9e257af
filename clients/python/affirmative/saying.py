"""How the client speaks: one line on stderr, never stdout, and never an error."""

import os
import sys


def plain(text: str, most: int = 400) -> str:
    """A server's words on one line: without control characters, at most `most` characters."""
    return "".join(c if c.isprintable() else " " for c in text[:most]).strip()


def say(text: str) -> None:
    """Writes one line to stderr. A thread that is caught in Python's own buffer when the program ends would abort it, so the line goes past it."""
    if sys.stderr is None:
        return
    try:
        os.write(2, f"affirmative: {text}\n".encode("utf-8", "replace"))
    except OSError:
        pass
