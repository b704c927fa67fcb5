"""Our tracker without React, as one script: for the benchmark beside others, and for tests."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from backstage_py.analytics.browser.modules import browser_modules

ENVIRONMENT = '{"ANALYTICS": {"nameIcons": true}}'
"""What an app's `$/env.json` has for it."""
_RIVALS = Path(__file__).with_name("rivals")
_BROWSER = Path("backstage_py/analytics/browser")
_PATH = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"


def bundle_own(name: str, form: str = "esm") -> str:
    """Bundle a script of `rivals` that may use our modules, minified as in production."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for path, content in browser_modules():
            _write(root / _BROWSER / path.name, content)
        for path in _RIVALS.glob("*.js"):
            _write(root / "benchmarks" / "rivals" / path.name, path.read_text(encoding="utf-8"))
        _write(root / "node_modules" / "$" / "env.json", ENVIRONMENT)
        bun = shutil.which("bun", path=_PATH) or "bun"
        file = root / "benchmarks" / "rivals" / f"{name}.js"
        command = [bun, "build", str(file), "--minify", "--target=browser", f"--format={form}"]
        run = subprocess.run(command, capture_output=True, check=True, text=True, timeout=60)
        return run.stdout


def _write(path: Path, content: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")
