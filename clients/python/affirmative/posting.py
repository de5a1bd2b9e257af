"""One affirmation on its way to the server, and what is made of the answer."""

import email.utils
import http.client
import json
import random
import time
import urllib.error
import urllib.request
from typing import Any, Dict, Iterator, NamedTuple, Optional, cast

from .saying import plain
from .settings import Settings
from .version import VERSION

MOST_READ = 65_536
AGAIN = (408, 425, 429)
NEVER = (400, 413, 415, 422)
SHORTEST_PAUSE = 0.2


class Answer(NamedTuple):
    """`accepted`; `again`: worth another try; `stays`: a setting has to be mended first; `refused`: it can never be accepted."""

    kind: str
    said: str
    status: int = 0
    after: Optional[float] = None

    @property
    def lets_others_go(self) -> bool:
        """Whether what waits may be tried, too: not when the server is away, knows nobody with our key, or is another one."""
        return self.kind != "again" and self.status != 401 and not (self.kind == "stays" and 200 <= self.status < 300)


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A key must not travel to where somebody else points."""

    def redirect_request(self, *_: Any) -> None:
        return None


def send(to: Settings, line: bytes, deadline: float) -> Answer:
    """Sends one line until it is answered or `deadline` (of the monotonic clock) has come. Never raises."""
    for pause in _pauses():
        answer = post(to, line, deadline)
        wait = pause if answer.after is None else max(answer.after, SHORTEST_PAUSE)
        if answer.kind != "again" or time.monotonic() + wait >= deadline:
            return answer
        time.sleep(wait)
    raise AssertionError("pauses do not end")


def post(to: Settings, line: bytes, deadline: float) -> Answer:
    """Sends one line once. Never raises."""
    left = max(deadline - time.monotonic(), 0.05)
    try:
        request = urllib.request.Request(to.address, data=line, headers=_headers(to), method="POST")
        with _opener().open(request, timeout=left) as response:
            return _taken(response.status, _body(response, deadline))
    except urllib.error.HTTPError as error:
        return _not_taken(error, deadline)
    except http.client.InvalidURL:
        return Answer("stays", "the URL of the server is not understood")
    except (OSError, http.client.HTTPException) as error:
        return Answer("again", _reason(error))
    except ValueError:
        # What http.client says of a header that cannot be sent holds the header, which is the key.
        return Answer("stays", "the API key or the URL holds characters that cannot be sent")


def _pauses() -> Iterator[float]:
    pause = 0.2
    while True:
        yield pause * random.uniform(0.75, 1.25)
        pause = 0.5 if pause == 0.2 else min(pause * 2, 8.0)


def _opener() -> urllib.request.OpenerDirector:
    # The variables alone: asking macOS for its proxies is not safe in a forked process.
    proxies = urllib.request.ProxyHandler(urllib.request.getproxies_environment())
    return urllib.request.build_opener(proxies, _NoRedirect)


def _headers(to: Settings) -> Dict[str, str]:
    key = {"Authorization": f"Bearer {to.api_key}"} if to.api_key else {}
    return {"Content-Type": "application/json", "Accept": "application/json", "User-Agent": f"affirmative-python/{VERSION}", **key}


def _body(response: http.client.HTTPResponse, deadline: float) -> bytes:
    """The answer, or as much of it as is read. A limit for each read alone would wait without end for one that trickles."""
    body = bytearray()
    while len(body) < MOST_READ:
        piece = response.read1(MOST_READ - len(body))
        body += piece
        if not piece:
            break
        if time.monotonic() >= deadline:
            raise TimeoutError("the answer did not end in time")
    if len(body) < MOST_READ and response.length:
        raise http.client.IncompleteRead(bytes(body), response.length)
    return bytes(body)


def _taken(status: int, body: bytes) -> Answer:
    """A page in between that asks somebody to sign in says 200, too: only who counts what was sent has it."""
    told = _object(body)
    accepted, duplicates, rejected = (told.get(name) for name in ("accepted", "duplicates", "rejected"))
    if not (_is_count(accepted) and _is_count(duplicates) and isinstance(rejected, list) and accepted + duplicates + len(rejected) == 1):
        return Answer("stays", f"{status}, but not from affirmative", status)
    if not rejected:
        return Answer("accepted", "", status)
    return Answer("refused", plain(str(rejected[0].get("detail", "")) if isinstance(rejected[0], dict) else str(rejected[0])), status)


def _is_count(told: Any) -> bool:
    return isinstance(told, int) and not isinstance(told, bool) and told >= 0


def _not_taken(error: urllib.error.HTTPError, deadline: float) -> Answer:
    try:
        body = _body(cast(http.client.HTTPResponse, error.fp), deadline)
    except (OSError, http.client.HTTPException):
        body = b""
    finally:
        error.close()
    said = f"{error.code} {_words(body)}".strip()
    if error.code in AGAIN or error.code >= 500:
        return Answer("again", said, error.code, _retry_after(error.headers.get("Retry-After")))
    return Answer("refused" if error.code in NEVER else "stays", said, error.code)


def _words(body: bytes) -> str:
    detail = _object(body).get("detail")
    return plain(detail if isinstance(detail, str) else body.decode("utf-8", "replace"))


def _object(body: bytes) -> Dict[str, Any]:
    try:
        told = json.loads(body.decode("utf-8"))
    except (ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}


def _retry_after(said: Optional[str]) -> Optional[float]:
    try:
        if said is None or said.strip().isdigit():
            return None if said is None else float(said)
        return max(email.utils.parsedate_to_datetime(said).timestamp() - time.time(), 0.0)
    except (TypeError, ValueError, IndexError, OverflowError):
        return None


def _reason(error: Exception) -> str:
    inner = getattr(error, "reason", error)
    return plain(str(inner) or type(inner).__name__)
