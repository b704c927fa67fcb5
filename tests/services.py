"""GitHub, GitLab, Bitbucket Cloud and Azure DevOps on this machine, as far as the portal asks them.

Each has its API below a path of its own (`/github`, ...). What they answer has the fields that the
services' references give and that the portal reads. Repositories are real ones: archives come
from `git archive`, and clones and pushes go through `git http-backend`.
"""

import base64
import gzip
import io
import json
import os
import re
import subprocess
import zipfile
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

TOKEN = "service-token"
_AUTHOR = {
    f"GIT_{who}_{what}": value
    for who in ("AUTHOR", "COMMITTER")
    for what, value in (("NAME", "Ada"), ("EMAIL", "ada@nordlicht.example"))
}


@dataclass(frozen=True)
class Request:
    """What somebody asked."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body or b"null")


@dataclass
class Reply:
    """What is answered."""

    status: int = 200
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def data(self) -> bytes:
        return self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()


class Services(ThreadingHTTPServer):
    """All services; `asked` is what they were asked, `replies` what a test wants to be answered."""

    daemon_threads = True

    def __init__(self, folder: Path) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.folder = folder
        self.asked: list[Request] = []
        self.replies: dict[tuple[str, str], Reply | Callable[[Request], Reply]] = {}
        self.organizations = {"team-a", "backstage"}

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    @property
    def config(self) -> dict[str, Any]:
        """The section `integrations` that leads here."""
        github = {"host": "github.com", "apiBaseUrl": f"{self.url}/github", "token": TOKEN}
        gitlab = {"host": "gitlab.com", "apiBaseUrl": f"{self.url}/gitlab", "token": TOKEN}
        azure = {
            "host": "dev.azure.com",
            "apiBaseUrl": f"{self.url}/azure",
            "credentials": [{"personalAccessToken": TOKEN}],
        }
        bitbucket = {"username": "ada", "token": TOKEN, "apiBaseUrl": f"{self.url}/bitbucket"}
        return {
            "github": [github],
            "gitlab": [gitlab],
            "azure": [azure],
            "bitbucketCloud": [bitbucket],
        }

    def repository(self, name: str) -> Path:
        """Where the bare repository `owner/name` is."""
        return self.folder / f"{name}.git"

    def create(self, name: str) -> Path:
        place = self.repository(name)
        place.mkdir(parents=True)
        git(place, "init", "--quiet", "--bare", "--initial-branch=main")
        git(place, "config", "http.receivepack", "true")
        return place

    def commit(self, name: str, files: Mapping[str, str | bytes]) -> str:
        """Make a repository of one commit; gives its hash."""
        place = self.create(name)
        work = place.with_suffix(".work")
        for path, content in files.items():
            file = work / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content.encode() if isinstance(content, str) else content)
        git(work, "init", "--quiet", "--initial-branch=main")
        git(work, "add", "--all")
        git(work, "commit", "--quiet", "--message=Begin")
        git(work, "push", "--quiet", str(place), "main")
        return git(place, "rev-parse", "main").strip()

    def list_files(self, name: str, branch: str = "main") -> list[str]:
        return git(self.repository(name), "ls-tree", "-r", "--name-only", branch).split()

    def read(self, name: str, path: str, branch: str = "main") -> str:
        return git(self.repository(name), "show", f"{branch}:{path}")

    def find(self, method: str, path: str) -> Request:
        """The last request of a method and a path."""
        found = [one for one in self.asked if (one.method, one.path) == (method, path)]
        assert found, [(one.method, one.path) for one in self.asked]
        return found[-1]

    def answer(self, request: Request) -> Reply:
        self.asked.append(request)
        if reply := self.replies.get((request.method, request.path)):
            return reply(request) if callable(reply) else reply
        if request.path.startswith("/git/"):
            return _serve_git(self.folder, request)
        if request.path.startswith("/download/"):
            assert "authorization" not in request.headers
            return Reply(
                body=_archive(self.repository(request.path[len("/download/") :]), "tar.gz")
            )
        if TOKEN not in _reveal(request.headers.get("authorization", "")):
            return Reply(401, {"message": "Bad credentials"})
        for method, pattern, reply in _ROUTES:
            found = re.fullmatch(pattern, request.path)
            if method == request.method and found:
                parts = {key: unquote(value or "") for key, value in found.groupdict().items()}
                return reply(self, request, **parts)
        return Reply(404, {"message": "Not Found"})

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Callers that hang up early are part of the tests."""


