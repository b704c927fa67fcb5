"""Addresses in a documentation's repository, for editing pages and opening issues.

Source of the rules: `edit_uri` of MkDocs; `patchMkdocsYmlPreBuild` of
`@backstage/plugin-techdocs-node`; the `ReportIssue` add-on of
`@backstage/plugin-techdocs-module-addons-contrib`.
"""

import re
from collections.abc import Mapping
from urllib.parse import urljoin, urlsplit

SOURCE_LOCATION = "backstage.io/source-location"
MANAGED_BY_LOCATION = "backstage.io/managed-by-location"

_WEB = re.compile(r"https?://", re.IGNORECASE)
_VIEW = re.compile(r"/(?:tree|blob)/")


def find_source_url(annotations: Mapping[str, str], target: str) -> str:
    """The web address of the folder that `techdocs-ref` names, if it has one."""
    path = target.removeprefix("dir:").removeprefix("url:")
    if _WEB.match(path):
        return _folder(path)
    for key in (MANAGED_BY_LOCATION, SOURCE_LOCATION):
        type_, _, place = annotations.get(key, "").partition(":")
        if type_ == "url" and _WEB.match(place):
            return _folder(urljoin(place, path))
    return ""


def find_edit_base(*, repo_url: str, edit_uri: str | None, source_url: str, docs_path: str) -> str:
    """The prefix of pages' paths in addresses for editing; empty if unknown.

    Args:
        repo_url: The key of `mkdocs.yml`.
        edit_uri: The key of `mkdocs.yml`; empty to have no such links.
        source_url: The web address of the folder of `mkdocs.yml`.
        docs_path: The folder of the pages, relative to it.
    """
    if edit_uri is not None and _WEB.match(edit_uri):
        return _folder(edit_uri)
    if repo_url and edit_uri is None:
        edit_uri = _guess_edit_uri(repo_url)
    if repo_url and edit_uri:
        is_query = edit_uri.startswith(("?", "#"))
        return repo_url + edit_uri if is_query else _folder(f"{_folder(repo_url)}{edit_uri}")
    if edit_uri == "" or not _VIEW.search(source_url):  # ruff: ignore[compare-to-empty-string]
        return ""
    return _folder(urljoin(_VIEW.sub("/edit/", source_url, count=1), docs_path))


def find_issue_url(repository: str) -> str:
    """The address of a new issue, up to the value of its title; empty if unknown."""
    host, path = urlsplit(repository).hostname or "", urlsplit(repository).path
    base = f"{repository.split('://', 1)[0]}://{urlsplit(repository).netloc}"
    if "gitlab" in host:
        project = path.split("/-/")[0].strip("/")
        return f"{base}/{project}/-/issues/new?issue%5Btitle%5D=" if project else ""
    owner_and_name = path.strip("/").split("/")[:2]
    if "github" in host and len(owner_and_name) > 1:
        return f"{base}/{'/'.join(owner_and_name).removesuffix('.git')}/issues/new?title="
    return ""


def _guess_edit_uri(repo_url: str) -> str:
    host = urlsplit(repo_url).hostname or ""
    if host == "bitbucket.org":
        return "src/default/docs/"
    return "edit/master/docs/" if host in {"github.com", "gitlab.com"} else ""


def _folder(url: str) -> str:
    return url if url.endswith("/") else f"{url}/"
