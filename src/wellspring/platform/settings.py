"""Settings of one process, read from the environment (`WELLSPRING_*`)."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from wellspring.platform.errors import StartError


def default_data_folder() -> Path:
    """The user's data directory; for root a system folder, because PostgreSQL refuses to run as root
    and the embedded server's own account must be able to reach the data."""
    if os.name == "posix" and os.geteuid() == 0:
        return Path("/var/lib/wellspring")
    base = os.environ.get("XDG_DATA_HOME")
    return (Path(base) if base else Path.home() / ".local" / "share") / "wellspring"


class Settings(BaseSettings):
    """Each field is an environment variable `WELLSPRING_<NAME>`."""

    model_config = SettingsConfigDict(env_prefix="WELLSPRING_", extra="ignore")

    data: Path = Field(default_factory=default_data_folder, description="Data folder: databases, key, uploads")
    database_url: str | None = Field(None, description="PostgreSQL URL; none: the embedded server")
    warehouse_url: str | None = Field(None, description="ClickHouse DSN; none: chDB in the data folder")
    host: str = "127.0.0.1"
    port: int = 8000
    public_url: str | None = Field(None, description="URL under which customers and WeCom reach this server")
    clock_url: str | None = Field(None, description="A simulator's clock to follow, for rehearsals and tests")
    log_format: Literal["console", "json"] = "console"
    log_level: str = "INFO"
    session_hours: int = Field(12, description="A sign-in ends after this many hours without a request")
    worker_concurrency: int = 4
    secure_cookies: bool | None = Field(None, description="Secure flag of cookies; none: as public_url's scheme says")

    @property
    def base_url(self) -> str:
        """Public URL without a trailing slash."""
        return (self.public_url or f"http://{self.host}:{self.port}").rstrip("/")

    @property
    def cookies_are_secure(self) -> bool:
        if self.secure_cookies is not None:
            return self.secure_cookies
        return self.base_url.startswith("https://")


def read_settings() -> Settings:
    """Raises StartError that names the variable when the environment holds something unusable."""
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = "_".join(str(part) for part in first["loc"]).upper()
        raise StartError(
            f"WELLSPRING_{name} is {first['input']!r}: {first['msg'][:1].lower()}{first['msg'][1:]}."
        ) from None
