"""The pages of the sample history are those that the portal's plugins declare."""

import re

import pytest

from backstage_py.backstage_py import BUILT_IN
from backstage_py.plugins.insights.sample import SampleTemplate, Thing, places
from backstage_py.plugins.insights.sample.visit import Place

THING = Thing("component:default/shop", "Shop")
TEMPLATE = SampleTemplate(Thing("template:default/service", "Service"), 2, 480)
PAGES = [
    *(one for one in vars(places).values() if isinstance(one, Place)),
    places.entity_page(THING, "/dependencies"),
    places.doc_page(THING, "faq"),
    places.template_form(TEMPLATE),
    places.task_page(TEMPLATE, "7d1c"),
]


@pytest.mark.parametrize("place", PAGES, ids=lambda place: place.address)
def test_a_place_is_the_page_of_a_plugin(place: Place) -> None:
    [plugin] = [one.load() for one in BUILT_IN if one.name == place.plugin_id]
    [page] = [page for page in plugin.pages if page.name == place.extension]
    pattern = re.sub(r"\\\[\w+\\\]", "[^/]+", re.escape(page.route_ref.path))

    assert page.route_ref.id == place.route_ref
    assert re.fullmatch(f"{pattern}(/.*)?" if page.route_ref.open_ended else pattern, place.address)
