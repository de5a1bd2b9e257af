"""What a value looks like when it is sent: JSON text on one line, at most as large as the server keeps."""

import base64
import json
import re
from typing import Any

LARGEST = 64 * 1024
CUT_TO = 60_000
MOST_LEVELS = 200
_TEXTS = re.compile(r'"(?:[^"\\]|\\.)*"')
_BRACKETS = re.compile(r"[][{}]")
_TEXTS_OR_SPACE = re.compile(r'("(?:[^"\\]|\\.)*")|\s+')


def of_language(value: Any) -> str:
    """A value of the language: bytes as text or base64, all else as JSON."""
    if isinstance(value, (bytes, bytearray, memoryview)):
        return of_bytes(bytes(value))
    if isinstance(value, str) and not _is_kept(value):
        return of_bytes(value.encode("utf-8", "surrogatepass"))
    text = _json(value)
    return _fitting(text, value if isinstance(value, str) else text)


def of_bytes(raw: bytes) -> str:
    """Bytes as text where they are UTF-8 without NUL, else as `{"base64": …}`."""
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        text = "\0"
    if "\0" not in text:
        return _fitting(_json(text), text)
    encoded = base64.b64encode(raw).decode("ascii")
    return _json({"base64": encoded} if len(encoded) <= CUT_TO else {"cut": True, "base64": encoded[:CUT_TO]})


def of_words(raw: bytes) -> str:
    """What stands on a command line: a JSON document is sent as that, with all its digits; any other text as a text."""
    try:
        text = raw.decode("utf-8")
        json.loads(text, parse_constant=_no_json)
    except (ValueError, RecursionError):
        return of_bytes(raw)
    on_one_line = _TEXTS_OR_SPACE.sub(lambda found: found[1] or "", text)
    return _fitting(on_one_line, text)


def _json(value: Any) -> str:
    """What JSON cannot hold (NaN, a cycle) becomes the text that Python shows of it, or the name of its type."""
    try:
        return json.dumps(value, ensure_ascii=False, allow_nan=False, default=str)
    except Exception:
        return json.dumps(shown(value), ensure_ascii=False)


def shown(value: Any) -> str:
    """What Python shows of anything, even of what cannot be shown."""
    try:
        return value if isinstance(value, str) else repr(value)
    except Exception:
        return f"<{type(value).__name__}>"


def _fitting(text: str, whole: str) -> str:
    """JSON that the server takes, or the beginning of `whole` with a note."""
    if _size(text) > LARGEST:
        return _cut(whole)
    return _json(text) if _levels(text) > MOST_LEVELS else text


def _cut(text: str) -> str:
    """Escapes may make six characters of one, so what fits is found by trying."""
    low, high = 0, min(len(text), CUT_TO)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if _size(_json(text[:middle])) <= CUT_TO else (low, middle - 1)
    return _json({"cut": True, "text": text[:low]})


def _size(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))


def _is_kept(text: str) -> bool:
    """Whether it holds neither NUL nor half of a surrogate pair, which no database gives back."""
    try:
        return b"\0" not in text.encode("utf-8")
    except UnicodeEncodeError:
        return False


def _levels(text: str) -> int:
    """How deep JSON is nested, where that may be too deep."""
    if text.count("[") + text.count("{") <= MOST_LEVELS:
        return 0
    deepest = level = 0
    for bracket in _BRACKETS.findall(_TEXTS.sub("", text)):
        level += 1 if bracket in "[{" else -1
        deepest = max(deepest, level)
    return deepest


def _no_json(word: str) -> Any:
    raise ValueError(f"{word} is no JSON")
