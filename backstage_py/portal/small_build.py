"""Keeps the first load of the portal small: few files, and of Radix Themes only what is used.

Reflex imports all of Radix Themes into the frame of every page, for components that the server may
send later, and its whole stylesheet: a third of the first load.
"""

import dataclasses
from pathlib import Path
from typing import Any

from reflex.utils import prerequisites
from reflex_base.components.component import BaseComponent
from reflex_base.constants import ReactRouter
from reflex_base.plugins.base import Plugin
from reflex_components_radix.plugin import RadixThemesPlugin
from reflex_components_radix.themes.base import RadixThemesComponent

COLORS = (
    *("gray", "slate", "indigo", "amber", "red", "green", "teal", "blue"),
    *("crimson", "cyan", "grass", "orange", "plum", "purple"),
)
"""The scales that the portal's stylesheets use."""

_NEEDING_NO_UTILITIES = frozenset(
    {
        *("Theme", "RadixThemesColorModeProvider"),
        *("AlertDialog", "Dialog", "DropdownMenu", "Tabs"),
    }
)
_SHELL = "shell-chunk.js"
_GROUPS = "groups: ["


@dataclasses.dataclass
class PortalThemePlugin(RadixThemesPlugin):
    """Radix Themes without the colours and utilities that nothing uses.

    A portal whose plugins use other components of Radix gets the whole stylesheet.
    """

    _is_whole: bool = dataclasses.field(default=False, init=False, repr=False)

    def enter_component(self, comp: BaseComponent, /, **context: Any) -> None:
        """Take note of a component that is compiled."""
        super().enter_component(comp, **context)
        if isinstance(comp, RadixThemesComponent) and comp.tag is not None:
            self._is_whole |= comp.tag.partition(".")[0] not in _NEEDING_NO_UTILITIES

    def get_stylesheet_paths(self, **context: Any) -> tuple[str, ...]:
        """List the stylesheets; called once the pages are compiled."""
        if self._is_whole:
            return super().get_stylesheet_paths(**context)
        colors = (f"@radix-ui/themes/tokens/colors/{name}.css" for name in COLORS)
        return (*colors, "@radix-ui/themes/tokens/base.css", "@radix-ui/themes/components.css")

    def get_frontend_dependencies(self, **_context: Any) -> tuple[str, ...]:
        """None: each component names its package, and the server sends no component later."""
        return ()


class ShellChunkPlugin(Plugin):
    """Puts what the frame around all pages needs into one file of the build."""

    def pre_compile(self, **context: Any) -> None:
        """Change the bundler's configuration.

        Raises:
            RuntimeError: If this release of Reflex writes another one than what we know.
        """
        code = Path(__file__).with_name("shell_chunk.js").read_text(encoding="utf-8")
        context["add_save_task"](lambda: (str(prerequisites.get_web_dir() / _SHELL), code))
        context["add_modify_task"](ReactRouter.VITE_CONFIG_FILE, add_shell)


def add_shell(config: str) -> str:
    """The bundler's configuration with the group of the frame.

    Args:
        config: That of Reflex.

    Raises:
        RuntimeError: If its groups are not where they are expected.
    """
    if config.count(_GROUPS) != 1:
        raise RuntimeError(f"{ReactRouter.VITE_CONFIG_FILE}: expected one {_GROUPS!r}")
    head, _, tail = config.partition(_GROUPS)
    # That of env.json stays a file of its own: `SameOriginPlugin` changes it.
    first, end, rest = tail.partition("},")
    return (
        f'import {{ shellGroup }} from "./{_SHELL}";\n'
        f"{head}{_GROUPS}{first}{end}\n            shellGroup(),{rest}"
    )
