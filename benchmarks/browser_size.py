"""How much the browser loads: our modules bundled and minified as in production, gzipped.

React, React Router and what Reflex brings are left out: the app has them anyway.
"""

import gzip
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from backstage_py.analytics.browser.modules import browser_modules

_EVERY_APP = ("context", "link", "navigation")
_BESIDE = "./sender"
"""What the app loads by itself, beside the page: a chunk of its own."""
_WHERE_USED = ("backstage_link", "button", "choice", "content", "mount", "sign_in")


def measure() -> Iterator[dict[str, Any]]:
    """The size of what a page starts with, of that and what sends, and of all parts together."""
    yield {"figure": "browser runtime", **measure_runtime()}
    yield {"figure": "browser runtime with what sends", **measure_whole()}
    yield {"figure": "browser runtime with all its parts", **_measure(_EVERY_APP + _WHERE_USED)}


def measure_runtime() -> dict[str, int]:
    """The size of what every page of every app starts with."""
    return _measure(_EVERY_APP, apart=(_BESIDE,))


def measure_whole() -> dict[str, int]:
    """The size of that, and of what is loaded beside it to send the events."""
    return _measure(_EVERY_APP)


def _measure(modules: Sequence[str], apart: Sequence[str] = ()) -> dict[str, int]:
    with tempfile.TemporaryDirectory() as folder:
        for path, content in browser_modules():
            (Path(folder) / path.name).write_text(content, encoding="utf-8")
        (Path(folder) / "routes.js").write_text("export const routes = [];", encoding="utf-8")
        entry = "".join(f'export * from "./{module}.js";\n' for module in modules)
        (Path(folder) / "entry.js").write_text(entry, encoding="utf-8")
        bundle = _bundle(Path(folder), apart)
    return {"bytes": len(bundle), "gzip_bytes": len(gzip.compress(bundle, 9))}


def _bundle(folder: Path, apart: Sequence[str]) -> bytes:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    command = ["bun", "build", "entry.js", "--minify", "--target=browser", "--format=esm"]
    for external in ("react", "react-router", "$/env.json", "$/utils/state", *apart):
        command += ["--external", external]
    run = subprocess.run(
        command, cwd=folder, env={**os.environ, "PATH": path}, capture_output=True, check=True
    )
    return run.stdout
