"""The command line's grammar: nouns first, the same flags on all; only the group that is wanted is loaded."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

from contoso_tui.cli.flags import COMMON_DEFAULTS
from models.errors import UsageError

if TYPE_CHECKING:
    from contoso_tui.cli.context import Call

Handler = Callable[["Call"], int | None]


class Noun(NamedTuple):
    """One first word: the module that holds it, one line of help, and the verb that a bare noun means."""

    module: str
    help: str
    default: str = ""


NOUNS: dict[str, Noun] = {
    "open": Noun("open", "open a screen, a deal, a customer or a quote"),
    "demo": Noun("demo", "made-up data in a temporary place, removed at the end"),
    "init": Noun("init", "make a database and a configuration file"),
    "import": Noun("import_", "import the four sources; list, show, revert, close", "run"),
    "deal": Noun("deal", "deals: list, show, new, set, line, step, move, why, won, lost ...", "list"),
    "quote": Noun("quote", "quotes: list, show, new, send, revise, accept, extend, diff, print ...", "list"),
    "order": Noun("order", "orders: list, show, new, ship, invoice, export", "list"),
    "contract": Noun("order", "contracts: list, show, calloff", "list"),
    "invoice": Noun("invoice", "invoices: list, show, paid, payments", "list"),
    "product": Noun("product", "catalogue: list, new, set, import", "list"),
    "material": Noun("material", "materials: list, show, add, retire, send", "list"),
    "rate": Noun("rate", "exchange rates: list, add", "list"),
    "report": Noun("report", "reports: nearlimit, owing, outlook"),
    "techcheck": Noun("techcheck", "tech checks: list, show, ask, sign", "list"),
    "assess": Noun("assess", "assessments: list, show, do, export, apply", "list"),
    "customer": Noun("customer", "customers: list, show, timeline, sources, pin, label, assign", "list"),
    "match": Noun("match", "records that may be one customer: list, show, join, apart, later, status, learn", "list"),
    "nurture": Noun("nurture", "nurture: list, start, done, skip, snooze, pause, resume, end", "list"),
    "agenda": Noun("agenda", "what is late, due today and later; done, snooze", "list"),
    "log": Noun("log", "log a call, email, letter, visit, meeting or note"),
    "points": Noun("points", "points of a month, yours or your team's; values, close", "show"),
    "process": Noun("process", "the sales process: show, list, check, diff, use", "show"),
    "undo": Noun("history", "take back your last change"),
    "redo": Noun("history", "do again what you took back last"),
    "history": Noun("history", "what happened to a deal or customer, in sentences"),
    "user": Noun("user", "users: list, add, set", "list"),
    "doctor": Noun("doctor", "check terminal, database, permissions and clock"),
    "config": Noun("settings", "settings: path, show, get, check", "show"),
    "keys": Noun("keys", "every key and what it does"),
    "completion": Noun("completion", "completion for bash, zsh or fish"),
}  # fmt: skip

# What follows `contoso import` and is none of these is a file or folder.
IMPORT_VERBS = ("run", "list", "show", "revert", "close")

EXIT_CODES = """\
exit codes: 0 done, 1 failed, 2 wrong usage, 3 not found, 4 refused by a rule, 5 changed by someone else,
6 done with rows left for review, 7 not allowed for your role, 8 database busy or away, 130 interrupted"""


class Parser(argparse.ArgumentParser):
    """An argument parser whose errors are `UsageError` and that never guesses a shortened flag."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("formatter_class", argparse.RawDescriptionHelpFormatter)
        super().__init__(allow_abbrev=False, **options)

    def error(self, message: str) -> NoReturn:
        """Raise the error as a sentence with the command that helps."""
        raise UsageError(f"{message}; {self.prog} --help says more")

    def flags(self) -> list[str]:
        """Return the flags in the order in which they were added, the long form only where there is one."""
        words = list(self._option_string_actions)
        return [word for word in words if word.startswith("--")]

    def children(self) -> dict[str, Parser]:
        """Return the parsers of the next word, if this one takes a noun or verb."""
        for action in self._actions:
            if isinstance(action.choices, dict):
                return dict(action.choices)
        return {}

    def choices(self) -> list[str]:
        """Return the words that an argument of this command must be one of."""
        return [
            str(choice)
            for action in self._actions
            if not action.option_strings and isinstance(action.choices, (list, tuple))
            for choice in action.choices
        ]


class Group:
    """The commands of one noun."""

    def __init__(self, parser: Parser, common: Parser, name: str) -> None:
        self._parser = parser
        self._common = common
        self._name = name
        self._verbs: Any = None

    def command(
        self, verb: str, handler: Handler, help: str, *, writes: bool = False, needs_database: bool = True
    ) -> Parser:
        """Add a verb, or with an empty one make the noun itself the command; return its parser for arguments."""
        if verb:
            if self._verbs is None:
                self._verbs = self._parser.add_subparsers(metavar="VERB", required=True, dest="verb")
            made: Parser = self._verbs.add_parser(verb, parents=[self._common], help=help, description=help)
        else:
            made = self._parser
        made.set_defaults(handler=handler, writes=writes, needs_database=needs_database)
        return made


