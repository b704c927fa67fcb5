"""Each class belongs to one sheet: the portal's, or that of the plugin whose name it carries."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import backstage_py
from backstage_py.backstage_py import BUILT_IN
from backstage_py.portal.theme import STYLESHEET
from backstage_py.ui.look import PAGE_STYLESHEET

PACKAGE = Path(backstage_py.__file__).parent
SHEETS = {file.relative_to(PACKAGE).as_posix(): file for file in PACKAGE.rglob("*.css")}
HOMES = {"ui/page.css": "portal", "insights/ui/insights.css": "insights"}
"""Sheets that are not in the folder of what they style."""
PREFIXES = {
    folder.name: f"bp-{folder.name.replace('_', '-')}"
    for folder in (PACKAGE / "plugins").iterdir()
    if (folder / "plugin.py").exists()
}
CLASS = re.compile(r"\.(bp-[\w-]+)")
IN_CODE = re.compile(r"(?<![\w-])bp-[a-z][\w-]*")


def owner_of(class_name: str) -> str:
    """The plugin with the longest prefix that fits, else the portal."""
    found = [
        plugin
        for plugin, prefix in PREFIXES.items()
        if class_name == prefix or class_name.startswith(f"{prefix}-")
    ]
    return max(found, key=len, default="portal")


def selectors_of(sheet: Path) -> Iterator[str]:
    """Each selector of a sheet, and those within its at-rules."""
    text = re.sub(r"/\*.*?\*/", "", sheet.read_text(encoding="utf-8"), flags=re.DOTALL)
    text = re.sub(r"@keyframes[^{]*\{(?:[^{}]*\{[^{}]*\})*\s*\}", "", text)
    for head in re.findall(r"([^{};]+)\{", text):
        if not head.strip().startswith("@"):
            yield from (one.strip() for one in re.split(r",(?![^(]*\))", head))


def used_in(folder: Path) -> set[str]:
    files = [file for kind in ("*.py", "*.js") for file in folder.rglob(kind)]
    return {name for file in files for name in IN_CODE.findall(file.read_text(encoding="utf-8"))}


def test_every_sheet_is_declared() -> None:
    of_plugins = [sheet for one in BUILT_IN for sheet in one.load().stylesheets]
    declared = [PAGE_STYLESHEET, STYLESHEET, *of_plugins]

    assert sorted(declared) == sorted(f"/external/backstage_py/{name}" for name in SHEETS)


@pytest.mark.parametrize("name", sorted(SHEETS))
def test_a_sheet_styles_what_is_its_own(name: str) -> None:
    home = HOMES.get(name, SHEETS[name].parent.name)

    for selector in selectors_of(SHEETS[name]):
        owners = {owner_of(one) for one in CLASS.findall(selector)} - {"portal"}
        assert owners == ({home} - {"portal"}), selector


def test_what_is_used_is_defined_and_what_is_defined_is_used() -> None:
    defined = {one for file in SHEETS.values() for one in CLASS.findall(file.read_text("utf-8"))}

    assert used_in(PACKAGE) == defined


@pytest.mark.parametrize("plugin", sorted(PREFIXES))
def test_a_plugin_uses_the_classes_of_no_other(plugin: str) -> None:
    owners = {owner_of(one) for one in used_in(PACKAGE / "plugins" / plugin)}

    assert owners <= {"portal", plugin}


def test_the_dashboard_of_an_app_has_all_the_variables_that_it_uses() -> None:
    loaded = [name for name in SHEETS if name.startswith(("ui/", "insights/ui/"))]
    sheets = "".join(SHEETS[name].read_text("utf-8") for name in loaded)
    set_by_rows = {"--bp-strength"}

    used = set(re.findall(r"var\((--bp-[\w-]+)", sheets))

    assert used - set_by_rows <= set(re.findall(r"(--bp-[\w-]+):", sheets))
