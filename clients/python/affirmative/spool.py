"""What was said and not yet accepted: one file an affirmation, in a folder that all clients share."""

import atexit
import contextlib
import os
import re
import secrets
import shutil
import time
from typing import Iterator, List, Set, Tuple

MOST = 10_000
STALE = 60.0
DAY = 86_400.0
_FILE = re.compile(r"(\d{1,15})-.*\.json")
# What the clients call a file that is not whole yet, and a lock that they break. A folder may hold other hidden files.
_UNFINISHED = re.compile(r"\.(?:[0-9a-f]{16}\.tmp|\d{1,15}-[\w-]+(?:\.json)?\.[\w-]+)", re.ASCII)
_BROKEN_LOCK = re.compile(r"\.lock\.[\w-]+", re.ASCII)
_FREE = re.compile(r"[A-Za-z0-9_-]{1,64}")


class Full(OSError):
    """As many wait as are kept."""


class NotOurs(OSError):
    """Who owns the folder reads and removes what is in it."""


_held: Set[str] = set()


@atexit.register
def give_back_locks() -> None:
    """A program that ends does not wait for the thread that delivers, and must not leave the lock behind."""
    for lock in list(_held):
        _unlock(lock)


# The lock is the parent's.
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_held.clear)


class Spool:
    """A folder of waiting affirmations. Any method may raise OSError: the disk is not ours."""

    def __init__(self, folder: str) -> None:
        self.folder = folder

    def keep(self, at: int, id: str, line: bytes) -> str:
        """Writes one down and answers with the name of its file. A name that ends in .json is always whole: it is renamed to that."""
        os.makedirs(self.folder, mode=0o700, exist_ok=True)
        if not self.is_ours():
            raise NotOurs(f"the spool {self.folder} belongs to another user")
        if len(os.listdir(self.folder)) >= MOST:
            raise Full(f"{MOST:,} affirmations wait already")
        # The id of a caller may hold anything, and may be that of another event in the same millisecond.
        name = f"{at}-{id if _FREE.fullmatch(id) else 'x'}"
        if os.path.exists(self._path(f"{name}.json")) or name.endswith("-x"):
            name = f"{name}-{secrets.token_hex(8)}"
        self._write(f"{name}.json", line)
        return f"{name}.json"

    def is_ours(self) -> bool:
        """Whether it is there, and belongs to who we are."""
        try:
            return not hasattr(os, "geteuid") or os.stat(self.folder).st_uid == os.geteuid()
        except FileNotFoundError:
            return False

    def waiting(self) -> List[Tuple[str, bool]]:
        """The names of what waits, oldest first, and whether each is a plain file."""
        with os.scandir(self.folder) as entries:
            found = [(_FILE.fullmatch(entry.name), entry) for entry in entries]
            return [(name, is_plain) for _, name, is_plain in sorted((int(m[1]), e.name, _is_plain(e)) for m, e in found if m)]

    def sweep(self) -> None:
        """Removes what clients left unfinished that were killed while they wrote. None of them writes for a day."""
        with os.scandir(self.folder) as entries:
            for entry in entries:
                with contextlib.suppress(OSError):
                    if time.time() - entry.stat(follow_symlinks=False).st_mtime <= DAY:
                        continue
                    if _BROKEN_LOCK.fullmatch(entry.name):
                        shutil.rmtree(entry.path)
                    elif _UNFINISHED.fullmatch(entry.name) and _is_plain(entry):
                        os.unlink(entry.path)

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
        is_alone = self._locked(lock)
        if is_alone:
            _held.add(lock)
        try:
            yield is_alone
        finally:
            if is_alone:
                _unlock(lock)

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
                    # A clock that was set back leaves locks that are dated in the future.
                    if abs(time.time() - os.stat(lock).st_mtime) <= STALE:
                        return False
                    self._break(lock)
        return False

    def _break(self, lock: str) -> None:
        """Renamed first: of two that break it, one has it."""
        broken = self._path(f".lock.{secrets.token_hex(8)}")
        os.rename(lock, broken)
        shutil.rmtree(broken)

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


def _is_plain(entry: "os.DirEntry[str]") -> bool:
    return entry.is_file(follow_symlinks=False)


def _unlock(lock: str) -> None:
    _held.discard(lock)
    with contextlib.suppress(OSError):
        os.rmdir(lock)
