"""What operators set: one JSON value by name, with a pydantic model as its shape."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

from pydantic import BaseModel
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from wellspring.platform.auth.models import PlatformSetting

Shape = TypeVar("Shape", bound=BaseModel)


@dataclass(frozen=True)
class StoredSettings(Generic[Shape]):
    """`shape` needs a default for every field: they hold until somebody writes, and for fields added later."""

    name: str
    shape: type[Shape]

    def read(self, session: Session) -> Shape:
        row = session.get(PlatformSetting, self.name)
        return self.shape.model_validate(row.value) if row else self.shape()

    def write(self, session: Session, settings: Shape) -> None:
        value = settings.model_dump()
        session.execute(
            insert(PlatformSetting)
            .values(name=self.name, value=value)
            .on_conflict_do_update(index_elements=["name"], set_={"value": value})
        )
