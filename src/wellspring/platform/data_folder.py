"""The one folder that holds everything a deployment keeps: databases, secret key, uploads.

Layout: `FORMAT` (version of the layout), `secret.key`, `postgres/`, `warehouse/`, `files/`, `lock`.
"""

from __future__ import annotations

import fcntl
import os
import secrets
from pathlib import Path
from typing import IO

from wellspring.platform.errors import StartError

FORMAT = 1


class DataFolder:
    """Opens (and on first use lays out) a data folder.

    Raises StartError in one plain sentence when the folder is of a newer version, is in use
    by another Wellspring process, or can't be written.
    """

    def __init__(self, path: Path) -> None:
        self.path = path.expanduser().resolve()
        self._lock: IO[str] | None = None

    def ensure(self) -> DataFolder:
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            for name in ("warehouse", "files"):
                (self.path / name).mkdir(exist_ok=True)
            self._check_format()
            self.secret_key()
        except (FileExistsError, NotADirectoryError) as error:
            raise StartError(
                f"The data folder {self.path} can't be made, because a file stands in its way: "
                "name another folder with WELLSPRING_DATA."
            ) from error
        except OSError as error:
            raise StartError(
                f"The data folder {self.path} can't be written ({error.strerror}): give it to the user who runs "
                "Wellspring, or name another folder with WELLSPRING_DATA."
            ) from error
        return self

    def _check_format(self) -> None:
        marker = self.path / "FORMAT"
        if not marker.exists():
            marker.write_text(f"{FORMAT}\n")
            return
        found = marker.read_text().strip()
        if not found.isdigit() or int(found) > FORMAT:
            raise StartError(
                f"The data folder {self.path} was written by a newer Wellspring (format {found or 'unknown'}, "
                f"this one reads up to {FORMAT}): update Wellspring or name another folder with WELLSPRING_DATA."
            )

    def secret_key(self) -> bytes:
        """32 bytes made on first start and kept out of every database; file mode 0600."""
        file = self.path / "secret.key"
        if not file.exists():
            temporary = file.with_suffix(f".{os.getpid()}")
            descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w") as out:
                out.write(secrets.token_hex(32))
            try:
                os.link(temporary, file)  # fails when another process was first: then theirs counts
            except FileExistsError:
                pass
            finally:
                temporary.unlink()
        return bytes.fromhex(file.read_text().strip())

    def lock(self) -> None:
        """Hold the folder for this process; chDB and the embedded server allow one owner."""
        handle = (self.path / "lock").open("a+")
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            handle.close()
            raise StartError(
                f"Another Wellspring process is using the data folder {self.path}: stop it, "
                "or name another folder with WELLSPRING_DATA."
            ) from error
        self._lock = handle

    def unlock(self) -> None:
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    @property
    def postgres(self) -> Path:
        return self.path / "postgres"

    @property
    def warehouse(self) -> Path:
        return self.path / "warehouse"

    @property
    def files(self) -> Path:
        return self.path / "files"
