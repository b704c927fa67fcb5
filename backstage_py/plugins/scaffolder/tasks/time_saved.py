"""How long a template saves, from its annotation `backstage.io/time-saved`.

An ISO 8601 duration. Months count 30 days and years 365, as luxon does for Backstage.
"""

import re
from datetime import timedelta
from decimal import Decimal

ANNOTATION = "backstage.io/time-saved"

_NUMBER = r"(?P<{}>\d{{1,9}}(?:[.,]\d{{1,9}})?){}"
_DATE = (("years", "Y"), ("months", "M"), ("weeks", "W"), ("days", "D"))
_TIME = (("hours", "H"), ("minutes", "M"), ("seconds", "S"))
_DURATION = re.compile(
    "P"
    + "".join(f"(?:{_NUMBER.format(name, mark)})?" for name, mark in _DATE)
    + "(?:T(?=\\d)"
    + "".join(f"(?:{_NUMBER.format(name, mark)})?" for name, mark in _TIME)
    + ")?",
    re.ASCII,
)
_MINUTES = {
    "years": Decimal(365 * 24 * 60),
    "months": Decimal(30 * 24 * 60),
    "weeks": Decimal(7 * 24 * 60),
    "days": Decimal(24 * 60),
    "hours": Decimal(60),
    "minutes": Decimal(1),
    "seconds": 1 / Decimal(60),
}


def minutes_saved(annotation: object) -> float | None:
    """Read a duration as minutes; None if it is missing, invalid or negative.

    A whole number of minutes is an int, so that it is stored as one.
    """
    match = _DURATION.fullmatch(annotation.strip()) if isinstance(annotation, str) else None
    parts = {name: one for name, one in (match.groupdict() if match else {}).items() if one}
    if not parts:
        return None
    minutes = sum(Decimal(one.replace(",", ".")) * _MINUTES[name] for name, one in parts.items())
    rounded = round(float(minutes), 6)
    if rounded > timedelta.max / timedelta(minutes=1):
        return None
    return int(rounded) if rounded.is_integer() else rounded
