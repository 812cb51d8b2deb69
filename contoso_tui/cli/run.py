"""Runs one command line: parse, open the database, call the command, turn errors into sentences and exit codes."""

from __future__ import annotations

import argparse
from contextlib import ExitStack

from contoso_tui.cli import config, errors, parser
from contoso_tui.cli.context import Call
from contoso_tui.cli.output import Output
from models.errors import ContosoError


def run(words: list[str]) -> int:
    """Run a command line and return its exit code.

    Raises:
        KeyboardInterrupt: the user pressed ctrl+c; nothing is half written.
        BrokenPipeError: who read the output has gone.
    """
    as_json = any(word in ("--json", "--jsonl") for word in words)
    try:
        args = parser.parse(words)
        if args is None:
            return 0
        return _run(args)
    except ContosoError as error:
        return errors.report(error, as_json=as_json)
    except (KeyboardInterrupt, BrokenPipeError):
        raise
    except Exception as error:
        return errors.report_unexpected(error, as_json=as_json)


def _run(args: argparse.Namespace) -> int:
    found = config.load(args.config)
    if not args.quiet:
        for warning in found.warnings:
            errors.say(f"warning: {warning}")
    call = Call(args=args, out=Output.from_args(args), config=found)
    call.check_time()
    with ExitStack() as open_things:
        if args.needs_database:
            open_things.enter_context(call.opened())
            if args.writes:
                call.check_writing()
        result: int | None = args.handler(call)
    return result or 0
