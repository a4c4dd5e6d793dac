"""What an operator may set about the home page."""

from __future__ import annotations

from pydantic import BaseModel, Field

from wellspring.platform.stored_settings import StoredSettings


class HomeSettings(BaseModel):
    """`loss_target`: at most so many friendships lost per 1,000 in 30 days; 6 is the best hotel chain's figure."""

    loss_target: float = Field(6, gt=0, le=1000)


_stored = StoredSettings("insight", HomeSettings)
read_settings = _stored.read
write_settings = _stored.write
