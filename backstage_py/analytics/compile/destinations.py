"""Where the browser's events go: the outbox, and the tags of tools that have one.

In an app with tags the module `destinations.js` is written while it is compiled, from the
configuration. Otherwise it is the outbox alone, and no other code is loaded.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from backstage_py.analytics.backends.registry import Tool
from backstage_py.analytics.browser.modules import FOLDER

IDENTITY_PATH = "/identity"
"""Below the events' endpoint: what each tool calls the user."""


def destination_modules(tools: Iterable[Tool]) -> Iterator[tuple[Path, str]]:
    """The modules of an app with tags, as (path in the web folder, content)."""
    tagged = _tagged(tools)
    if not tagged:
        return
    yield FOLDER / "destinations.js", _destinations(tagged)
    for number, (_, path) in enumerate(tagged):
        yield FOLDER / "tags" / f"{number}_{path.name}", path.read_text(encoding="utf-8")


def _destinations(tagged: Sequence[tuple[Tool, Path]]) -> str:
    imports = "".join(
        f'import {{ start as start{number} }} from "./tags/{number}_{path.name}";\n'
        for number, (_, path) in enumerate(tagged)
    )
    entries = "".join(
        f"  {{ start: start{number}, ...{json.dumps(_described(tool))} }},\n"
        for number, (tool, _) in enumerate(tagged)
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


def _tagged(tools: Iterable[Tool]) -> list[tuple[Tool, Path]]:
    return [(tool, tool.api.browser_tag.module) for tool in tools if tool.api.browser_tag]


def _described(tool: Tool) -> dict[str, object]:
    """What the browser has to know of a tool; it is public."""
    assert tool.api.browser_tag
    return {
        "name": tool.name,
        "settings": dict(tool.api.browser_tag.settings),
        "routing": tool.routing.model_dump(by_alias=True, mode="json"),
        "identity": tool.identity.mode,
    }
