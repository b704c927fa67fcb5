"""Addresses of repositories at the services, and the requests that read them.

The forms of addresses are those of `@backstage/integration` (`getGitHubFileFetchUrl`,
`getGitLabFileFetchUrl`, `getBitbucketCloudFileFetchUrl`, `getAzureFileFetchUrl`, ...).
"""

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol
from urllib.parse import parse_qs, quote, unquote, urlencode

import httpx
from pydantic import SecretStr

from backstage_py.plugins.catalog.integrations.settings import (
    AzureSettings,
    BitbucketCloudSettings,
    GitHubSettings,
    GitLabSettings,
)
from backstage_py.plugins.catalog.sources.web_address import find_raw_address

GITHUB_JSON = "application/vnd.github+json"
_GITHUB_RAW = "application/vnd.github.raw+json"
_GITHUB = re.compile(
    r"/(?P<owner>[^/]+)/(?P<repo>[^/]+)(/(tree|blob|raw|edit)/(?P<ref>[^/]+)(/(?P<path>.*))?)?/?"
)
_GITLAB = re.compile(
    r"/(?P<owner>[^/]+(/[^/]+)*?)/(?P<repo>[^/]+)"
    r"((/-)?/(tree|blob|raw|edit)/(?P<ref>[^/]+)(/(?P<path>.*))?)?/?"
)
_BITBUCKET = re.compile(
    r"/(?P<owner>[^/]+)/(?P<repo>[^/]+)(/(src|raw)/(?P<ref>[^/]+)(/(?P<path>.*))?)?/?"
)
_AZURE = re.compile(r"/(?P<org>[^/]+)(/(?P<project>[^/]+))?/_git/(?P<repo>[^/]+)/?")


@dataclass(frozen=True, slots=True)
class RepositoryPath:
    """A file or a folder of a repository; an empty `ref` is the default branch.

    `owner` is what the repository belongs to: a user, a group with those above it, a workspace, or
    an organization and its project, with `/` between them.
    """

    owner: str
    repo: str
    ref: str = ""
    path: str = ""


@dataclass(frozen=True, slots=True)
class RepositoryRequest:
    """A request to a service; the headers may hold a token.

    For an archive, `dropped` is the number of folders above the one that `below` names.
    """

    url: httpx.URL
    headers: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)
    below: str = ""
    dropped: int = 1


class RepositoryHost(Protocol):
    """A service that holds repositories."""

    @property
    def host(self) -> str:
        """The host name in addresses of its pages, with the port if there is one."""
        ...

    def parse(self, url: httpx.URL) -> RepositoryPath | None:
        """Parse the address of a page; None if it is not of a repository's files."""
        ...

    def request_file(self, place: RepositoryPath, token: str = "") -> RepositoryRequest:
        """Request the content of one file; `token` replaces the configured one."""
        ...

    def request_archive(self, place: RepositoryPath, token: str = "") -> RepositoryRequest:
        """Request a folder as an archive: tar.gz, or zip from Azure DevOps."""
        ...


@dataclass(frozen=True, slots=True)
class GitHub:
    """github.com, or a GitHub Enterprise server."""

    settings: GitHubSettings

    @property
    def host(self) -> str:
        """The host name in its addresses."""
        return self.settings.host

    def parse(self, url: httpx.URL) -> RepositoryPath | None:
        """Read `/owner/repo`, or `/owner/repo/tree/ref/path`."""
        return _parse(_GITHUB, url)

    def headers(self, token: str = "") -> dict[str, str]:
        """The headers of every request to its API."""
        used = token or _reveal(self.settings.token)
        return {"Authorization": f"Bearer {used}"} if used else {}

    def login(self, token: str = "") -> tuple[str, str] | None:
        """The user name and password for git; None without a token."""
        used = token or _reveal(self.settings.token)
        return ("x-access-token", used) if used else None

    def request_file(self, place: RepositoryPath, token: str = "") -> RepositoryRequest:
        """Use the API with a token, else raw.githubusercontent.com, which has no quota."""
        headers = self.headers(token)
        if not headers and self.settings.api_base_url is None:
            page = f"{self._page(place)}/blob/{quote(place.ref or 'HEAD')}/{quote(place.path)}"
            return RepositoryRequest(find_raw_address(httpx.URL(page)))
        ref = f"?{urlencode({'ref': place.ref})}" if place.ref else ""
        url = f"{self._repository(place)}/contents/{quote(place.path)}{ref}"
        return RepositoryRequest(httpx.URL(url), {**headers, "Accept": _GITHUB_RAW})

    def request_archive(self, place: RepositoryPath, token: str = "") -> RepositoryRequest:
        """Use the API with a token, else the web pages' download, which has no quota."""
        headers = self.headers(token)
        if not headers and self.settings.api_base_url is None:
            page = f"{self._page(place)}/archive/{quote(place.ref or 'HEAD')}.tar.gz"
            return RepositoryRequest(httpx.URL(page), below=place.path)
        ref = f"/{quote(place.ref)}" if place.ref else ""
        url = httpx.URL(f"{self._repository(place)}/tarball{ref}")
        return RepositoryRequest(url, headers, place.path)

    def _page(self, place: RepositoryPath) -> str:
        return f"https://{self.host}/{_one(place.owner)}/{_one(place.repo)}"

    def _repository(self, place: RepositoryPath) -> str:
        return f"{self.settings.api}/repos/{_one(place.owner)}/{_one(place.repo)}"