@contextmanager
def serve(folder: Path) -> Generator[Services, None, None]:
    """Run the services."""
    with Services(folder) as services:
        thread = Thread(target=services.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield services
        finally:
            services.shutdown()
            thread.join()


def git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(
        ["git", *arguments],
        cwd=folder,
        env={**os.environ, **_AUTHOR},
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout


class _Handler(BaseHTTPRequestHandler):
    def answer(self) -> None:
        services = self.server
        assert isinstance(services, Services)
        parts = urlsplit(self.path)
        query = {key: values[-1] for key, values in parse_qs(parts.query).items()}
        headers = {key.lower(): value for key, value in self.headers.items()}
        body = self.rfile.read(int(headers.get("content-length") or 0))
        if headers.get("transfer-encoding") == "chunked":
            body = _read_chunks(self.rfile)
        reply = services.answer(Request(self.command, parts.path, query, headers, body))
        data = reply.data
        self.send_response_only(reply.status)
        for name, value in {"Content-Type": "application/json", **reply.headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:  # ruff: ignore[builtin-argument-shadowing]
        """Say nothing."""


for _method in ("GET", "POST", "PUT", "PATCH", "DELETE"):
    setattr(_Handler, f"do_{_method}", _Handler.answer)


def _read_chunks(source: Any) -> bytes:
    data = b""
    while size := int(source.readline(), 16):
        data += source.read(size)
        source.readline()
    return data


def _serve_git(folder: Path, request: Request) -> Reply:
    """Clones are open to all, pushes need the token (git-http-backend(1))."""
    authorization = request.headers.get("authorization", "")
    is_push = "git-receive-pack" in request.path or "git-receive-pack" in request.query.values()
    if is_push and TOKEN not in _reveal(authorization):
        return Reply(401, b"", {"WWW-Authenticate": "Basic"})
    body = request.body
    if request.headers.get("content-encoding") == "gzip":
        body = gzip.decompress(body)
    done = subprocess.run(
        ["git", "http-backend"],
        input=body,
        check=True,
        capture_output=True,
        env={
            **os.environ,
            "GIT_PROJECT_ROOT": str(folder),
            "GIT_HTTP_EXPORT_ALL": "1",
            "REMOTE_USER": "ada",
            "REQUEST_METHOD": request.method,
            "PATH_INFO": request.path[len("/git") :],
            "QUERY_STRING": "&".join(f"{key}={value}" for key, value in request.query.items()),
            "CONTENT_TYPE": request.headers.get("content-type", ""),
            "CONTENT_LENGTH": str(len(body)),
            "GIT_PROTOCOL": request.headers.get("git-protocol", ""),
        },
    )
    head, _, data = done.stdout.partition(b"\r\n\r\n")
    headers = dict(line.split(": ", 1) for line in head.decode().split("\r\n"))
    status = int(headers.pop("Status", "200").split()[0])
    return Reply(status, data, headers)


def _reveal(authorization: str) -> str:
    kind, _, value = authorization.partition(" ")
    return base64.b64decode(value).decode() if kind == "Basic" else value


def _archive(place: Path, kind: str) -> bytes:
    if not place.is_dir():
        return b""
    prefix = f"--prefix={place.stem}-main/"
    done = subprocess.run(
        ["git", "archive", f"--format={kind}", prefix, "main"],
        cwd=place,
        check=True,
        capture_output=True,
    )
    return done.stdout


def _show(services: Services, name: str, ref: str, path: str) -> Reply:
    place = services.repository(name)
    asked = f"{ref if ref not in {'', 'HEAD'} else 'main'}:{path.strip('/')}"
    done = subprocess.run(["git", "show", asked], cwd=place, check=False, capture_output=True)
    return Reply(404) if done.returncode else Reply(body=done.stdout)


# GitHub (https://docs.github.com/rest)


def _github_tarball(services: Services, request: Request, name: str, ref: str) -> Reply:
    """The API sends on to another host, with a token of its own in the address."""
    other = services.url.replace("127.0.0.1", "localhost")
    return Reply(302, b"", {"Location": f"{other}/download/{name}"})


def _github_contents(services: Services, request: Request, name: str, path: str) -> Reply:
    return _show(services, name, request.query.get("ref", ""), path)


def _github_user(services: Services, request: Request, owner: str) -> Reply:
    type_ = "Organization" if owner in services.organizations else "User"
    return Reply(body={"login": owner, "type": type_})


def _github_create(services: Services, request: Request, owner: str = "") -> Reply:
    name = f"{owner or 'ada'}/{request.json['name']}"
    if services.repository(name).exists():
        message = "Repository creation failed."
        errors = [{"message": "name already exists on this account"}]
        return Reply(422, {"message": message, "errors": errors})
    services.create(name)
    return Reply(201, _github_repository(services, name))


def _github_get(services: Services, request: Request, name: str) -> Reply:
    if not services.repository(name).exists():
        return Reply(404, {"message": "Not Found"})
    return Reply(body=_github_repository(services, name))


def _github_repository(services: Services, name: str) -> dict[str, Any]:
    return {
        "full_name": name,
        "default_branch": "main",
        "html_url": f"https://github.com/{name}",
        "clone_url": f"{services.url}/git/{name}.git",
    }


def _github_pull(services: Services, request: Request, name: str) -> Reply:
    url = f"https://github.com/{name}/pull/7"
    return Reply(201, {"number": 7, "html_url": url})


def _created(services: Services, request: Request, **parts: str) -> Reply:
    return Reply(201, {"id": 1, "number": 3, "html_url": "https://github.com/x/y/issues/3"})


def _no_content(services: Services, request: Request, **parts: str) -> Reply:
    return Reply(204, b"")


# GitLab (https://docs.gitlab.com/api/rest)


def _gitlab_archive(services: Services, request: Request, name: str) -> Reply:
    return Reply(body=_archive(services.repository(name), "tar.gz"))


def _gitlab_file(services: Services, request: Request, name: str, path: str) -> Reply:
    return _show(services, name, request.query["ref"], path)


def _gitlab_namespace(services: Services, request: Request, owner: str) -> Reply:
    if owner not in services.organizations:
        return Reply(404, {"message": "404 Namespace Not Found"})
    return Reply(body={"id": 5, "kind": "group", "full_path": owner})


def _gitlab_create(services: Services, request: Request) -> Reply:
    name = f"team-a/{request.json['path']}"
    services.create(name)
    return Reply(201, _gitlab_project(services, name))


def _gitlab_get(services: Services, request: Request, name: str) -> Reply:
    if not services.repository(name).exists():
        return Reply(404, {"message": "404 Project Not Found"})
    return Reply(body=_gitlab_project(services, name))


def _gitlab_project(services: Services, name: str) -> dict[str, Any]:
    return {
        "id": 11,
        "default_branch": "main",
        "path_with_namespace": name,
        "web_url": f"https://gitlab.com/{name}",
        "http_url_to_repo": f"{services.url}/git/{name}.git",
    }


def _gitlab_users(services: Services, request: Request) -> Reply:
    return Reply(body=[{"id": 21, "username": request.query["username"]}])


def _gitlab_merge(services: Services, request: Request, name: str) -> Reply:
    url = f"https://gitlab.com/{name}/-/merge_requests/2"
    return Reply(201, {"iid": 2, "id": 31, "web_url": url})


def _gitlab_issue(services: Services, request: Request, name: str) -> Reply:
    url = f"https://gitlab.com/{name}/-/issues/4"
    return Reply(201, {"id": 41, "iid": 4, "web_url": url})


def _gitlab_groups(services: Services, request: Request) -> Reply:
    return Reply(body=[{"id": 5, "path": "team-a", "full_path": "team-a", "parent_id": None}])


def _gitlab_group(services: Services, request: Request) -> Reply:
    return Reply(201, {"id": 6, "full_path": request.json["path"]})


# Bitbucket Cloud (https://developer.atlassian.com/cloud/bitbucket/rest)


def _bitbucket_archive(services: Services, request: Request, name: str) -> Reply:
    return Reply(body=_archive(services.repository(name), "tar.gz"))


def _bitbucket_file(services: Services, request: Request, name: str, ref: str, path: str) -> Reply:
    return _show(services, name, ref, path)


def _bitbucket_create(services: Services, request: Request, name: str) -> Reply:
    services.create(name)
    links = {
        "clone": [
            {"name": "https", "href": f"{services.url}/git/{name}.git"},
            {"name": "ssh", "href": f"git@bitbucket.org:{name}.git"},
        ],
        "html": {"href": f"https://bitbucket.org/{name}"},
    }
    return Reply(200, {"full_name": name, "links": links})


# Azure DevOps (https://learn.microsoft.com/rest/api/azure/devops/git)


def _azure_items(services: Services, request: Request, owner: str, repo: str) -> Reply:
    name = f"{owner}/{repo}"
    if "path" in request.query:
        return _show(services, name, request.query.get("version", ""), request.query["path"])
    folder = request.query.get("scopePath", "").strip("/")
    files = io.BytesIO()
    with zipfile.ZipFile(files, "w") as archive:
        for path in services.list_files(name):
            if path.startswith(f"{folder}/" if folder else ""):
                inside = path[len(folder.rpartition("/")[0]) :].strip("/")
                archive.writestr(inside, services.read(name, path))
    return Reply(body=files.getvalue())


def _azure_create(services: Services, request: Request, owner: str) -> Reply:
    name = f"{owner}/{request.json['name']}"
    services.create(name)
    web = f"https://dev.azure.com/{owner}/_git/{request.json['name']}"
    return Reply(201, {"id": "a-b-c", "remoteUrl": f"{services.url}/git/{name}.git", "webUrl": web})


_REPO = "(?P<name>[^/]+/[^/]+)"
_ROUTES: list[tuple[str, str, Callable[..., Reply]]] = [
    ("GET", f"/github/repos/{_REPO}/tarball(/(?P<ref>.+))?", _github_tarball),
    ("GET", f"/github/repos/{_REPO}/contents/(?P<path>.+)", _github_contents),
    ("GET", "/github/users/(?P<owner>[^/]+)", _github_user),
    ("GET", "/github/user", lambda services, request: Reply(body={"login": "ada"})),
    ("POST", "/github/orgs/(?P<owner>[^/]+)/repos", _github_create),
    ("POST", "/github/user/repos", _github_create),
    ("GET", f"/github/repos/{_REPO}", _github_get),
    ("POST", f"/github/repos/{_REPO}/pulls", _github_pull),
    ("POST", f"/github/repos/{_REPO}/(issues|pages|hooks|autolinks|.*/labels)", _created),
    ("POST", f"/github/repos/{_REPO}/(pulls/.*|actions/variables)", _created),
    ("POST", f"/github/repos/{_REPO}/actions/workflows/.*", _no_content),
    ("PUT", "/github/.*", _no_content),
    ("PATCH", "/github/.*", _created),
    ("GET", "/gitlab/projects/(?P<name>[^/]+)/repository/archive.tar.gz", _gitlab_archive),
    (
        "GET",
        "/gitlab/projects/(?P<name>[^/]+)/repository/files/(?P<path>[^/]+)/raw",
        _gitlab_file,
    ),
    ("GET", "/gitlab/namespaces/(?P<owner>[^/]+)", _gitlab_namespace),
    ("POST", "/gitlab/projects", _gitlab_create),
    ("GET", "/gitlab/projects/(?P<name>[^/]+)", _gitlab_get),
    ("GET", "/gitlab/users", _gitlab_users),
    ("POST", "/gitlab/projects/(?P<name>[^/]+)/merge_requests", _gitlab_merge),
    ("POST", "/gitlab/projects/(?P<name>[^/]+)/issues", _gitlab_issue),
    ("POST", "/gitlab/projects/.*", _created),
    ("GET", "/gitlab/groups", _gitlab_groups),
    ("GET", "/gitlab/groups/(?P<owner>[^/]+)", _gitlab_namespace),
    ("POST", "/gitlab/groups", _gitlab_group),
    ("GET", f"/bitbucket/{_REPO}/get/.*", _bitbucket_archive),
    (
        "GET",
        f"/bitbucket/repositories/{_REPO}/src/(?P<ref>[^/]+)/(?P<path>.+)",
        _bitbucket_file,
    ),
    ("POST", f"/bitbucket/repositories/{_REPO}", _bitbucket_create),
    (
        "GET",
        "/azure/(?P<owner>[^/]+/[^/]+)/_apis/git/repositories/(?P<repo>[^/]+)/items",
        _azure_items,
    ),
    ("POST", "/azure/(?P<owner>[^/]+/[^/]+)/_apis/git/repositories", _azure_create),
]
