"""Filters and globals that plugins add to the expressions of templates."""

from backstage_py.plugins.scaffolder.expressions.renderer import DirectRenderer


class TemplateExtensions:
    """The JavaScript sources of plugins, in the order of their registration."""

    def __init__(self) -> None:
        self.sources: tuple[str, ...] = ()

    def register(self, source: str) -> None:
        """Add filters and globals, for tasks that start later.

        Args:
            source: JavaScript that gives `({filters: {...}, globals: {...}})`, as
                `({filters: {shout: (text) => `${text}!`}})`. Of one name the last counts.

        Raises:
            ExpressionError: If it does not have that form.
        """
        DirectRenderer([source]).close()
        self.sources = (*self.sources, source)