@dataclass(frozen=True, slots=True)
class GitLab:
    """gitlab.com, or a self-hosted GitLab."""

    settings: GitLabSettings

    @property
    def host(self) -> str:
        """The host name in its addresses."""
        return self.settings.host

    def parse(self, url: httpx.URL) -> RepositoryPath | None:
        """Read `/group/repo`, or `/group/repo/-/tree/ref/path`."""
        return _parse(_GITLAB, url)

    def headers(self, token: str = "") -> dict[str, str]:
        """The headers of every request to its API."""
        used = token or _reveal(self.settings.token)
        return {"Authorization": f"Bearer {used}"} if used else {}

    def login(self, token: str = "") -> tuple[str, str] | None:
        """The user name and password for git; None without a token."""
        used = token or _reveal(self.settings.token)
        return ("oauth2", used) if used else None

    def request_file(self, place: RepositoryPath, token: str = "") -> RepositoryRequest:
        """Use the API; without a token and an API address, use the raw file of the pages."""
        headers = self.headers(token)
        if not headers and self.settings.api_base_url is None:
            where = f"{quote(place.owner)}/{_one(place.repo)}/-/raw"
            page = f"{self.settings.web}/{where}/{quote(place.ref or 'HEAD')}/{quote(place.path)}"
            return RepositoryRequest(httpx.URL(page))
        path = quote(place.path, safe="")
        ref = urlencode({"ref": place.ref or "HEAD"})
        url = f"{self.project(place)}/repository/files/{path}/raw?{ref}"
        return RepositoryRequest(httpx.URL(url), headers)

    def request_archive(self, place: RepositoryPath, token: str = "") -> RepositoryRequest:
        """Request only the folder."""
        asked = {"sha": place.ref, "path": place.path}
        query = urlencode({key: value for key, value in asked.items() if value})
        url = f"{self.project(place)}/repository/archive.tar.gz{'?' if query else ''}{query}"
        return RepositoryRequest(httpx.URL(url), self.headers(token), place.path)

    def project(self, place: RepositoryPath) -> str:
        """The API of a project."""
        return f"{self.settings.api}/projects/{quote(f'{place.owner}/{place.repo}', safe='')}"


@dataclass(frozen=True, slots=True)
class BitbucketCloud:
    """bitbucket.org."""

    settings: BitbucketCloudSettings

    @property
    def host(self) -> str:
        """The host name in its addresses."""
        return self.settings.host

    def parse(self, url: httpx.URL) -> RepositoryPath | None:
        """Read `/workspace/repo`, or `/workspace/repo/src/ref/path`."""
        return _parse(_BITBUCKET, url)

    def headers(self, token: str = "") -> dict[str, str]:
        """The headers of every request to its API."""
        if token:
            return {"Authorization": f"Bearer {token}"}
        secret = _reveal(self.settings.token) or _reveal(self.settings.app_password)
        if self.settings.username and secret:
            return basic_auth(self.settings.username, secret)
        return {"Authorization": f"Bearer {secret}"} if secret else {}

    def login(self, token: str = "") -> tuple[str, str] | None:
        """The user name and password for git; None without a token."""
        secret = _reveal(self.settings.token) or _reveal(self.settings.app_password)
        if token or not self.settings.username:
            used = token or secret
            return ("x-token-auth", used) if used else None
        # git takes an API token with this name, and an app password with the user's.
        user = "x-bitbucket-api-token-auth" if self.settings.token else self.settings.username
        return user, secret

    def request_file(self, place: RepositoryPath, token: str = "") -> RepositoryRequest:
        """Use the API for sources."""
        url = f"{self.repository(place)}/src/{quote(place.ref or 'HEAD')}/{quote(place.path)}"
        return RepositoryRequest(httpx.URL(url), self.headers(token))

    def request_archive(self, place: RepositoryPath, token: str = "") -> RepositoryRequest:
        """Use the web pages' download, as Backstage does; the API has none."""
        base = f"https://{self.host}" if self.settings.api_base_url is None else self.settings.api
        page = f"{base}/{_one(place.owner)}/{_one(place.repo)}"
        url = f"{page}/get/{quote(place.ref or 'HEAD')}.tar.gz"
        return RepositoryRequest(httpx.URL(url), self.headers(token), place.path)

    def repository(self, place: RepositoryPath) -> str:
        """The API of a repository."""
        return f"{self.settings.api}/repositories/{_one(place.owner)}/{_one(place.repo)}"


