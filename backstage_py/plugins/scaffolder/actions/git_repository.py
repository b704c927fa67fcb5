"""Makes git repositories and commits from files, without running anything in them.

No work tree, no hook, no filter and no configuration but git's own: the files go to
`git fast-import` as data. Only pushes and fetches may reach a host, and only the one given.
"""

import base64
import os
import re
import subprocess  # ruff: ignore[suspicious-subprocess-import] git is a program
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from backstage_py.plugins.scaffolder.errors import ActionError

TIMEOUT_SECONDS = 60

_BRANCH = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]*(?:/[A-Za-z0-9_][A-Za-z0-9._-]*)*")
_SETTINGS = {
    "GIT_ALLOW_PROTOCOL": "none",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",
}


@dataclass(frozen=True, slots=True)
class CommitFile:
    """A file of the commit, by its path with `/`; without content it is deleted."""

    path: str
    content: bytes | None
    is_executable: bool = False


@dataclass(frozen=True, slots=True)
class Commit:
    """The message and author of a commit, and its branch."""

    branch: str
    message: str
    author_name: str
    author_email: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Remote:
    """A repository at a service: an http(s) address, and the user and password for it."""

    url: str
    user: str
    password: str = field(repr=False)

    @property
    def settings(self) -> dict[str, str]:
        """The settings for git to reach it; the password is not in a command or a file."""
        pair = base64.b64encode(f"{self.user}:{self.password}".encode()).decode()
        given = {
            f"http.{self.url}.extraHeader": f"Authorization: Basic {pair}",
            "http.followRedirects": "false",
            "http.proxy": "",
            "credential.helper": "",
        }
        keys = {f"GIT_CONFIG_KEY_{at}": key for at, key in enumerate(given)}
        values = {f"GIT_CONFIG_VALUE_{at}": value for at, value in enumerate(given.values())}
        count = {"GIT_CONFIG_COUNT": str(len(given))}
        return {**keys, **values, **count, "GIT_ALLOW_PROTOCOL": "http:https"}


def push_first_commit(remote: Remote, files: Iterable[CommitFile], commit: Commit) -> str:
    """Push the first commit to an empty repository at a service, and return its hash.

    Raises:
        ActionError: If the branch's name is not usable, or the service refuses the push.
    """
    with TemporaryDirectory(prefix="push-") as folder:
        place = Path(folder)
        commit_hash = make_bare_repository(place, files, commit)
        branch = f"refs/heads/{commit.branch}"
        _run_git(place, "push", "--quiet", remote.url, f"{branch}:{branch}", remote=remote)
    return commit_hash


def push_commit(
    remote: Remote, base: str, files: Iterable[CommitFile], commit: Commit, *, force: bool = False
) -> str:
    """Push a commit on top of the branch `base` of a repository at a service; returns its hash.

    Args:
        remote: The repository.
        base: The branch whose files stay, except those given.
        files: The files to write and delete.
        commit: The commit, and the branch to push it to.
        force: Replace a branch of that name.

    Raises:
        ActionError: If a branch's name is not usable or missing, or the service refuses the push.
    """
    _require_branch(base, "targetBranchName")
    _require_branch(commit.branch, "branchName")
    with TemporaryDirectory(prefix="push-") as folder:
        place = Path(folder)
        _run_git(place, "init", "--quiet", "--bare", "--template=")
        wanted = f"refs/heads/{base}:refs/base"
        _run_git(place, "fetch", "--quiet", "--depth=1", remote.url, wanted, remote=remote)
        parent = _run_git(place, "rev-parse", "refs/base").decode().strip()
        stream = b"".join(_write_stream(files, commit, parent))
        _run_git(place, "fast-import", "--quiet", "--date-format=raw", given=stream)
        branch = f"refs/heads/{commit.branch}"
        pushed = f"{'+' if force else ''}{branch}:{branch}"
        _run_git(place, "push", "--quiet", remote.url, pushed, remote=remote)
        return _run_git(place, "rev-parse", branch).decode().strip()


def make_bare_repository(folder: Path, files: Iterable[CommitFile], commit: Commit) -> str:
    """Make a bare repository with one commit in an empty folder, and return the commit's hash.

    Raises:
        ActionError: If the branch's name is not usable, or git fails.
    """
    _require_branch(commit.branch, "defaultBranch")
    first = f"--initial-branch={commit.branch}"
    _run_git(folder, "init", "--quiet", "--bare", "--template=", first)
    stream = b"".join(_write_stream(files, commit))
    _run_git(folder, "fast-import", "--quiet", "--date-format=raw", given=stream)
    return read_head(folder)


def read_head(repository: Path) -> str:
    """Return the hash of the newest commit of the default branch.

    Raises:
        ActionError: If git fails.
    """
    return _run_git(repository, "rev-parse", "HEAD").decode().strip()


def _require_branch(branch: str, key: str) -> None:
    if not _BRANCH.fullmatch(branch) or ".." in branch or branch.endswith((".lock", ".")):
        raise ActionError(f"{key}: {branch[:80]!r} cannot be the name of a branch; use main")


def _write_stream(files: Iterable[CommitFile], commit: Commit, parent: str = "") -> Iterator[bytes]:
    """Write the input of `git fast-import` (git-fast-import(1))."""
    name, email = _clean(commit.author_name), _clean(commit.author_email)
    who = f"{name} <{email}> {int(commit.at.timestamp())} +0000"
    yield f"commit refs/heads/{commit.branch}\n".encode()
    yield f"author {who}\ncommitter {who}\n".encode()
    yield _write_data(commit.message.encode(errors="replace"))
    if parent:
        yield f"from {parent}\n".encode()
    for file in files:
        if file.content is None:
            yield f"D {_quote(file.path)}\n".encode()
            continue
        mode = "100755" if file.is_executable else "100644"
        yield f"M {mode} inline {_quote(file.path)}\n".encode()
        yield _write_data(file.content)
    yield b"done\n"


def _write_data(content: bytes) -> bytes:
    return b"data %d\n%s\n" % (len(content), content)


def _quote(path: str) -> str:
    escaped = path.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def _clean(text: str) -> str:
    """Remove characters that would end a name or an address."""
    return re.sub(r"[<>\x00-\x1f]", "", text).strip()


def _run_git(
    repository: Path, *arguments: str, given: bytes = b"", remote: Remote | None = None
) -> bytes:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    own = {"GIT_DIR": str(repository), "GIT_CEILING_DIRECTORIES": str(repository.parent)}
    command = ["git", "-c", f"core.hooksPath={os.devnull}", *arguments]
    try:
        done = subprocess.run(  # ruff: ignore[subprocess-without-shell-equals-true] no shell
            command,
            cwd=repository,
            env=kept | _SETTINGS | own | (remote.settings if remote else {}),
            input=given,
            capture_output=True,
            timeout=TIMEOUT_SECONDS,
            check=True,
        )
    except subprocess.TimeoutExpired as error:
        raise ActionError(f"git does not end within {TIMEOUT_SECONDS} seconds") from error
    except subprocess.CalledProcessError as error:
        raise ActionError(f"git {arguments[0]} fails: {_explain(error.stderr)}") from error
    except OSError as error:
        raise ActionError(f"git cannot be started, is it installed? {error.strerror}") from error
    return done.stdout


def _explain(stderr: bytes) -> str:
    """The line of the output with the reason; for a push that is not the first one."""
    lines = stderr.decode(errors="replace").strip().splitlines()
    reasons = [line for line in lines if "[rejected]" in line or "[remote rejected]" in line]
    return next(iter([*reasons, *lines]), "it gives no reason").strip()