def parse(words: Sequence[str]) -> argparse.Namespace | None:
    """Parse a command line; None when help or the version was all that was asked.

    Raises:
        UsageError: it can't be understood.
    """
    import difflib

    words = list(words)
    noun = _first_word(words)
    only: tuple[str, ...] = tuple(NOUNS)
    if noun is None:
        if not any(word in ("-h", "--help", "--version") for word in words):
            words.append("open")
            only = ("open",)
    elif noun in NOUNS:
        only = (noun,)
        _add_default_verb(words, noun)
    else:
        near = difflib.get_close_matches(noun, NOUNS, n=1)
        hint = f"did you mean {near[0]}?" if near else "contoso --help lists them"
        raise UsageError(f"There is no command {noun!r}; {hint}")
    try:
        return build(only).parse_args(words, argparse.Namespace(**COMMON_DEFAULTS))
    except SystemExit as ended:
        if ended.code:
            raise UsageError(f"wrong usage ({ended.code})") from None
        return None


def build(nouns: Sequence[str] = tuple(NOUNS)) -> Parser:
    """Return the parser of the named nouns; the others are listed in help but not loaded."""
    common = _common()
    top = Parser(
        prog="contoso",
        parents=[common],
        description="The sales work of Contoso Home Security in the terminal. Without a command: your home screen.",
        epilog=EXIT_CODES,
    )
    commands = top.add_subparsers(metavar="COMMAND", dest="noun")
    for name in nouns:
        noun = NOUNS[name]
        parser = commands.add_parser(
            name, parents=[common], help=noun.help, description=noun.help, prog=f"contoso {name}"
        )
        import_module(f"contoso_tui.cli.{noun.module}").register(name, Group(parser, common, name))
    return top


def _common() -> Parser:
    """Flags that stand before or after the nouns; a default here would undo what stood before, so there are none."""
    parser = Parser(add_help=False, argument_default=argparse.SUPPRESS)
    flags = parser.add_argument_group("flags of all commands")
    form = flags.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="one JSON object")
    form.add_argument("--jsonl", action="store_true", help="one JSON object a line, no envelope")
    form.add_argument("--csv", action="store_true", help="CSV, cells guarded against formulas")
    flags.add_argument("--fields", metavar="A,B", help="only these fields")
    flags.add_argument("--plain", action="store_true", help="one line each, as in a pipe")
    flags.add_argument("--no-color", action="store_true", help="no colours on screens either")
    flags.add_argument("--width", type=_positive, metavar="N", help="cut tables to N cells")
    flags.add_argument("-q", "--quiet", action="store_true", help="only data and errors")
    flags.add_argument("-v", "--verbose", action="count", help="more messages")
    flags.add_argument("--data", metavar="PATH", help="the database file")
    flags.add_argument("--config", metavar="FILE", help="one more configuration file")
    flags.add_argument("--as", dest="as_login", metavar="USER", help="act as this user (demo and test databases)")
    flags.add_argument("--at", metavar="TIME", help="as if it were then, ISO 8601 (writes: demo and test databases)")
    flags.add_argument("--no-input", action="store_true", help="never ask, fail instead")
    flags.add_argument("--yes", action="store_true", help="answer yes to questions")
    flags.add_argument("--if-rev", type=_positive, metavar="N", help="only if the deal still has this revision")
    flags.add_argument("--version", action="version", version=_Version(), help="show the version")
    return parser


class _Version(str):
    """Reads the version of the distribution only when it is shown."""

    __slots__ = ()

    def __mod__(self, _values: Any) -> str:
        from importlib import metadata

        try:
            return f"contoso {metadata.version('contoso-tui')}"
        except metadata.PackageNotFoundError:
            return "contoso, from a checkout that is not installed"


def _positive(text: str) -> int:
    if not text.isdigit() or not int(text):
        raise argparse.ArgumentTypeError(f"{text!r} is no number above 0")
    return int(text)


_TAKE_A_VALUE = ("--fields", "--width", "--data", "--config", "--as", "--at", "--if-rev")
_SWITCHES = ("--json", "--jsonl", "--csv", "--plain", "--no-color", "-q", "--quiet", "-v", "--verbose", "--no-input",
             "--yes")  # fmt: skip


def _first_word(words: Sequence[str], start: int = 0) -> str | None:
    at = _first_place(words, start)
    return None if at is None else words[at]


def _first_place(words: Sequence[str], start: int = 0) -> int | None:
    skip = False
    for at in range(start, len(words)):
        if skip:
            skip = False
        elif words[at] in _TAKE_A_VALUE:
            skip = True
        elif not words[at].startswith("-"):
            return at
    return None


def _add_default_verb(words: list[str], noun: str) -> None:
    """Put the verb that a bare noun means: `contoso deal --late` lists, `contoso import DIR` imports."""
    default = NOUNS[noun].default
    if not default:
        return
    at = _first_place(words)
    if at is None:
        return
    verb = _first_word(words, at + 1)
    is_meant = verb not in IMPORT_VERBS if noun == "import" else verb is None or _has_own_flag(words, at + 1)
    if is_meant and not (verb is None and any(word in ("-h", "--help") for word in words)):
        words.insert(at + 1, default)


def _has_own_flag(words: Sequence[str], start: int) -> bool:
    """Return whether a flag that is none of all commands' stands where a verb could: it belongs to the default one."""
    skip = False
    for word in words[start:]:
        if skip:
            skip = False
        elif word in _TAKE_A_VALUE:
            skip = True
        elif word.partition("=")[0] not in (*_TAKE_A_VALUE, *_SWITCHES):
            return word.startswith("-") and word not in ("-h", "--help", "--version")
    return False
