"""Whether Backstage has moved on: its captures and its settings of tools, against ours.

    python -m tests.conformance.drift [PACKAGE[@VERSION] | FOLDER ...]

Packages come from the npm registry (`npm pack`), folders are packages that are there already.
It lists every `captureEvent` call and every key below `app.analytics`, says which of them
docs/events.md and our settings do not know, writes docs/drift.md, and ends with 1 if there are
any. Without arguments it reads the packages of `PACKAGES`.
"""

import argparse
import importlib
import json
import re
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from backstage_py.analytics import ToolSettings, utc_now
from backstage_py.analytics.backends import registry
from backstage_py.analytics.backends.user_identity import IdentitySettings

ROOT = Path(__file__).parents[2]
EVENTS = ROOT / "docs" / "events.md"
REPORT = ROOT / "docs" / "drift.md"
PACKAGES = (
    "@backstage/core-components",
    "@backstage/core-app-api",
    "@backstage/core-plugin-api",
    "@backstage/frontend-plugin-api",
    "@backstage/plugin-api-docs",
    "@backstage/plugin-app",
    "@backstage/plugin-app-react",
    "@backstage/plugin-catalog",
    "@backstage/plugin-catalog-graph",
    "@backstage/plugin-catalog-import",
    "@backstage/plugin-catalog-react",
    "@backstage/plugin-home",
    "@backstage/plugin-notifications",
    "@backstage/plugin-org",
    "@backstage/plugin-scaffolder",
    "@backstage/plugin-scaffolder-react",
    "@backstage/plugin-search",
    "@backstage/plugin-search-react",
    "@backstage/plugin-techdocs",
    "@backstage/plugin-techdocs-react",
    "@backstage/plugin-user-settings",
    "@backstage/ui",
    "@backstage-community/plugin-analytics-module-ga",
    "@backstage-community/plugin-analytics-module-ga4",
    "@backstage-community/plugin-analytics-module-matomo",
    "@backstage-community/plugin-analytics-module-newrelic-browser",
    "@backstage-community/plugin-analytics-provider-segment",
    "@quantummetric/analytics-module-qm",
    "@pfeifferj/backstage-plugin-analytics-generic",
)
_CALL = re.compile(r"\bcaptureEvent\s*(?:\?\.)?\(")
_LITERAL = re.compile(r"""(["'`])([^"'`$]*)\1""")
_COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*", re.DOTALL)
_KEY = re.compile(r"\s*[\"']?([\w$]+)[\"']?\??:\s*")
_OPENING, _CLOSING = "([{", ")]}"
_SHOWN = 60


@dataclass(frozen=True, order=True)
class Capture:
    """A `captureEvent` call: the texts of its first two arguments."""

    package: str
    action: str
    subject: str

    @property
    def name(self) -> str | None:
        """The action, where it is written down and not computed."""
        found = _LITERAL.fullmatch(self.action)
        return found[2] if found else None


@dataclass(frozen=True, order=True)
class Setting:
    """A key below `app.analytics.<tool>` of a `config.d.ts`."""

    package: str
    tool: str
    key: str


@dataclass
class Package:
    """The relevant facts of a package."""

    name: str
    version: str
    captures: list[Capture]
    settings: list[Setting]


def read_package(folder: Path) -> Package:
    """Read an unpacked package."""
    about = json.loads((folder / "package.json").read_text(encoding="utf-8"))
    name = about["name"]
    sources = sorted([*folder.glob("dist/**/*.js"), *folder.glob("src/**/*.ts*")])
    texts = [path.read_text(encoding="utf-8") for path in sources if ".test." not in path.name]
    captures = {Capture(name, *arguments) for text in texts for arguments in captures_in(text)}
    schema = folder / "config.d.ts"
    keys = keys_in(schema.read_text(encoding="utf-8")) if schema.exists() else ()
    settings = [Setting(name, tool, key) for tool, key in keys]
    return Package(name, about["version"], sorted(captures), sorted(set(settings)))


def captures_in(text: str) -> Iterator[tuple[str, str]]:
    """The first two arguments of each call; not of a method that is called so."""
    for found in _CALL.finditer(text):
        arguments, end = _split(text, found.end())
        if len(arguments) > 1 and not text[end:].lstrip().startswith(("{", ":")):
            yield arguments[0], arguments[1]


def keys_in(schema: str) -> Iterator[tuple[str, str]]:
    """Each (tool, key) below `app.analytics` of a `config.d.ts`."""
    text = _COMMENT.sub("", schema)
    for found in re.finditer(r"\banalytics\??:\s*\{", text):
        for tool, body in _members(text, found.end()):
            yield from ((tool, key) for key in _keys_of(body))


def settings_of(tool: str) -> set[str] | None:
    """The keys that our section of a tool takes, those below others too; None without one."""
    try:
        module = importlib.import_module(registry._module_name(tool))
    except ModuleNotFoundError:
        return None
    models = [
        value
        for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, BaseModel)
    ]
    return {
        field.alias or name
        for model in (*models, ToolSettings, IdentitySettings)
        for name, field in model.model_fields.items()
    }


