"""Files as they come in: read within limits, named so that no name does harm, known by what they are."""

from __future__ import annotations

import os
import stat
import unicodedata
from pathlib import Path

from models.errors import UsageError

MAX_BYTES = 10 * 1024 * 1024
"""The database holds no larger one (migration 0008)."""
MAX_BYTES_SENT = 15 * 1024 * 1024
"""In one email: written as text they grow by a third, and many mail servers stop at 20 to 25 MB."""
MEDIA_TYPES = {
    "pdf": "application/pdf",
    "txt": "text/plain",
    "csv": "text/csv",
    "rtf": "application/rtf",
    "doc": "application/msword",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xls": "application/vnd.ms-excel",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ppt": "application/vnd.ms-powerpoint",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "odp": "application/vnd.oasis.opendocument.presentation",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "gif": "image/gif",
    "webp": "image/webp",
    "zip": "application/zip",
}
"""What customers can open and mail servers let pass; programs and web pages are not among it."""
_NAME_CHARACTERS = 100
_ENDING_CHARACTERS = 5
# What one of the customers' systems takes for a path, a drive, a wildcard or a pipe.
_FORBIDDEN = frozenset('/\\:*?"<>|')


def read(path: Path) -> tuple[str, bytes]:
    """Return a document's name, made harmless, and what is in it.

    Raises:
        UsageError: it is no readable file, empty, too large, or of no kind that customers can open.
    """
    shown = clean_name(path.name)
    try:
        # A pipe or a device would keep us waiting, or never end.
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
        with os.fdopen(handle, "rb") as file:
            found = os.fstat(file.fileno())
            if not stat.S_ISREG(found.st_mode):
                raise UsageError(f"{shown} is no file")
            check_size(shown, found.st_size)
            content = file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "its name can't be one"
        raise UsageError(f"{shown} can't be read: {reason}") from None
    check_size(shown, len(content))
    return shown, content


def check_size(name: str, count: int) -> None:
    """Check that a document is neither empty nor too large.

    Raises:
        UsageError: it is; says how large it may be.
    """
    if not count:
        raise UsageError(f"{name} is empty")
    if count > MAX_BYTES:
        raise UsageError(
            f"{name} has {size_words(count)}, and a material at most {size_words(MAX_BYTES)}: mail servers refuse"
            " more; save it smaller, or send a link to it"
        )


def media_type(file_name: str) -> str:
    """Return what a document is, by the end of its name.

    Raises:
        UsageError: it is of no kind that customers can open.
    """
    ending = file_name.rpartition(".")[2].casefold() if "." in file_name else ""
    if ending not in MEDIA_TYPES:
        raise UsageError(f"{file_name} is no document that customers can open: {', '.join(MEDIA_TYPES)}")
    return MEDIA_TYPES[ending]


def clean_name(name: str) -> str:
    """Return a file's name without folders, control characters, direction marks or what a system takes for a command.

    Names that would hide (a dot first) or fool (spaces before the end) are made plain; the ending stays when it is cut.
    """
    base = name.replace("\\", "/").rstrip("/").rpartition("/")[2]
    words = plain(base).rstrip(". ")
    stem, dot, ending = words.rpartition(".")
    if not dot or len(ending.strip()) > _ENDING_CHARACTERS:
        stem, ending = words, ""
    ending = f".{ending.strip()}" if ending else ""
    return (stem.strip(". ")[: _NAME_CHARACTERS - len(ending)].rstrip(". ") or "document") + ending


def plain(text: str) -> str:
    """Return a text as one line that shows what it is: no control, no direction mark, no sign of a path or command."""
    kept = "".join(_plain(one) for one in unicodedata.normalize("NFC", text))
    return " ".join(kept.split())


def _plain(one: str) -> str:
    category = unicodedata.category(one)
    if category.startswith("Z"):
        return " "
    # Direction marks and joiners show nothing; controls, private signs and halves of bytes are no text.
    if category == "Cf":
        return ""
    return "_" if one in _FORBIDDEN or category.startswith("C") else one


def size_words(count: int) -> str:
    """Write a size: `740 B`, `34 kB`, `2.4 MB`."""
    if count < 1000:
        return f"{count} B"
    if count < 1_000_000:
        return f"{count / 1000:.0f} kB"
    return f"{count / 1_048_576:.1f} MB".replace(".0 MB", " MB")
