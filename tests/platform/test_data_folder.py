"""The data folder: its key, its format, its one owner."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag

from wellspring.platform.data_folder import FORMAT, DataFolder
from wellspring.platform.errors import StartError
from wellspring.platform.secrets import SecretBox


def test_the_key_is_made_once_and_readable_by_its_owner_only(tmp_path: Path) -> None:
    key = DataFolder(tmp_path / "data").ensure().secret_key()
    assert len(key) == 32
    assert DataFolder(tmp_path / "data").ensure().secret_key() == key
    assert stat.S_IMODE((tmp_path / "data" / "secret.key").stat().st_mode) == 0o600


def test_a_newer_folder_is_refused_in_one_sentence(tmp_path: Path) -> None:
    DataFolder(tmp_path).ensure()
    (tmp_path / "FORMAT").write_text(f"{FORMAT + 1}\n")
    with pytest.raises(StartError, match="newer Wellspring") as refused:
        DataFolder(tmp_path).ensure()
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("below", ["", "data"])
def test_a_file_where_the_folder_should_be_is_named(tmp_path: Path, below: str) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StartError, match="a file stands in its way") as refused:
        DataFolder(tmp_path / "file" / below).ensure()
    assert "\n" not in str(refused.value)


def test_a_folder_has_one_owner(tmp_path: Path) -> None:
    first, second = DataFolder(tmp_path).ensure(), DataFolder(tmp_path).ensure()
    first.lock()
    with pytest.raises(StartError, match="Another Wellspring process"):
        second.lock()
    first.unlock()
    second.lock()
    second.unlock()


def test_secrets_open_under_their_own_key_only() -> None:
    box, other = SecretBox(b"1" * 32), SecretBox(b"2" * 32)
    sealed = box.seal("秘密")
    assert box.open(sealed) == "秘密"
    assert "秘密".encode() not in sealed
    with pytest.raises(InvalidTag):
        other.open(sealed)
    assert box.index("+8613800000000") == box.index("+8613800000000") != other.index("+8613800000000")
