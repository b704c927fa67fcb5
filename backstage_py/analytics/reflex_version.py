"""Says in one line that the installed Reflex is too old, instead of failing somewhere in it."""

import re
from importlib.metadata import version

OLDEST = (0, 9, 13)
"""The oldest supported version; `make compat` tries it and the newest."""


def require_reflex(found: str | None = None) -> None:
    """Check the version of Reflex, the installed one unless another is given.

    Raises:
        ImportError: If it is older than `OLDEST`.
    """
    found = found or version("reflex")
    numbers = tuple(int(number) for number in re.findall(r"\d+", found)[: len(OLDEST)])
    if numbers < OLDEST:
        oldest = ".".join(map(str, OLDEST))
        raise ImportError(
            f"backstage_py needs Reflex {oldest} or newer, and {found} is installed: "
            'run pip install --upgrade "reflex"'
        )
