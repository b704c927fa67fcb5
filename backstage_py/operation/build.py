"""`build`: compiles the portal once, so that serving it needs neither a compiler nor bun."""

import compileall
import json
import os
import subprocess  # ruff: ignore[suspicious-subprocess-import]
import sys
from pathlib import Path

import backstage_py
from backstage_py.analytics import AnalyticsError

REFLEX_CONFIG = Path("rxconfig.py")
_PACKAGE = Path(backstage_py.__file__).parent


class BuildError(AnalyticsError):
    """The portal cannot be built or served as it is; `where` is a file or a folder."""


def build() -> Path:
    """Compile the portal of the working directory into its web folder.

    The folders `build/client` and `backend` in it are served later.

    Returns:
        The web folder.

    Raises:
        BuildError: If the folder is not a portal's, or the compiler failed; its output says why.
    """
    _require_portal()
    command = [sys.executable, "-m", "reflex", "export", "--no-zip", "--env", "prod"]
    search_path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    environment = {**os.environ, "PATH": search_path, "REFLEX_TELEMETRY_ENABLED": "false"}
    status = subprocess.run(  # ruff: ignore[subprocess-without-shell-equals-true]
        command, env=environment, check=False
    ).returncode
    if status != 0:
        raise BuildError("build", f"the compiler ended with status {status}", "See its output")
    compileall.compile_dir(_PACKAGE, quiet=2)  # later the files may be read-only
    stamp = _stamp()
    stamp.write_text(json.dumps({"version": backstage_py.__version__}), encoding="utf-8")
    return web_folder()


def require_build() -> None:
    """Refuse to serve a build of another release.

    Raises:
        BuildError: If there is no build here, or another release's.
    """
    _require_portal()
    hint = "Run: python -m backstage_py build"
    try:
        built = json.loads(_stamp().read_text(encoding="utf-8"))["version"]
    except (OSError, ValueError, KeyError):
        raise BuildError(str(web_folder()), "holds no finished build", hint) from None
    if built != backstage_py.__version__:
        problem = f"was built by release {built}, this is {backstage_py.__version__}"
        raise BuildError(str(web_folder()), problem, hint)


def web_folder() -> Path:
    """The folder of Reflex's build: `.web`, or the one that `REFLEX_WEB_WORKDIR` names."""
    return Path(os.environ.get("REFLEX_WEB_WORKDIR", ".web"))


def _stamp() -> Path:
    return web_folder() / "backend" / "build.json"


def _require_portal() -> None:
    if not REFLEX_CONFIG.exists():
        hint = "Run the command in the folder of the portal's rxconfig.py"
        raise BuildError(str(Path.cwd()), f"has no {REFLEX_CONFIG}", hint)
