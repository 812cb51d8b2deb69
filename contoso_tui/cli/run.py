"""Runs one command line: parse, open the database, call the command, turn errors into sentences and exit codes."""

from __future__ import annotations

import os
from contextlib import ExitStack
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

from contoso_tui.cli import config, errors
from contoso_tui.cli.context import STATE_HOME, Call
from contoso_tui.cli.flags import COMMON_DEFAULTS
from contoso_tui.cli.terminal import is_full_screen
from models.errors import ContosoError

if TYPE_CHECKING:
    import argparse


def run(words: list[str]) -> int:
    """Run a command line and return its exit code.

    Raises:
        KeyboardInterrupt: the user pressed ctrl+c; nothing is half written.
        BrokenPipeError: who read the output has gone.
    """
    as_json = any(word in ("--json", "--jsonl") for word in words)
    state = os.environ.get(STATE_HOME)
    try:
        args = _parse(words)
        if args is None:
            return 0
        return _run(args)
    except ContosoError as error:
        return errors.report(error, as_json=as_json)
    except (KeyboardInterrupt, BrokenPipeError):
        raise
    except Exception as error:
        return errors.report_unexpected(error, as_json=as_json)
    finally:
        # A demo has kept its own things apart.
        if state is not None:
            os.environ[STATE_HOME] = state
        else:
            os.environ.pop(STATE_HOME, None)


def _parse(words: list[str]) -> argparse.Namespace | None:
    if not words and is_full_screen():
        # The way most people start, all day: the screen must not wait for a parser.
        from contoso_tui.cli.open import open_screen

        bare = SimpleNamespace(
            **COMMON_DEFAULTS, what="", view="", handler=open_screen, needs_database=False, writes=False
        )
        return cast("argparse.Namespace", bare)
    from contoso_tui.cli import parser

    return parser.parse(words)


def _run(args: argparse.Namespace) -> int:
    found = config.load(args.config)
    if not args.quiet:
        for warning in found.warnings:
            errors.say(f"warning: {warning}")
    call = Call(args=args, config=found)
    call.check_time()
    with ExitStack() as open_things:
        if args.needs_database:
            open_things.enter_context(call.opened())
            if args.writes:
                call.check_writing()
        result: int | None = args.handler(call)
    return result or 0
