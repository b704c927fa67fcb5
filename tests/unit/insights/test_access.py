import pytest

from backstage_py.analytics import Config
from backstage_py.insights import Access


@pytest.mark.parametrize("readers", ["*", ["*"]])
def test_everybody_may_be_written_as_an_asterisk_alone(readers: object) -> None:
    config = Config({"app": {"analytics": {"insights": {"read": readers}}}})

    assert Access.from_config(config).may_see("user:default/ann")
