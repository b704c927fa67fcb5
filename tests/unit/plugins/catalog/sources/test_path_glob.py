import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis.strategies import lists, sampled_from

from backstage_py.plugins.catalog.sources.path_glob import PathGlob

FILES = ["a.yaml", "b.yml", ".c.yaml", "x/a.yaml", "x/y/a.yaml", "x/y/z/ab.yaml", "A.yaml"]


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        ("*.yaml", ["a.yaml", ".c.yaml", "A.yaml"]),
        ("?.y*ml", ["a.yaml", "b.yml", "A.yaml"]),
        ("[!b].yaml", ["a.yaml", "A.yaml"]),
        ("*/a.yaml", ["x/a.yaml"]),
        ("**/a.yaml", ["a.yaml", "x/a.yaml", "x/y/a.yaml"]),
        ("x/**/a*.yaml", ["x/a.yaml", "x/y/a.yaml", "x/y/z/ab.yaml"]),
        ("x/**", ["x/a.yaml", "x/y/a.yaml", "x/y/z/ab.yaml"]),
        ("**/y/**/**/*b.yaml", ["x/y/z/ab.yaml"]),
        ("a.ya", []),
    ],
)
def test_a_pattern_finds_files(pattern: str, found: list[str]) -> None:
    assert [file for file in FILES if PathGlob(pattern).matches(file)] == found


@pytest.mark.parametrize("pattern", ["a**/b", "***", "*/../a"])
def test_a_pattern_that_means_nothing_is_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match="must"):
        PathGlob(pattern)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("files")
    for name in FILES:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()
    return folder


@given(segments=lists(sampled_from(["*", "**", "x", "y", "?", "[xy]"]), max_size=4))
def test_it_means_what_pathlib_means(folder: Path, segments: list[str]) -> None:
    pattern = "/".join([*segments, "*.yaml"])
    in_folder = {path.relative_to(folder).as_posix() for path in folder.glob(pattern)}

    assert {file for file in FILES if PathGlob(pattern).matches(file)} == in_folder


def test_no_pattern_takes_forever() -> None:
    pattern = PathGlob("/".join(["**", "*a*a*a*a*a*"] * 25))

    started = time.perf_counter()
    pattern.matches("/".join(["aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab"] * 60))

    assert time.perf_counter() - started < 5
