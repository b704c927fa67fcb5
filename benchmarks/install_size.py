"""What `pip install backstage_py` adds to Reflex's own packages."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

_BUILD = Path(__file__).parent.parent / "tests" / "packaging" / "build-wheel"
_BASES = ("reflex", "reflex[db]")
"""Reflex alone, and as an app with a database of its own installs it."""


def measure() -> Iterator[dict[str, Any]]:
    """Packages and megabytes, without and with the bytecode that pip adds; asks the registry."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "PYTHON": sys.executable}
        subprocess.run([_BUILD, folder], check=True, env=environment)
        (wheel,) = Path(folder).glob("*.whl")
        for number, base in enumerate(_BASES):
            before = _installed(Path(folder) / f"base{number}", base)
            after = _installed(Path(folder) / f"with{number}", base, str(wheel))
            yield {
                "benchmark": "install_size",
                "beyond": base,
                "packages": after[0] - before[0],
                "megabytes": round(after[1] - before[1], 1),
                "megabytes_with_bytecode": round(after[2] - before[2], 1),
            }


def _installed(folder: Path, *requirements: str) -> tuple[int, float, float]:
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    pip = [folder / "bin" / "python", "-m", "pip", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "install", *requirements], check=True, capture_output=True)
    (packages,) = (folder / "lib").glob("python*/site-packages")
    sizes = {file: file.stat().st_size for file in packages.rglob("*") if file.is_file()}
    published = sum(size for file, size in sizes.items() if file.suffix != ".pyc")
    count = len(list(packages.glob("*.dist-info")))
    return count, published / 1_000_000, sum(sizes.values()) / 1_000_000
