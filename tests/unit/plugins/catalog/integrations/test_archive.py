"""Limits for the contents of untrusted archives."""

import gzip
import io
import tarfile
import zipfile
from collections.abc import Callable

import pytest

from backstage_py.plugins.catalog.errors import DescriptorError
from backstage_py.plugins.catalog.integrations import archive as archives
from backstage_py.plugins.catalog.integrations.archive import ArchiveFile, unpack

Pack = Callable[..., bytes]


def tar(*members: tuple[str, bytes], **facts: object) -> bytes:
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w:gz") as archive:
        for name, content in members:
            info = tarfile.TarInfo(name)
            info.size = len(content)
            for key, value in facts.items():
                setattr(info, key, value)
            archive.addfile(info, io.BytesIO(content))
    return data.getvalue()


def zipped(*members: tuple[str, bytes]) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return data.getvalue()


@pytest.mark.parametrize("pack", [tar, zipped])
def test_the_files_below_a_folder_are_unpacked_by_their_paths_from_there(pack: Pack) -> None:
    data = pack(("r-1/b/two.txt", b"2"), ("r-1/b/a/one.txt", b"1"), ("r-1/bc/x", b"x"))

    found = unpack(data, below="b", address="there")

    assert {path: file.content for path, file in found.items()} == {
        "a/one.txt": b"1",
        "two.txt": b"2",
    }
    assert unpack(data, below="nowhere", address="there") == {}


def test_an_executable_file_stays_executable() -> None:
    data = tar(("r/run.sh", b"#!"), mode=0o755)

    assert unpack(data, below="", address="there") == {"run.sh": ArchiveFile(b"#!", True)}


@pytest.mark.parametrize("pack", [tar, zipped])
@pytest.mark.parametrize("name", ["r/../../etc/passwd", "/etc/passwd", "r/..", "r\\..\\x"])
def test_a_path_that_leads_out_is_refused(pack: Pack, name: str) -> None:
    with pytest.raises(DescriptorError, match="leads out"):
        unpack(pack((name, b"x")), below="", address="there")


@pytest.mark.parametrize(
    "kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE]
)
def test_links_and_devices_are_left_out(kind: bytes) -> None:
    data = tar(("r/link", b""), type=kind, linkname="/etc/passwd")

    assert unpack(data, below="", address="there") == {}


def test_a_symlink_in_a_zip_is_left_out() -> None:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        info = zipfile.ZipInfo("r/link")
        info.external_attr = 0o120777 << 16
        archive.writestr(info, "/etc/passwd")

    assert unpack(data.getvalue(), below="", address="there") == {}


@pytest.mark.parametrize("pack", [tar, zipped])
def test_what_unpacks_to_too_much_is_given_up(pack: Pack, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MAX_UNPACKED_BYTES", 50_000)
    bomb = pack(*((f"r/{number}", bytes(9_000)) for number in range(10)))
    assert len(bomb) < 9_000

    with pytest.raises(DescriptorError, match="more than 50000 bytes"):
        unpack(bomb, below="other", address="there")


@pytest.mark.parametrize("pack", [tar, zipped])
def test_too_many_and_too_large_files_are_refused(
    pack: Pack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archives, "MAX_FILES", 2)
    monkeypatch.setattr(archives, "MAX_FILE_BYTES", 10)

    with pytest.raises(DescriptorError, match="more than 2 files"):
        unpack(pack(*((f"r/{number}", b"") for number in range(3))), below="", address="there")
    with pytest.raises(DescriptorError, match="not be larger than 10 bytes, but r/a is"):
        unpack(pack(("r/a", bytes(11))), below="", address="there")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"PK\3\4 broken",
        b"nothing",
        gzip.compress(b"nothing" * 200),
        tar(("r/a", b"x" * 9000))[:60],
    ],
    ids=["empty", "zip", "text", "gzip", "half"],
)
def test_a_broken_archive_says_so(data: bytes) -> None:
    with pytest.raises(DescriptorError, match="cannot be unpacked"):
        unpack(data, below="", address="there")
