"""What a client needs to know: what it is told, else what the environment says, else a default."""

import os
import socket
from typing import NamedTuple, Optional, Tuple, Union
from urllib.parse import urlsplit

from .saying import say

TIMEOUT = 10.0
LONGEST_SOURCE = 200


class Settings(NamedTuple):
    """Where and as whom to affirm. `problem` says why that cannot work, `no_spool` why nothing is kept although it should be; None when it can be."""

    address: str
    env: Optional[str]
    api_key: Optional[str]
    source: Optional[str]
    spool: Optional[str]
    no_spool: Optional[str]
    timeout: float
    problem: Optional[str]


def read_settings(
    url: Optional[str],
    env: Optional[str],
    api_key: Optional[str],
    source: Optional[str],
    spool: Optional[str],
    timeout: Optional[float],
) -> Settings:
    """Options win over `AFFIRMATIVE_…`; an empty variable is as none."""
    address, problem = _address(url or _variable("URL"))
    folder, no_spool = _spool(spool or _variable("SPOOL"))
    return Settings(
        address,
        env or _variable("ENV"),
        (api_key or _variable("API_KEY") or "").strip() or None,
        (source or _variable("SOURCE") or _host())[:LONGEST_SOURCE] or None,
        folder,
        no_spool,
        _seconds(timeout if timeout is not None else _variable("TIMEOUT")),
        problem,
    )


def _variable(name: str) -> Optional[str]:
    return os.environ.get(f"AFFIRMATIVE_{name}") or None


def _address(url: Optional[str]) -> Tuple[str, Optional[str]]:
    if url is None:
        return "", "no server is known: give a URL or set AFFIRMATIVE_URL"
    whole = url if "://" in url else f"http://{url}"
    try:
        parts = urlsplit(whole)
        is_good = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        is_good = False
    if not is_good or any(c.isspace() for c in whole):
        return "", "the URL of the server is not understood; write it like https://affirmative.example.org"
    return whole.split("?")[0].split("#")[0].rstrip("/") + "/api/v1/affirmations", None


def _spool(folder: Optional[str]) -> Tuple[Optional[str], Optional[str]]:
    """A folder, or why there is none. Without a home there is none that is the caller's own."""
    if folder == "off":
        return None, None
    if folder is not None:
        return os.path.abspath(folder), None
    home = os.environ.get("HOME") or (os.environ.get("USERPROFILE") if os.name == "nt" else None)
    state = os.environ.get("XDG_STATE_HOME") or (os.path.join(home, ".local", "state") if home else None)
    if state is None:
        return None, "neither HOME nor XDG_STATE_HOME is set, so there is no spool"
    return os.path.join(state, "affirmative", "spool"), None


def _seconds(said: Union[float, str, None]) -> float:
    try:
        seconds = float(said) if said is not None else TIMEOUT
        if 0 < seconds <= 86_400:
            return seconds
    except (TypeError, ValueError):
        pass
    say(f"the time limit {str(said)[:40]} is no number of seconds; {TIMEOUT:g} s hold")
    return TIMEOUT


def _host() -> str:
    try:
        return socket.gethostname()
    except OSError:
        return ""
