"""The value of the form's RepoUrlPicker: `host?owner=o&repo=r`, plus a service's own parts."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self
from urllib.parse import parse_qs, urlsplit

from backstage_py.plugins.scaffolder.errors import ActionError


@dataclass(frozen=True, slots=True)
class RepoUrl:
    """A repository at a service; missing parts are empty."""

    host: str
    owner: str = ""
    repo: str = ""
    organization: str = ""
    project: str = ""
    workspace: str = ""

    @classmethod
    def parse(cls, text: str, *, required: Iterable[str] = ("owner", "repo")) -> Self:
        """Read it.

        Raises:
            ActionError: If a part that the service needs is missing or invalid.
        """
        parts = urlsplit(f"https://{text.removeprefix('https://')}")
        query = parse_qs(parts.query)
        names = ("owner", "repo", "organization", "project", "workspace")
        given = {name: query.get(name, [""])[0].strip("/") for name in names}
        for name, value in given.items():
            if {"..", "."} & set(value.split("/")) or "\\" in value:
                raise ActionError(f"repoUrl: {name} must not be {value[:80]!r}")
        for name in required:
            if not given[name]:
                example = "&".join(f"{one}=..." for one in required)
                raise ActionError(f"repoUrl: must name {name}, as host?{example}; it is {text!r}")
        return cls(parts.netloc.lower(), **given)
