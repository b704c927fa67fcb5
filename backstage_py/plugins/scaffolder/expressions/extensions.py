"""Filters and globals that plugins add to the expressions of templates."""

from backstage_py.plugins.scaffolder.expressions.renderer import DirectRenderer


class TemplateExtensions:
    """The JavaScript sources that plugins gave, in the order they came."""

    def __init__(self) -> None:
        self.sources: tuple[str, ...] = ()

    def register(self, source: str) -> None:
        """Add filters and globals; tasks that begin later have them.

        Args:
            source: JavaScript that gives `({filters: {...}, globals: {...}})`, as
                `({filters: {shout: (text) => `${text}!`}})`. Of one name the last counts.

        Raises:
            ExpressionError: It is not of that form.
        """
        DirectRenderer([source]).close()
        self.sources = (*self.sources, source)
