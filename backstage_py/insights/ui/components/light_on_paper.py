"""Makes a page light while it is printed."""

from reflex_base.components.component import Component

from backstage_py.ui.browser_module import browser_module


class LightOnPaper(Component):
    """Shows nothing."""

    library = browser_module(__file__, "light_on_paper.js")
    tag = "LightOnPaper"
