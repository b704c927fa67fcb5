"""What stands where somebody lacks the permission."""

from reflex_base.components.component import Component

from backstage_py.portal.components.empty_state import empty_state


def forbidden(whom_to_ask: str = "") -> Component:
    """Says that what is recorded is not for this user, and whom to ask about it."""
    refusal = "The owner has not given you the permission to read analytics."
    return empty_state("Not for you", f"{refusal} {whom_to_ask}".rstrip(), icon="lock")
