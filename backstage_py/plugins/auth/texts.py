"""The texts of signing in."""

from pathlib import Path

from backstage_py.portal.language import Messages

text = Messages(Path(__file__).with_name("messages"))
"""`text("signIn")` is a text in the viewer's language."""
