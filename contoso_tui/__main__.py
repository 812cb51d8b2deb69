"""`contoso`: sets what holds for the whole process and hands over; imports nothing before it knows what is wanted."""

from __future__ import annotations

import os
import sys

INTERRUPTED = 130


def main(argv: list[str] | None = None) -> int:
    """Run one command and return its exit code (0 done, 1 to 8 as in `models.errors`, 130 interrupted)."""
    # Whatever is written holds customers' data, and the host is shared.
    os.umask(0o077)
    words = sys.argv[1:] if argv is None else argv
    if argv is None and "import" in words:
        from models import own_process

        own_process.restart()
    try:
        from contoso_tui.cli.run import run

        code = run(words)
        sys.stdout.flush()
        return code
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # The reader has left (`| head`): nothing more can be said, and Python must not try at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


if __name__ == "__main__":
    sys.exit(main())
