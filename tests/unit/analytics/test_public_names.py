from backstage_py import analytics


def test_every_public_name_is_there() -> None:
    assert all(getattr(analytics, name) is not None for name in analytics.__all__)


def test_the_list_of_public_names_is_sorted_and_complete() -> None:
    assert sorted(analytics._HOMES) == sorted(analytics.__all__) == analytics.__all__
