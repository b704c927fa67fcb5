"""The JavaScript of the library, and where it is in the compiled app."""

from pathlib import Path

_SOURCES = Path(__file__).parent
FOLDER = Path("utils/backstage_py")
"""The folder of the modules, relative to the web folder."""

CONTEXT_MODULE = "$/utils/backstage_py/context"
LINK_MODULE = "$/utils/backstage_py/link"
BACKSTAGE_LINK_MODULE = "$/utils/backstage_py/backstage_link"
CONTENT_MODULE = "$/utils/backstage_py/content"
NAVIGATION_MODULE = "$/utils/backstage_py/navigation"
SIGN_IN_MODULE = "$/utils/backstage_py/sign_in"
BUTTON_MODULE = "$/utils/backstage_py/button"
CHOICE_MODULE = "$/utils/backstage_py/choice"
ROUTES_FILE = FOLDER / "routes.js"
_DIALECT = "dialect.js"
_DIALECTS = {"classic": _DIALECT, "current": "dialect_current.js"}


def browser_modules(dialect: str = "classic") -> list[tuple[Path, str]]:
    """Each JavaScript file as (path in the web folder, content).

    Args:
        dialect: The name of the events' dialect, whose module is shipped as `dialect.js`.
    """
    sources = [
        path for path in sorted(_SOURCES.glob("*.js")) if path.name not in _DIALECTS.values()
    ]
    modules = [(FOLDER / path.name, path.read_text(encoding="utf-8")) for path in sources]
    chosen = _SOURCES / _DIALECTS[dialect]
    return [*modules, (FOLDER / _DIALECT, chosen.read_text(encoding="utf-8"))]
