from pathlib import Path

import pytest
import reflex as rx
from reflex_base.components.component import Component

from backstage_py.portal.small_build import COLORS, PortalThemePlugin, ShellChunkPlugin, add_shell
from backstage_py.portal.theme import THEME

CONFIG = """import x from "vite";
output: { codeSplitting: { groups: [ { test: /env.json/, name: "reflex-env", }, ], }, }"""


def _sheets(*components: Component) -> tuple[str, ...]:
    plugin = PortalThemePlugin(theme=THEME)
    for component in components:
        plugin.enter_component(component, page_context=None, compile_context=None)
    return plugin.get_stylesheet_paths()


def test_only_the_parts_of_radix_that_are_used_are_loaded() -> None:
    sheets = _sheets(THEME, rx.dialog.content("a"), rx.menu.item("b"), rx.el.p("c"))

    assert "@radix-ui/themes/styles.css" not in sheets
    assert [sheet for sheet in sheets if "/colors/" not in sheet] == [
        "@radix-ui/themes/tokens/base.css",
        "@radix-ui/themes/components.css",
    ]


@pytest.mark.parametrize("component", [rx.hstack("a"), rx.badge("b", color_scheme="tomato")])
def test_a_plugin_with_other_parts_gets_the_whole_stylesheet(component: Component) -> None:
    assert _sheets(component) == ("@radix-ui/themes/styles.css",)


def test_every_colour_of_the_stylesheets_is_loaded() -> None:
    package = Path(__file__).parents[3] / "backstage_py"
    text = "".join(file.read_text("utf-8") for file in package.rglob("*.css"))
    known = set(COLORS) | {"accent", "bp", "color", "space", "radius", "shadow"}

    colors = {
        part.partition("-")[0]
        for part in text.split("var(--")[1:]
        if part.partition("-")[2][:1].isdigit()
    }

    assert colors <= known


def test_the_frame_is_a_group_of_the_bundler_beside_that_of_the_addresses() -> None:
    config = add_shell(CONFIG)

    assert config.startswith('import { shellGroup } from "./shell-chunk.js";\n')
    assert config.index('name: "reflex-env"') < config.index("shellGroup(),")


def test_another_release_of_reflex_fails_the_build() -> None:
    with pytest.raises(RuntimeError, match="expected one 'groups: "):
        add_shell("output: {}")


def test_the_group_is_written_beside_the_configuration() -> None:
    saved: list[tuple[str, str]] = []
    changed: list[str] = []

    ShellChunkPlugin().pre_compile(
        add_save_task=lambda task: saved.append(task()),
        add_modify_task=lambda file, _change: changed.append(file),
    )

    [(path, code)] = saved
    assert path.endswith("shell-chunk.js")
    assert "export function shellGroup()" in code
    assert changed == ["vite.config.js"]
