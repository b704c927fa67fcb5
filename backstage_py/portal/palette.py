"""What the command palette offers; filled by the registry of plugins, shown by the search."""

from collections.abc import Sequence

from backstage_py.portal.plugin import NavItem

_commands: list[NavItem] = []


def offer_commands(commands: Sequence[NavItem]) -> None:
    """Say where the palette leads; called before the sidebar is built."""
    _commands[:] = commands


def list_commands() -> tuple[NavItem, ...]:
    """List where the palette leads."""
    return tuple(_commands)