def documented_actions(page: str) -> set[str]:
    """The actions in the first column of the tables that begin with `action`."""
    tables = re.findall(r"^\| action \|.*\n\|[-|]+\|\n((?:\|.*\n)+)", page, re.MULTILINE)
    cells = [row.split("|")[1] for table in tables for row in table.splitlines()]
    return {name for cell in cells for name in re.findall(r"`([\w-]+)`", cell)}


def unknown(packages: Iterable[Package], actions: set[str]) -> list[str]:
    """What is there and not with us, a line each."""
    lines: list[str] = []
    for package in packages:
        lines += [
            f"{one.package}: the action {one.name} is not in docs/events.md"
            for one in package.captures
            if one.name is not None and one.name not in actions
        ]
        lines += [
            f"{one.package}: app.analytics.{one.tool}.{one.key} is not accepted"
            for one in package.settings
            if one.key not in (settings_of(one.tool) or set())
        ]
    return list(dict.fromkeys(lines))


def report(packages: Sequence[Package], missing: Sequence[str], differences: Sequence[str]) -> str:
    """The page of the last result."""
    rows = [
        f"| `{package.name}` | {package.version} | {_listed(package)} |" for package in packages
    ]
    not_read = [f"- `{name}` is not in the registry that was asked." for name in missing]
    found = [f"- {line}" for line in differences] or ["None."]
    return "\n".join(
        [
            "# Drift",
            "",
            f"What `make drift` found on {utc_now():%Y-%m-%d}: every `captureEvent` of Backstage's",
            "packages, with the first two arguments as in the code, and every key of their",
            "tools. A difference is an action that [events.md](events.md) does not have, or a key",
            "that our settings refuse.",
            "",
            "## Differences",
            "",
            *found,
            "",
            *([] if not not_read else ["## Not read", "", *not_read, ""]),
            "## Packages",
            "",
            "| package | version | captures and keys |",
            "|---|---|---|",
            *rows,
            "",
        ]
    )


def _listed(package: Package) -> str:
    captures = [f"`{_short(one.action)}` of `{_short(one.subject)}`" for one in package.captures]
    settings = [f"`app.analytics.{one.tool}.{one.key}`" for one in package.settings]
    return ", ".join([*captures, *settings]) or "none"


def _short(text: str) -> str:
    plain = " ".join(text.split()).replace("|", "\\|").replace("`", "'")
    return plain if len(plain) <= _SHOWN else f"{plain[:_SHOWN]}…"


def _split(text: str, start: int) -> tuple[list[str], int]:
    """The arguments from `start` on, and where the text goes on behind their bracket."""
    depth, quote, begin, arguments = 0, "", start, list[str]()
    for place in range(start, len(text)):
        letter = text[place]
        if quote:
            quote = "" if letter == quote and text[place - 1] != "\\" else quote
        elif letter in "\"'`":
            quote = letter
        elif letter in _OPENING:
            depth += 1
        elif letter in _CLOSING and depth:
            depth -= 1
        elif letter in _CLOSING or (letter == "," and not depth):
            arguments.append(text[begin:place].strip())
            begin = place + 1
            if letter in _CLOSING:
                return [one for one in arguments if one], place + 1
    return [], len(text)


def _members(text: str, start: int) -> Iterator[tuple[str, str]]:
    """Each member of the object type from `start` on, as (name, the text of its type)."""
    place = start
    while found := _KEY.match(text, place):
        end = _end_of_type(text, found.end())
        yield found[1], text[found.end() : end]
        place = end + 1


def _end_of_type(text: str, start: int) -> int:
    depth = 0
    for place in range(start, len(text)):
        if text[place] in _OPENING:
            depth += 1
        elif text[place] in _CLOSING:
            if not depth:
                return place
            depth -= 1
        elif text[place] == ";" and not depth:
            return place
    return len(text)


def _keys_of(body: str) -> Iterator[str]:
    """The keys of an object type, of those of a union, and of those inside of them."""
    place = body.find("{")
    while place >= 0:
        end = _end_of_type(body, place + 1)
        for name, inner in _members(body, place + 1):
            yield name
            yield from _keys_of(inner)
        place = body.find("{", end)


def _fetch(package: str, folder: Path) -> Path | None:
    """Unpack a package of the registry; None if it is not there."""
    command = ["npm", "pack", "--silent", "--pack-destination", str(folder), package]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    if run.returncode:
        return None
    target = folder / package.replace("/", "+")
    with tarfile.open(folder / run.stdout.strip().splitlines()[-1]) as archive:
        archive.extractall(target, filter="data")
    return next(path.parent for path in sorted(target.glob("*/package.json")))


def main(arguments: Sequence[str]) -> int:
    """Compare, write the page, and say what differs."""
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m tests.conformance.drift")
    parser.add_argument("packages", nargs="*", default=PACKAGES, metavar="PACKAGE")
    given: Any = parser.parse_args(arguments)
    found: list[Package] = []
    missing: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        for name in given.packages:
            path = Path(name) if Path(name).is_dir() else _fetch(name, Path(folder))
            if path is None:
                missing.append(name)
            else:
                found.append(read_package(path))
    differences = unknown(found, documented_actions(EVENTS.read_text(encoding="utf-8")))
    REPORT.write_text(report(found, missing, differences), encoding="utf-8")
    for line in [*(f"not in the registry: {name}" for name in missing), *differences]:
        print(line)
    print(f"{len(differences)} differences in {len(found)} packages")
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
