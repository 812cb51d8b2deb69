"""How real exports distort a clean value: name order, a wrong letter, phone shapes; for this package."""

from collections.abc import Callable
from datetime import date

# Shares counted on published Contoso files: "Last First", only the case differs, one wrong letter.
CONTACT_NAME_SHARES = (0.204, 0.001, 0.188)
LOYALTY_NAME_SHARES = (0.150, 0.001, 0.142)

_SHAPES = ("{0}-{1}-{2}", "{0}.{1}.{2}", "({0}){1}-{2}", "{0}{1}{2}", "001-{0}-{1}-{2}")
_SHAPE_LIMITS = (0.36, 0.565, 0.76, 0.84)
_PLAIN_SHAPE = 3
_AREAS = tuple(area for area in range(200, 990) if area % 100 != 11)
_LINES_PER_BLOCK = 100

_LETTERS = "abcdefghijklmnopqrstuvwxyz"

Random = Callable[[], float]


def full_name(random: Random, given: str, surname: str, shares: tuple[float, float, float]) -> str:
    """Write a full name as such exports do; `shares`: swapped order, wrong case, one wrong letter."""
    draw = random()
    swapped, case, letter = shares
    if draw < swapped:
        return f"{surname} {given}"
    name = f"{given} {surname}"
    if draw < swapped + case:
        return name.swapcase()
    if draw < swapped + case + letter:
        return _one_wrong_letter(random, name)
    return name


def _one_wrong_letter(random: Random, name: str) -> str:
    spots = [at for at, sign in enumerate(name) if sign.isalpha()]
    at = spots[int(random() * len(spots))]
    others = _LETTERS.replace(name[at].lower(), "")
    return name[:at] + others[int(random() * len(others))] + name[at + 1 :]


def area_and_line(number: int) -> tuple[str, str]:
    """Give area code and last four digits of person `number`'s telephone; the exchange is always 555.

    Lines are 0100 to 0199, which are kept free for fiction, for the first 78,000 people; later ones count on
    from 0200 so that no two people share a number. One in 110 has an area code that starts with 0.
    """
    if number % 110 == 17:
        turn, area = divmod(number // 110, 90)
        return f"{area + 10:03d}", f"{100 + turn:04d}"
    block, slot = divmod(number, len(_AREAS) * _LINES_PER_BLOCK)
    # 37 shares no factor with the number of areas: neighbours get different ones.
    area = _AREAS[slot * 37 % len(_AREAS)]
    return str(area), f"{100 + block * _LINES_PER_BLOCK + slot // len(_AREAS):04d}"


def telephones(random: Random, number: int) -> tuple[str, str]:
    """Give one telephone as Contacts and as Loyalty write it: another prefix, a zero only Loyalty kept."""
    area, line = area_and_line(number)
    if area[0] == "0":
        loyalty = _SHAPES[_PLAIN_SHAPE].format(area, "555", line)
        return loyalty.lstrip("0"), loyalty
    draw = random()
    shape = sum(draw >= limit for limit in _SHAPE_LIMITS)
    contact = _SHAPES[shape].format(area, "555", line)
    loyalty = f"+1-{contact}" if shape == 0 and random() < 0.45 else contact
    if random() < 0.61:
        digits = 3 + int(random() * 3)
        extension = "x" + str(int((1 + 9 * random()) * 10 ** (digits - 1))).zfill(digits)
        return contact + extension, loyalty + extension
    return contact, loyalty


def us_date(day: date) -> str:
    """Write M/D/YYYY without padding."""
    return f"{day.month}/{day.day}/{day.year}"
