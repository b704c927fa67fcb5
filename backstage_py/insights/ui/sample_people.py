"""The people of sample data: users in a namespace of their own."""

import re

SAMPLE_NAMESPACE = "sample"
"""Of the people in a sample history, so that nobody's own history is touched."""


def sample_ref(name: str) -> str:
    """The ref of somebody in a sample history."""
    return f"user:{SAMPLE_NAMESPACE}/{name}"


def is_sample_user(user: str) -> bool:
    """Whether a user's ref is of a sample history."""
    return user.startswith(f"user:{SAMPLE_NAMESPACE}/")


def display_name(user: str) -> str:
    """The name for people, made from a ref."""
    words = re.split(r"[.\-_]", user.rpartition("/")[2])
    return " ".join(word.capitalize() for word in words if word)
