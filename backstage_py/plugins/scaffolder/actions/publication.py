"""The folder that templates publish to, with a place below it for each result."""

import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from backstage_py.plugins.scaffolder.errors import ActionError

MAX_DEPTH = 3
_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,99}")
_RESERVED = (".git", ".lock", ".part")


@dataclass(frozen=True, slots=True)
class Publication:
    """A folder in which results appear complete or not at all.

    The publisher's mark beside a result names the task that made it, so that a resumed task may
    replace its own result, and no other.
    """

    folder: Path

    def publish(self, name: str, *, task_id: str, fill: Callable[[Path], object]) -> Path:
        """Publish a result under a name; `fill` writes it into the given folder.

        Raises:
            ActionError: If there is already a result under the name.
        """
        place = self.folder / name
        self._refuse_nesting(place)
        place.parent.mkdir(parents=True, exist_ok=True)
        part = place.with_name(f".{place.name}.{task_id}.part")
        _claim(place, task_id)
        try:
            _remove(part)
            part.mkdir()
            fill(part)
            _remove(place)
            part.rename(place)
        except BaseException:
            _remove(part)
            if not place.exists():
                _find_mark(place).unlink(missing_ok=True)
            raise
        return place

    def _refuse_nesting(self, place: Path) -> None:
        """Refuse a place inside another result, or reached over a symlink."""
        above = place
        while (above := above.parent) != self.folder:
            if _find_mark(above).exists() or above.is_symlink():
                raise ActionError(f"{place.name}: lies in {above.name}, which is published already")
        if place.is_symlink():
            raise ActionError(f"{place.name}: is a symlink, which is not followed")


def _claim(place: Path, task_id: str) -> None:
    mark = _find_mark(place)
    try:
        with mark.open("x") as file:
            file.write(task_id)
    except FileExistsError:
        if mark.read_text() == task_id:
            return
    else:
        if not place.exists():
            return
        mark.unlink()
    if place.exists():
        raise ActionError(f"{place.name} is published already; choose another name")
    raise ActionError(f"another task publishes {place.name}; choose another name")


def _find_mark(place: Path) -> Path:
    return place.with_name(f".{place.name}.task")


def parse_name(text: str) -> str:
    """Parse the name to publish under: `name`, `owner/name`, or `host?owner=o&repo=r`.

    Raises:
        ActionError: If it is invalid, or could lead elsewhere.
    """
    name = text
    if "?" in text:
        query = parse_qs(urlsplit(f"https://{text}").query)
        owner, name = (query.get(key, [""])[0] for key in ("owner", "repo"))
        name = f"{owner}/{name}" if owner else name
    parts = name.removesuffix(".git").split("/")
    if not 0 < len(parts) <= MAX_DEPTH or not all(map(_is_name, parts)):
        raise ActionError(
            f"{text[:80]!r} is not a name to publish under; use owner/name, each of letters, "
            "digits, dots, dashes and underscores"
        )
    return "/".join(parts)


def _is_name(part: str) -> bool:
    return bool(_NAME.fullmatch(part)) and not part.lower().endswith(_RESERVED)


def _remove(place: Path) -> None:
    if place.is_dir():
        shutil.rmtree(place)
