"""`new plugin`: creates a plugin package from a software template of this package."""

from collections.abc import Mapping
from pathlib import Path

from backstage_py.analytics import AnalyticsError, utc_now
from backstage_py.plugins.scaffolder.actions.action import Requester
from backstage_py.plugins.scaffolder.actions.installed import ActionRegistry, build_file_actions
from backstage_py.plugins.scaffolder.expressions.renderer import DirectRenderer
from backstage_py.plugins.scaffolder.tasks.dry_run import DryRunner
from backstage_py.plugins.scaffolder.tasks.spec import TaskSpec
from backstage_py.plugins.scaffolder.templates.form_values import check_all
from backstage_py.plugins.scaffolder.templates.reader import parse_entity, read_template
from backstage_py.plugins.scaffolder.templates.source import GivenSource

STARTER = Path(__file__).parent / "starters" / "plugin"
_NOBODY = Requester("user:default/guest")


class NewPluginError(AnalyticsError):
    """The plugin cannot be written as asked; `where` is the name or the folder."""


def write_plugin(name: str, folder: Path) -> list[Path]:
    """Write a plugin package into a new folder.

    Args:
        name: The plugin's id, such as `release-notes`.
        folder: The new folder.

    Returns:
        The files.

    Raises:
        NewPluginError: If the name is not an id, or the folder exists.
        OSError: If it cannot be written.
    """
    files = render_plugin(name)
    if folder.exists():
        raise NewPluginError(str(folder), "is there already", "Choose another name, or move it")
    written = [folder / path for path in files]
    for file, text in zip(written, files.values(), strict=True):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return written


def render_plugin(name: str) -> Mapping[str, str]:
    """The files of a new plugin by their paths.

    Raises:
        NewPluginError: If the name is not an id.
    """
    entity = parse_entity((STARTER / "template.yaml").read_text(encoding="utf-8"))
    template, values = read_template(entity), {"name": name}
    for error in check_all(template, values):
        raise NewPluginError(f"the name {name!r}", error.message, "Use one as release-notes")
    files = {file.relative_to(STARTER).as_posix(): file for file in STARTER.rglob("*.njk")}
    done = DryRunner(ActionRegistry(build_file_actions()), DirectRenderer, utc_now).run(
        template,
        TaskSpec(entity, values, _NOBODY),
        secrets={},
        source=GivenSource({path: file.read_bytes() for path, file in files.items()}),
    )
    assert not done.error, done.error
    return {file.path: file.text or "" for file in done.files}
