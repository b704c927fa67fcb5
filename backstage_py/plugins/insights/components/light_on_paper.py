"""Makes a page light while it is printed."""

import reflex as rx
from reflex_base.components.component import Component


class LightOnPaper(Component):
    """Shows nothing."""

    library = f"$/public/{rx.asset('light_on_paper.js', shared=True).lstrip('/')}"
    tag = "LightOnPaper"
