"""The command line: `python3 -m affirmative EVENT [VALUE]` and `python3 -m affirmative run EVENT -- command …`."""

import argparse
import os
import sys
from datetime import datetime, timezone
from typing import List, NoReturn

from .client import Client
from .command import run_command
from .spool import give_back_locks
from .version import VERSION

MOST_READ = 1_048_576
STATUS = "exit status: 0, also when the server is away; 1 with --strict when it was not accepted now; 2 when it was not understood"


def main() -> NoReturn:
    """Reads the arguments of the process, says what they say, and ends it."""
    status = _run(sys.argv[2:]) if sys.argv[1:2] == ["run"] else _affirm(sys.argv[1:])
    # Threads that still send are not waited for, and must not be in the way of the end.
    give_back_locks()
    os._exit(status)


def _affirm(args: List[str]) -> int:
    parser = _parser("python3 -m affirmative", "Says that something happened. To wrap a command: python3 -m affirmative run EVENT -- command …")
    parser.add_argument("event", metavar="EVENT", help="its name or key")
    parser.add_argument("value", metavar="VALUE", nargs="?", help="a JSON document is sent as that, any other text as a text; - reads it from stdin")
    kind = parser.add_mutually_exclusive_group()
    for status, what in (("fail", "it failed"), ("start", "it begins"), ("log", "it is only noted")):
        kind.add_argument(f"--{status}", dest="status", action="store_const", const=status, help=what)
    parser.add_argument("--at", type=_instant, help="when: ISO-8601 with a zone, or epoch seconds or milliseconds")
    parser.add_argument("--id", help="counts once, however often it is said")
    parser.add_argument("--strict", action="store_true", help="exit status 1 when it was not accepted now")
    given = parser.parse_args(args)
    client = _client(parser, given)
    value = _stdin() if given.value == "-" else None if given.value is None else os.fsencode(given.value)
    is_accepted = client.say_words(given.event, value, given.status or "ok", given.at, given.id)
    return 1 if given.strict and not is_accepted else 0


def _stdin() -> bytes:
    """All of it is read, as who writes must not be broken off; more than is kept of it is not remembered."""
    if sys.stdin is None:
        return b""
    value = sys.stdin.buffer.read(MOST_READ)
    while sys.stdin.buffer.read(MOST_READ):
        pass
    return value


def _run(args: List[str]) -> int:
    parser = _parser("python3 -m affirmative run", "Runs a command, and says how it went.")
    parser.usage = "%(prog)s [options] EVENT -- command …"
    parser.add_argument("event", metavar="EVENT", help="its name or key")
    split = args.index("--") if "--" in args else len(args)
    given = parser.parse_args(args[:split])
    if not args[split + 1 :]:
        parser.error("the command comes after --")
    run_command(_client(parser, given).run(given.event), args[split + 1 :])


def _parser(program: str, what: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=program, description=what, epilog=STATUS, allow_abbrev=False)
    parser.add_argument("--version", action="version", version=VERSION)
    for name in ("url", "env", "source", "spool"):
        parser.add_argument(f"--{name}", help=f"instead of AFFIRMATIVE_{name.upper()}")
    parser.add_argument("--timeout", type=float, help="seconds, instead of AFFIRMATIVE_TIMEOUT")
    return parser


def _client(parser: argparse.ArgumentParser, given: argparse.Namespace) -> Client:
    client = Client(given.url, given.env, source=given.source, spool=given.spool, timeout=given.timeout)
    if client.problem:
        parser.error(client.problem)
    return client


def _instant(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        at = datetime.fromisoformat(text[:-1] + "+00:00" if text.endswith(("Z", "z")) else text)
        if at.tzinfo is None:
            raise argparse.ArgumentTypeError("an instant needs a zone") from None
        return at.astimezone(timezone.utc).timestamp() * 1000


if __name__ == "__main__":
    main()
