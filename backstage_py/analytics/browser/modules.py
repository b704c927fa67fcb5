"""The JavaScript of the library, and where it stands in the compiled app."""

from pathlib import Path

_SOURCES = Path(__file__).parent
FOLDER = Path("utils/backstage_py")
"""In the web folder."""

CONTEXT_MODULE = "$/utils/backstage_py/context"
LINK_MODULE = "$/utils/backstage_py/link"
CONTENT_MODULE = "$/utils/backstage_py/content"
NAVIGATION_MODULE = "$/utils/backstage_py/navigation"
BUTTON_MODULE = "$/utils/backstage_py/button"
CHOICE_MODULE = "$/utils/backstage_py/choice"
ROUTES_FILE = FOLDER / "routes.js"


def browser_modules() -> list[tuple[Path, str]]:
    """Each JavaScript file as (path in the web folder, content)."""
    return [
        (FOLDER / source.name, source.read_text(encoding="utf-8"))
        for source in sorted(_SOURCES.glob("*.js"))
    ]