@dataclass(frozen=True, slots=True)
class AzureDevOps:
    """Azure DevOps Services, or an Azure DevOps Server."""

    settings: AzureSettings

    @property
    def host(self) -> str:
        """The host name in its addresses."""
        return self.settings.host

    def parse(self, url: httpx.URL) -> RepositoryPath | None:
        """Read `/org/project/_git/repo?path=/x&version=GBmain`."""
        found = _AZURE.fullmatch(unquote(url.raw_path.decode().partition("?")[0]))
        if found is None:
            return None
        query = parse_qs(url.query.decode())
        path = query.get("path", [""])[0].strip("/")
        ref = query.get("version", [""])[0].removeprefix("GB")
        owner = f"{found['org']}/{found['project'] or found['repo']}"
        return _require_plain(RepositoryPath(owner, found["repo"], ref, path))

    def headers(self, owner: str, token: str = "") -> dict[str, str]:
        """The headers of requests to an organization; `owner` is `org/project`."""
        used = token or _reveal(self.settings.find_token(owner.partition("/")[0]))
        return basic_auth("", used) if used else {}

    def login(self, owner: str, token: str = "") -> tuple[str, str] | None:
        """The user name and password for git; None without a token."""
        used = token or _reveal(self.settings.find_token(owner.partition("/")[0]))
        return ("", used) if used else None

    def request_file(self, place: RepositoryPath, token: str = "") -> RepositoryRequest:
        """Request one item."""
        return self._request(place, {"path": f"/{place.path}"}, "*/*", token)

    def request_archive(self, place: RepositoryPath, token: str = "") -> RepositoryRequest:
        """Request a folder as a zip, whose paths begin with that folder or with no folder."""
        asked = {"recursionLevel": "full", "download": "true"}
        if place.path:
            asked["scopePath"] = f"/{place.path}"
        request = self._request(place, asked, "application/zip", token)
        return replace(request, dropped=1 if place.path else 0)

    def _request(
        self, place: RepositoryPath, asked: Mapping[str, str], accept: str, token: str
    ) -> RepositoryRequest:
        version = {"version": place.ref} if place.ref else {}
        query = urlencode({**asked, **version, "api-version": "6.0"})
        url = f"{self.repositories(place.owner)}/{quote(place.repo)}/items?{query}"
        headers = {**self.headers(place.owner, token), "Accept": accept}
        return RepositoryRequest(httpx.URL(url), headers)

    def repositories(self, owner: str) -> str:
        """The API of a project's repositories."""
        return f"{self.settings.api}/{quote(owner)}/_apis/git/repositories"


def basic_auth(user: str, password: str) -> dict[str, str]:
    """The header of HTTP's basic authentication (RFC 7617)."""
    pair = base64.b64encode(f"{user}:{password}".encode()).decode()
    return {"Authorization": f"Basic {pair}"}


def _parse(pattern: re.Pattern[str], url: httpx.URL) -> RepositoryPath | None:
    found = pattern.fullmatch(url.raw_path.decode().partition("?")[0])
    if found is None:
        return None
    owner, repo, ref, path = (unquote(found[key] or "") for key in ("owner", "repo", "ref", "path"))
    return _require_plain(RepositoryPath(owner, repo.removesuffix(".git"), ref, path.strip("/")))


def _require_plain(place: RepositoryPath) -> RepositoryPath | None:
    """Refuse names that lead to another part of an API, and GitLab's pages below `/-/`."""
    parts = f"{place.owner}/{place.repo}/{place.ref}/{place.path}".split("/")
    is_plain = not {"..", ".", "-"} & set(parts) and "\\" not in "".join(parts)
    return place if is_plain else None


def _one(segment: str) -> str:
    return quote(segment, safe="")


def _reveal(secret: SecretStr | None) -> str:
    return secret.get_secret_value() if secret else ""
