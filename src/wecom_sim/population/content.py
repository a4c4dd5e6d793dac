"""What of a message people can react to."""

import re
from dataclasses import dataclass
from typing import Any

import orjson

from wecom_sim.content import Content
from wecom_sim.population.catalogue import kinds_named

URL = re.compile(r"https?://[^\s\"'<>，。；）】]+")
CONFIG_ID = re.compile(r"[0-9a-f]{32}")
PICTURES = ("picurl", "pic_url", "pic_media_id", "media_id")
KEPT = 500  # contents remembered; a mass message is read once, not once a customer


@dataclass(frozen=True)
class Marks:
    """`text`: the whole content, to look for markers. `links`: addresses (a mini program's as appid/page). `codes`:
    what may be the id of a join way. `kinds`: kinds of goods named."""

    text: str
    links: tuple[str, ...]
    codes: tuple[str, ...]
    kinds: tuple[str, ...]


class Reader:
    def __init__(self) -> None:
        self._kept: dict[bytes, Marks] = {}

    def read(self, content: Content) -> Marks:
        key = orjson.dumps([content.text, content.attachments])
        found = self._kept.get(key)
        if found is None:
            if len(self._kept) >= KEPT:
                self._kept.clear()
            found = self._kept[key] = _marks(key.decode(), content)
        return found


def _marks(text: str, content: Content) -> Marks:
    links = URL.findall(content.text)
    for part in content.attachments:
        body: dict[str, Any] = part.get(part["msgtype"], {})
        if part["msgtype"] == "link":
            links.append(body["url"])
        elif part["msgtype"] == "miniprogram":
            links.append(f"{body['appid']}/{body['page']}")
    shown = " ".join(str(v) for part in content.attachments for v in _values(part) if v)
    codes = CONFIG_ID.findall(text)
    return Marks(
        text, tuple(dict.fromkeys(links)), tuple(dict.fromkeys(codes)), tuple(kinds_named(content.text + shown))
    )


def _values(part: dict[str, Any]) -> list[Any]:
    return [value for name, value in part.get(part["msgtype"], {}).items() if name not in PICTURES]
