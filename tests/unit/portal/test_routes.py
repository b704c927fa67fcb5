import pytest

from backstage_py.portal.routes import RouteRef

ENTITY = RouteRef("catalog:entity", "/catalog/[namespace]/[name]", open_ended=True)


def test_a_link_has_its_parameters_encoded() -> None:
    assert ENTITY.link(namespace="default", name="a b/c?d") == "/catalog/default/a%20b%2Fc%3Fd"


def test_a_missing_parameter_is_an_error() -> None:
    with pytest.raises(KeyError, match="name"):
        ENTITY.link(namespace="default")


def test_an_open_ended_place_takes_the_paths_below_it() -> None:
    assert ENTITY.reflex_route == "/catalog/[namespace]/[name]/[[...splat]]"
    assert RouteRef("home", "/").reflex_route == "/"
