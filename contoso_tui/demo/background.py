"""Work in a process of its own: the demo uses both cores, and pandas never gets into the process of the screens."""

from __future__ import annotations

import multiprocessing
import sys
from collections.abc import Callable
from typing import Any

from models.errors import ContosoError


class Background:
    """Starts `work` at once in a copy of this process; `join` waits for it."""

    def __init__(self, work: Callable[..., object], *args: Any, **options: Any) -> None:
        # A copy has all modules and paths of this process, from wherever it was started; no thread runs yet.
        self._process = multiprocessing.get_context("fork").Process(target=_run, args=(work, args, options))
        self._process.start()

    def join(self) -> None:
        """Wait until the work is done.

        Raises:
            ContosoError: it failed; the log says where.
        """
        self._process.join()
        if self._process.exitcode:
            raise ContosoError("The demo could not be made; the log says where: contoso doctor checks the host")

    def stop(self) -> None:
        """End the work where it stands, if it still runs."""
        self._process.terminate()
        self._process.join()


def _run(work: Callable[..., object], args: tuple[Any, ...], options: dict[str, Any]) -> None:
    from contoso_tui.cli import errors

    try:
        work(*args, **options)
    except KeyboardInterrupt:
        sys.exit(1)
    except ContosoError as error:
        sys.exit(errors.report(error, as_json=False))
    except Exception as error:
        sys.exit(errors.report_unexpected(error, as_json=False))
