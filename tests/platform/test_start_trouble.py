"""What keeps a process from starting is told in one plain sentence, never as a traceback."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from wellspring.app.demo.order_file import choose
from wellspring.app.serve import check_port
from wellspring.platform.errors import StartError
from wellspring.platform.runtime import Platform
from wellspring.platform.settings import Settings, read_settings


def sentence(refused: pytest.ExceptionInfo[StartError]) -> str:
    text = str(refused.value)
    assert "\n" not in text
    assert "Traceback" not in text
    return text


def test_the_port_or_the_address_is_named_whichever_is_the_reason() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        with pytest.raises(StartError, match="is in use") as refused:
            check_port("127.0.0.1", other.getsockname()[1])
    assert "--port" in sentence(refused)
    with pytest.raises(StartError, match="65535"):
        check_port("127.0.0.1", 99_999)
    with pytest.raises(StartError, match="not an address of this machine") as refused:
        check_port("192.0.2.1", 8000)
    assert "--host" in sentence(refused)


def test_a_setting_that_is_no_setting_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WELLSPRING_PORT", "eighty")
    with pytest.raises(StartError, match="WELLSPRING_PORT is 'eighty'") as refused:
        read_settings()
    sentence(refused)


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ({"database_url": "nonsense"}, "WELLSPRING_DATABASE_URL is not a PostgreSQL URL"),
        ({"database_url": "postgresql://a:secret@127.0.0.1:1/none"}, "PostgreSQL can't be reached"),
    ],
)
def test_a_store_that_can_not_be_reached_is_named(tmp_path: Path, url: dict[str, str], told: str) -> None:
    with pytest.raises(StartError, match=told) as refused:
        Platform.open(Settings(data=tmp_path / "data").model_copy(update=url))
    assert "secret" not in sentence(refused)


def test_a_file_no_story_can_be_told_on_is_refused_before_anything_starts(tmp_path: Path) -> None:
    with pytest.raises(StartError, match="There is no file"):
        choose(tmp_path / "none.parquet")
    (tmp_path / "empty.parquet").touch()
    with pytest.raises(StartError, match="can't be read as Parquet") as refused:
        choose(tmp_path / "empty.parquet")
    sentence(refused)
