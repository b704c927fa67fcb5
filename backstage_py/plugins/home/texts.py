"""The texts of the start page."""

from pathlib import Path

from backstage_py.portal.language import Messages

text = Messages(Path(__file__).with_name("messages"))
"""`text("welcome")` is a text in the viewer's language."""
