"""The commands of the palette; filled by the registry of plugins, shown by the search."""

from collections.abc import Sequence

from backstage_py.portal.plugin import NavItem

_commands: list[NavItem] = []


def offer_commands(commands: Sequence[NavItem]) -> None:
    """Set the palette's commands; called before the sidebar is built."""
    _commands[:] = commands


def list_commands() -> tuple[NavItem, ...]:
    """List the palette's commands."""
    return tuple(_commands)
