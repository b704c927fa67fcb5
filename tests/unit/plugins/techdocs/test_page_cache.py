from backstage_py.plugins.techdocs.page_cache import BoundedCache


def test_the_least_recently_used_goes_first() -> None:
    cache: BoundedCache[str] = BoundedCache(10)
    cache.put("a", "A", 4)
    cache.put("b", "B", 4)
    cache.find("a")
    cache.put("c", "C", 4)

    assert [cache.find(key) for key in "abc"] == ["A", None, "C"]
    assert cache.weight == 8


def test_a_value_heavier_than_the_limit_is_not_kept() -> None:
    cache: BoundedCache[str] = BoundedCache(10)
    cache.put("a", "A", 4)
    cache.put("b", "B", 11)

    assert cache.find("a") == "A"
    assert cache.find("b") is None


def test_a_newer_value_takes_the_place_of_an_older_one() -> None:
    cache: BoundedCache[str] = BoundedCache(10)
    cache.put("a", "A", 6)
    cache.put("a", "B", 7)

    assert cache.find("a") == "B"
    assert cache.weight == 7
