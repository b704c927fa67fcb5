"""How much the browser loads: our modules bundled and minified as in production, gzipped.

React, React Router and what Reflex brings are left out: the app has them anyway.
"""

import gzip
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from backstage_py.analytics.browser_modules import browser_modules

_ENTRY = """export * from "./context.js";
export * from "./link.js";
export * from "./navigation.js";
"""


def measure() -> Iterator[dict[str, Any]]:
    """The size of the whole runtime."""
    with tempfile.TemporaryDirectory() as folder:
        for path, content in browser_modules():
            (Path(folder) / path.name).write_text(content, encoding="utf-8")
        (Path(folder) / "routes.js").write_text("export const routes = [];", encoding="utf-8")
        (Path(folder) / "entry.js").write_text(_ENTRY, encoding="utf-8")
        bundle = _bundle(Path(folder))
    yield {
        "figure": "browser runtime",
        "bytes": len(bundle),
        "gzip_bytes": len(gzip.compress(bundle, 9)),
    }


def _bundle(folder: Path) -> bytes:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    command = ["bun", "build", "entry.js", "--minify", "--target=browser", "--format=esm"]
    for external in ("react", "react-router", "$/env.json", "$/utils/state"):
        command += ["--external", external]
    run = subprocess.run(
        command, cwd=folder, env={**os.environ, "PATH": path}, capture_output=True, check=True
    )
    return run.stdout
