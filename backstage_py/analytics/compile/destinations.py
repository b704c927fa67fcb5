"""Where the browser's events go: the outbox, and the tags of tools that have one.

In an app with tags the module `destinations.js` is written while it is compiled, from the
configuration. Otherwise it is the outbox alone, and no other code is loaded.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from backstage_py.analytics.backends.backend import Backend
from backstage_py.analytics.browser.modules import FOLDER

IDENTITY_PATH = "/identity"
"""The path below the events' endpoint that serves each tool's id of the user."""


def destination_modules(backends: Iterable[Backend]) -> Iterator[tuple[Path, str]]:
    """The modules of an app with tags, as (path in the web folder, content)."""
    tagged = _tagged(backends)
    if not tagged:
        return
    yield FOLDER / "destinations.js", _destinations(tagged)
    for number, (_, path) in enumerate(tagged):
        yield FOLDER / "tags" / f"{number}_{path.name}", path.read_text(encoding="utf-8")


def _destinations(tagged: Sequence[tuple[Backend, Path]]) -> str:
    imports = "".join(
        f'import {{ start as start{number} }} from "./tags/{number}_{path.name}";\n'
        for number, (_, path) in enumerate(tagged)
    )
    entries = "".join(
        f"  {{ start: start{number}, ...{json.dumps(_described(backend))} }},\n"
        for number, (backend, _) in enumerate(tagged)
    )
    return f"""\
import env from "$/env.json";
import {{ getBackendURL }} from "$/utils/state";
import {{ add as addToOutbox }} from "./outbox";
import {{ startTools }} from "./tools";
{imports}
const usersUrl = () =>
  new URL(`${{env.ANALYTICS.endpoint}}{IDENTITY_PATH}`, getBackendURL(env.PING));
const giveToTools = startTools([
{entries}], usersUrl);

export function add(event, its, isHeld) {{
  addToOutbox(event, its, isHeld);
  if (!isHeld) giveToTools(event, its);
}}
"""


def _tagged(backends: Iterable[Backend]) -> list[tuple[Backend, Path]]:
    return [(one, one.api.browser_tag.module) for one in backends if one.api.browser_tag]


def _described(backend: Backend) -> dict[str, object]:
    """The settings of a tool that the browser needs; they are public."""
    assert backend.api.browser_tag
    return {
        "name": backend.name,
        "settings": dict(backend.api.browser_tag.settings),
        "routing": backend.routing.model_dump(by_alias=True, mode="json"),
        "identity": backend.identity.mode,
    }
