"""Handing an email to the user's own mail program: as text on its standard input, or as a private file it opens.

Other users of the host see command lines: no address, subject or word of the text ever stands in one.
"""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Mapping
from contextlib import nullcontext
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import TYPE_CHECKING, Any

from models.errors import RefusedError

if TYPE_CHECKING:
    from textual.app import App

    from models.nurture.records import Email

VARIABLE = "CONTOSO_MAILER"
"""Names the command: it gets the message (RFC 5322) on standard input, or its file where `{file}` stands."""
BY_HAND = "sent by hand"
"""What is kept of an email that the user says to have sent."""


def message(email: Email) -> bytes:
    """Return the email as a message that mail programs open as a draft."""
    made = EmailMessage(policy=SMTP)
    made["To"] = email.to
    made["Subject"] = email.subject
    made["X-Unsent"] = "1"
    made.set_content(email.body)
    for attached in email.attachments:
        main, _, sub = attached.media_type.partition("/")
        made.add_attachment(attached.content, maintype=main, subtype=sub, filename=attached.name)
    return made.as_bytes()


def find_program(environ: Mapping[str, str] = os.environ) -> str:
    """Return what takes emails here, in words; empty where nothing does: over ssh, on a server without a desktop."""
    command = environ.get(VARIABLE, "").strip()
    if command:
        return Path(command.split()[0]).name
    return "the mail program" if _desktop_opener(environ) else ""


def hand_over(app: App[Any] | None, email: Email, name: str, environ: Mapping[str, str] = os.environ) -> str:
    """Give the email to the mail program and return who has it now, in words.

    That is the command in `CONTOSO_MAILER`, else, on a desktop, whatever opens such files; `name` names the file.
    `app` is the screen that gives way to the program, None on a command line.

    Raises:
        RefusedError: there is none, it can't be started, or it failed.
    """
    program = find_program(environ)
    if not program:
        raise RefusedError(f"No mail program can be started from here; {VARIABLE} names one")
    text = message(email)
    command = environ.get(VARIABLE, "").strip()
    if command:
        words = _words(command)
        as_file = any("{file}" in word for word in words)
        if as_file:
            path = _write(text, name, environ)
            words = [word.replace("{file}", str(path)) for word in words]
        # A program such as mutt takes the terminal; one without a screen returns at once.
        with nullcontext() if app is None or app.is_headless else app.suspend():
            _run(words, b"" if as_file else text)
    else:
        _run([_desktop_opener(environ), str(_write(text, name, environ))], b"")
    return program


def write_file(email: Email, name: str, environ: Mapping[str, str] = os.environ) -> Path:
    """Write the email as `name`.eml into the outbox folder, for the user to send, and return the file.

    Raises:
        RefusedError: it can't be written.
    """
    try:
        return _write(message(email), name, environ)
    except OSError as error:
        raise RefusedError(f"The email can't be written to {outbox(environ)}: {error.strerror}") from None


def outbox(environ: Mapping[str, str] = os.environ) -> Path:
    """Return the folder of emails as files."""
    state = environ.get("XDG_STATE_HOME") or str(Path.home() / ".local" / "state")
    return Path(state) / "contoso" / "outbox"


def _words(command: str) -> list[str]:
    try:
        return shlex.split(command)
    except ValueError:
        raise RefusedError(f"{VARIABLE} can't be read: a quote in it is not closed") from None


def _write(text: bytes, name: str, environ: Mapping[str, str]) -> Path:
    folder = outbox(environ)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / f"{name}.eml"
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
        file.write(text)
    return path


def _desktop_opener(environ: Mapping[str, str]) -> str:
    """Return what opens files with the user's programs, empty where no desktop is (over ssh, on a server)."""
    if environ.get("SSH_CONNECTION"):
        return ""
    if sys.platform == "darwin":
        return shutil.which("open") or ""
    has_desktop = environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY")
    return (shutil.which("xdg-open") or "") if has_desktop else ""


def _run(words: list[str], text: bytes) -> None:
    try:
        done = subprocess.run(words, input=text, check=False)
    except OSError as error:
        raise RefusedError(f"The mail program {words[0]} can't be started: {error.strerror}; see {VARIABLE}") from None
    if done.returncode:
        raise RefusedError(f"The mail program {words[0]} ended with {done.returncode}: the email counts as not sent")
