"""What stands where somebody lacks the permission."""

from reflex_base.components.component import Component

from backstage_py.portal.components.empty_state import empty_state


def forbidden() -> Component:
    """Says that what is recorded is not for this user."""
    return empty_state(
        "Not for you",
        "The owner has not given you the permission to read analytics.",
        icon="lock",
    )
