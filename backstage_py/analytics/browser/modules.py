"""The JavaScript of the library, and where it is in the compiled app."""

from pathlib import Path

_SOURCES = Path(__file__).parent
FOLDER = Path("utils/backstage_py")
"""The folder of the modules, relative to the web folder."""

CONTEXT_MODULE = "$/utils/backstage_py/context"
MOUNT_MODULE = "$/utils/backstage_py/mount"
LINK_MODULE = "$/utils/backstage_py/link"
BACKSTAGE_LINK_MODULE = "$/utils/backstage_py/backstage_link"
CONTENT_MODULE = "$/utils/backstage_py/content"
NAVIGATION_MODULE = "$/utils/backstage_py/navigation"
SIGN_IN_MODULE = "$/utils/backstage_py/sign_in"
BUTTON_MODULE = "$/utils/backstage_py/button"
CHOICE_MODULE = "$/utils/backstage_py/choice"
ROUTES_FILE = FOLDER / "routes.js"
MEASURES_FILE = FOLDER / "measures.js"
WEB_VITALS_PACKAGE = "web-vitals@6.2.3"
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


def measures_modules(*, errors: bool, web_vitals: bool) -> list[tuple[Path, str]]:
    """The modules of optional measurements, with the `measures.js` that starts them.

    Without any, the empty `measures.js` of this folder is used, which the bundler drops.
    """
    names = [*(["errors"] if errors else []), *(["web_vitals"] if web_vitals else [])]
    starts = {
        "errors": 'import "./errors";',
        # Loaded separately, after the app; prerendering has no window.
        "web_vitals": 'if (typeof window !== "undefined") import("./web_vitals").catch(() => {});',
    }
    sources = [_SOURCES / "opt_in" / f"{name}.js" for name in names]
    if not names:
        return []
    return [
        (MEASURES_FILE, "".join(f"{starts[name]}\n" for name in names)),
        *((FOLDER / path.name, path.read_text(encoding="utf-8")) for path in sources),
    ]
