"""What was said and not yet accepted: one file an affirmation, in a folder that all clients share."""

import atexit
import contextlib
import functools
import os
import re
import secrets
import time
from typing import Iterator, List

MOST = 10_000
STALE = 60.0
_FILE = re.compile(r"(\d{1,15})-.*\.json")
_FREE = re.compile(r"[A-Za-z0-9_-]{1,64}")


class Full(OSError):
    """As many wait as are kept."""


class Spool:
    """A folder of waiting affirmations. Any method may raise OSError: the disk is not ours."""

    def __init__(self, folder: str) -> None:
        self.folder = folder

    def keep(self, at: int, id: str, line: bytes) -> str:
        """Writes one down and answers with the name of its file. A name that ends in .json is always whole: it is renamed to that."""
        os.makedirs(self.folder, mode=0o700, exist_ok=True)
        if len(os.listdir(self.folder)) >= MOST:
            raise Full(f"{MOST:,} affirmations wait already")
        # The id of a caller may hold anything, and may be that of another event in the same millisecond.
        name = f"{at}-{id if _FREE.fullmatch(id) else 'x'}"
        if os.path.exists(self._path(f"{name}.json")) or name.endswith("-x"):
            name = f"{name}-{secrets.token_hex(8)}"
        self._write(f"{name}.json", line)
        return f"{name}.json"

    def waiting(self) -> List[str]:
        """The names of what waits, oldest first."""
        with os.scandir(self.folder) as entries:
            found = [(_FILE.fullmatch(entry.name), entry) for entry in entries]
            return [name for _, name in sorted((int(m[1]), e.name) for m, e in found if m and e.is_file(follow_symlinks=False))]

    def read(self, name: str) -> bytes:
        """The line of one, without its end."""
        with open(self._path(name), "rb") as file:
            return file.read(1_048_576).strip()

    def remove(self, name: str) -> None:
        """Forgets one that was accepted; another client may have been first."""
        with contextlib.suppress(FileNotFoundError):
            os.unlink(self._path(name))

    def refuse(self, name: str, why: str) -> None:
        """Puts one aside that can never be accepted, with the server's words beside it."""
        os.makedirs(self._path("refused"), mode=0o700, exist_ok=True)
        with contextlib.suppress(FileNotFoundError):
            self._write(os.path.join("refused", f"{name[:-5]}.why"), f"{why}\n".encode("utf-8", "replace"))
            os.replace(self._path(name), self._path(os.path.join("refused", name)))

    @contextlib.contextmanager
    def alone(self) -> Iterator[bool]:
        """Whether we are the one who delivers what waits. The lock of one that was killed is broken after a minute."""
        lock = self._path("lock")
        is_ours = self._locked(lock)
        # A program that ends does not wait for the thread that delivers, and must not leave the lock behind.
        unlock = functools.partial(_unlock, lock)
        if is_ours:
            atexit.register(unlock)
        try:
            yield is_ours
        finally:
            if is_ours:
                unlock()
                atexit.unregister(unlock)

    def still_here(self) -> None:
        """Says that the one who has the lock is alive."""
        with contextlib.suppress(OSError):
            os.utime(self._path("lock"))

    def _locked(self, lock: str) -> bool:
        for _ in range(2):
            try:
                os.mkdir(lock, 0o700)
                return True
            except FileExistsError:
                with contextlib.suppress(OSError):
                    if time.time() - os.stat(lock).st_mtime <= STALE:
                        return False
                    os.rmdir(lock)
        return False

    def _write(self, name: str, line: bytes) -> None:
        unfinished = self._path(f".{secrets.token_hex(8)}.tmp")
        file = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(file, "wb") as out:
                out.write(line + b"\n")
            os.replace(unfinished, self._path(name))
        except OSError:
            with contextlib.suppress(OSError):
                os.unlink(unfinished)
            raise

    def _path(self, name: str) -> str:
        return os.path.join(self.folder, name)


def _unlock(lock: str) -> None:
    with contextlib.suppress(OSError):
        os.rmdir(lock)
