"""Text of people in the one form in which it is compared; "" is missing. Pure functions of one value.

Each costs a microsecond or more, so `over_distinct` applies them to the distinct values of a column only.
Applying one twice changes nothing more.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from anyascii import anyascii

Objects = npt.NDArray[np.object_]

_STREET_WORDS = {
    "street": "st", "avenue": "ave", "road": "rd", "lane": "ln", "drive": "dr", "court": "ct", "place": "pl",
    "boulevard": "blvd", "crescent": "cr", "circuit": "cct", "terrace": "tce", "highway": "hwy",
    "parade": "pde", "close": "cl", "apt": "#", "apartment": "#", "unit": "#", "flat": "#",
}  # fmt: skip
_LEGAL_FORMS = frozenset({
    "ab", "ag", "aps", "as", "asa", "bv", "co", "company", "corp", "corporation", "cv", "eirl", "gmbh", "inc",
    "incorporated", "kft", "kg", "kk", "lda", "limited", "llc", "llp", "lp", "ltd", "ltda", "mbh", "nv", "oao", "ooo",
    "oy", "oyj", "plc", "pte", "pty", "pvt", "sa", "sarl", "sas", "se", "sl", "spa", "srl", "sro", "ug", "ulc", "zao",
})  # fmt: skip
# Dates that stand for "unknown" in many systems.
_NO_DATES = {"19000101", "19700101", "11111111"}
_SHORTEST_PHONE, _COMPARED_DIGITS = 7, 9
# What stands between the digits of most numbers.
_PHONE_SIGNS = str.maketrans("", "", " +-./()")

_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_NOT_LETTERS = re.compile(r"[^a-z ]+")
_NOT_STREET = re.compile(r"[^a-z0-9# ]+")
_NOT_WORD = re.compile(r"[^\w]+")
_LONE_SIGN = re.compile(r"# +(?=\w)")
_NOT_CODE = re.compile(r"[^a-z0-9]+")
_NOT_DIGITS = re.compile(r"\D+")
_EXTENSION = re.compile(r"(?:x|ext|#|;).*", re.IGNORECASE | re.DOTALL)
_NEGATIVE = re.compile(r"-\d+(?:\.\d+)?")
_SKELETON_DROPS = re.compile(r"[aeiouyhw]")
_RUNS = re.compile(r"(.)\1+", re.DOTALL)


def over_distinct(values: Any, function: Callable[[str], Any]) -> Objects:
    """Apply a function to each distinct value of a column of text and spread the results."""
    codes, distinct = pd.factorize(np.asarray(values, dtype=object))
    results = np.empty(len(distinct), dtype=object)
    for at, value in enumerate(distinct):
        results[at] = function(value)
    return results[codes] if len(distinct) else np.empty(len(codes), dtype=object)


def fold(text: str) -> str:
    """Lower case in plain Latin letters, whatever the script; what has none keeps its own signs, case-folded."""
    if text.isascii():
        return text.lower().strip()
    folded = anyascii(unicodedata.normalize("NFKC", text)).lower().strip()
    if any(mark.isalnum() for mark in folded) or not text.strip():
        return folded
    kept = unicodedata.normalize("NFKC", text).casefold()
    return " ".join("".join(mark if mark.isalnum() else " " for mark in kept).split())


def name(text: str) -> str:
    """Letters and single spaces of a given name, a surname or a city; a hyphen is a space."""
    folded = fold(text).replace("-", " ")
    if not folded.isascii():
        return folded
    return " ".join(_NOT_LETTERS.sub("", folded).split())


def split_full_name(text: str) -> tuple[str, str]:
    """Return (given, surname), standardised: "Last, First", else the last word is the surname."""
    last, comma, first = text.partition(",")
    if comma:
        return name(first), name(last)
    words = name(text).split()
    return " ".join(words[:-1]), words[-1] if words else ""


def full_name(text: str) -> str:
    """Return "given|surname" of a full name, "" where neither is left; but two words without a comma as they stand.

    Which of those is the surname, how they stand in other names may tell.
    """
    given, surname = split_full_name(text)
    if not given and not surname:
        return ""
    is_either = given and " " not in given and "," not in text
    return f"{given} {surname}" if is_either else f"{given}|{surname}"


def dob(text: str) -> str:
    """YYYYMMDD of an ISO date or of eight digits, possible or not; other forms and dummy dates are missing.

    Parse dates in a source's own form first: digits taken from 12/13/1999 would be a wrong date.
    """
    trimmed = text.strip()
    iso = _ISO.fullmatch(trimmed[:10])
    digits = f"{iso[1]}{int(iso[2]):02}{int(iso[3]):02}" if iso else trimmed
    if len(digits) != 8 or not digits.isascii() or not digits.isdigit() or digits in _NO_DATES:
        return ""
    return digits


def email(text: str) -> str:
    """Address without "+tag" and, at Gmail, without dots; missing without an @."""
    folded = "".join(fold(text).split())
    local, at, domain = folded.rpartition("@")
    if not at or not local or not domain:
        return ""
    local = local.partition("+")[0] or local
    if "gmail" in domain or "googlemail" in domain:
        local = local.replace(".", "")
    return f"{local}@{domain}"


def email_letters(standard: str) -> str:
    """Letters and digits of the part before the @ of a standardised address."""
    return _NOT_CODE.sub("", standard.rpartition("@")[0])


def phone(text: str) -> str:
    """Last nine digits without the extension, padded with zeros on the left.

    That makes 001-, +1- and a trunk 0 irrelevant and repairs lost leading zeros. Fewer than seven digits and
    negative numbers (a spreadsheet took the number for a sum) are missing.
    """
    digits = text.translate(_PHONE_SIGNS)
    if not digits.isdigit() or text.lstrip().startswith("-"):
        trimmed = text.strip()
        if _NEGATIVE.fullmatch(trimmed):
            return ""
        digits = _NOT_DIGITS.sub("", _EXTENSION.sub("", trimmed))
    if len(digits) < _SHORTEST_PHONE or not digits.isascii():
        return ""
    return digits[-_COMPARED_DIGITS:].zfill(_COMPARED_DIGITS)


def phone_display(text: str) -> str:
    """Phone as shown: trimmed, spaces single; nothing else is touched, the extension stays."""
    return " ".join(text.split())


def street(text: str) -> str:
    """Street with its kind abbreviated and "Apt. 216" as "#216"."""
    folded = fold(text).replace(".", "")
    if not folded.isascii():
        return folded
    words = [_STREET_WORDS.get(word, word) for word in _NOT_STREET.sub(" ", folded).split()]
    joined = " ".join(words)
    return _LONE_SIGN.sub("#", joined) if "#" in joined else joined


def code(text: str) -> str:
    """Letters and digits of a postcode or an id."""
    folded = fold(text)
    return _NOT_CODE.sub("", folded) if folded.isascii() else "".join(folded.split())


def company(text: str) -> str:
    """Words of a company's name without its legal form at the end."""
    words = _NOT_WORD.sub(" ", fold(text).replace("&", " and ").replace(".", "")).split()
    while len(words) > 1 and words[-1] in _LEGAL_FORMS:
        words.pop()
    return " ".join(words)


def category(text: str) -> str:
    """Folded text of a column with few values."""
    return fold(text)


def skeleton(standard: str) -> str:
    """First letter and up to four consonants of a standardised name, sound-alikes made equal."""
    if not standard:
        return ""
    joined = standard.replace(" ", "")
    first, rest = joined[0], joined[1:]
    rest = rest.replace("ph", "f").replace("ck", "k").replace("z", "s")
    return first + _RUNS.sub(r"\1", _SKELETON_DROPS.sub("", rest))[:4]
