"""Runs the `git` program on a local repository, so that nothing in it can run.

No shell, no prompt, no hook and no connection: `GIT_ALLOW_PROTOCOL` and `GIT_NO_LAZY_FETCH` keep a
partial clone from fetching what it lacks (git-config: `protocol.allow`; git(1)). The user's own git
configuration applies, since `safe.directory` there allows other users' repositories.
"""

import os
import subprocess  # ruff: ignore[suspicious-subprocess-import] git is a program
from pathlib import Path

TIMEOUT_SECONDS = 10

_SETTINGS = {
    "GIT_ALLOW_PROTOCOL": "none",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",
}
_NO_HOOKS = ("-c", f"core.hooksPath={os.devnull}", "-c", "core.fsmonitor=false")


class GitError(Exception):
    """Git failed; the message says why, in one sentence."""


class GitRefusedError(GitError):
    """Git ran, and ended with an error."""


def ask_git(repository: Path, *arguments: str) -> bytes:
    """Run git in a repository and return its output.

    Only the folder itself is looked at, not the ones above it.

    Raises:
        GitError: If git fails, or there is no repository.
    """
    command = ["git", "--no-pager", *_NO_HOOKS, *arguments]
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    ceiling = {"GIT_CEILING_DIRECTORIES": str(repository.parent)}
    try:
        done = subprocess.run(  # ruff: ignore[subprocess-without-shell-equals-true] no shell
            command,
            cwd=repository,
            env=kept | _SETTINGS | ceiling,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=TIMEOUT_SECONDS,
            check=True,
        )
    except subprocess.TimeoutExpired as error:
        raise GitError(f"git does not answer within {TIMEOUT_SECONDS} seconds") from error
    except subprocess.CalledProcessError as error:
        raise GitRefusedError(_explain(error.stderr)) from error
    except OSError as error:
        raise GitError(_explain_start(error, repository)) from error
    return done.stdout


def _explain_start(error: OSError, repository: Path) -> str:
    if str(error.filename) == str(repository):
        return "no git repository is there"
    if isinstance(error, FileNotFoundError):
        return "the program git is not installed where the portal runs; install it"
    return f"git cannot be started: {error.strerror}"


def _explain(stderr: bytes) -> str:
    text = stderr.decode(errors="replace")
    if "dubious ownership" in text:
        return (
            "the repository belongs to another user; give it to the one who runs the portal, or "
            "allow it with `git config --global --add safe.directory` and its path"
        )
    if "not a git repository" in text:
        return "no git repository is there"
    said = text.strip().partition("\n")[0].removeprefix("fatal: ")
    return f"git cannot read the repository: {said}" if said else "git cannot read the repository"
