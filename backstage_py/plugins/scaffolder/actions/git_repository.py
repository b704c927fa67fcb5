"""Making a git repository out of files, so that nothing in the files can act.

No work tree, no hook, no filter and no configuration but git's own: the files go to
`git fast-import` as data.
"""

import os
import re
import subprocess  # ruff: ignore[suspicious-subprocess-import] git is a program
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

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
    """A file of the commit, by its path with `/`."""

    path: str
    content: bytes
    is_executable: bool


@dataclass(frozen=True, slots=True)
class FirstCommit:
    """The commit a repository begins with."""

    branch: str
    message: str
    author_name: str
    author_email: str
    at: datetime


def make_bare_repository(folder: Path, files: Iterable[CommitFile], commit: FirstCommit) -> str:
    """Make a bare repository with one commit in an empty folder, and give the commit's hash.

    Raises:
        ActionError: The branch has no usable name, or git fails.
    """
    branch = commit.branch
    if not _BRANCH.fullmatch(branch) or ".." in branch or branch.endswith((".lock", ".")):
        raise ActionError(f"defaultBranch: {branch[:80]!r} is not a name of a branch; use main")
    _run_git(folder, "init", "--quiet", "--bare", "--template=", f"--initial-branch={branch}")
    stream = b"".join(_write_stream(files, commit))
    _run_git(folder, "fast-import", "--quiet", "--date-format=raw", given=stream)
    return read_head(folder)


def read_head(repository: Path) -> str:
    """Give the hash of the newest commit of the default branch.

    Raises:
        ActionError: Git fails.
    """
    return _run_git(repository, "rev-parse", "HEAD").decode().strip()


def _write_stream(files: Iterable[CommitFile], commit: FirstCommit) -> Iterator[bytes]:
    """Write what `git fast-import` reads (git-fast-import(1))."""
    name, email = _clean(commit.author_name), _clean(commit.author_email)
    who = f"{name} <{email}> {int(commit.at.timestamp())} +0000"
    yield f"commit refs/heads/{commit.branch}\n".encode()
    yield f"author {who}\ncommitter {who}\n".encode()
    yield _write_data(commit.message.encode(errors="replace"))
    for file in files:
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
    """Leave out what would end a name or an address."""
    return re.sub(r"[<>\x00-\x1f]", "", text).strip()


def _run_git(repository: Path, *arguments: str, given: bytes = b"") -> bytes:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    own = {"GIT_DIR": str(repository), "GIT_CEILING_DIRECTORIES": str(repository.parent)}
    command = ["git", "-c", f"core.hooksPath={os.devnull}", *arguments]
    try:
        done = subprocess.run(  # ruff: ignore[subprocess-without-shell-equals-true] no shell
            command,
            cwd=repository,
            env=kept | _SETTINGS | own,
            input=given,
            capture_output=True,
            timeout=TIMEOUT_SECONDS,
            check=True,
        )
    except subprocess.TimeoutExpired as error:
        raise ActionError(f"git does not end within {TIMEOUT_SECONDS} seconds") from error
    except subprocess.CalledProcessError as error:
        said = error.stderr.decode(errors="replace").strip().partition("\n")[0]
        raise ActionError(f"git {arguments[0]} fails: {said}") from error
    except OSError as error:
        raise ActionError(f"git cannot be started, is it installed? {error.strerror}") from error
    return done.stdout
