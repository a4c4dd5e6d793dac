"""What an owner may set about people."""

from __future__ import annotations

from pydantic import BaseModel, Field

from wellspring.platform.stored_settings import StoredSettings


class PeopleSettings(BaseModel):
    """`shared_mobile_limit`: a mobile noted on more customers than this is not one person's (a shop's own number, a
    placeholder): nobody is merged over it by itself. Holds for mobiles noted from now on."""

    shared_mobile_limit: int = Field(3, ge=1, le=50)


_stored = StoredSettings("people", PeopleSettings)
read_settings = _stored.read
write_settings = _stored.write
