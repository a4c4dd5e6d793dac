"""The body of an app message by type, checked. A message is `{"msgtype": T, T: {...}}`.

Texts that WeCom would cut silently are refused instead. Limits of template cards whose figures are not confirmed are
left to WeCom (OurMistake 42027 to 42051).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from wellspring.wecom.calls.base import (
    at_most_bytes,
    at_most_characters,
    at_most_items,
    count_between,
    one_of,
    required,
)
from wellspring.wecom.errors import BadArgument

TEXT_BYTES = 2048
URL_BYTES = 1024
TITLE_CHARACTERS = 128
DESCRIPTION_CHARACTERS = 512
BUTTON_CHARACTERS = 4
ARTICLES = 8
AUTHOR_BYTES = 64
NOTICE_ITEMS = 10
NOTICE_KEY_CHARACTERS = 10
NOTICE_VALUE_CHARACTERS = 30
TASK_BUTTONS = 2
INTERACTIVE_CARDS = ("button_interaction", "vote_interaction", "multiple_interaction")
CARDS = ("text_notice", "news_notice", *INTERACTIVE_CARDS)

Body = dict[str, Any]


def check_app_message(message: Body) -> None:
    """Raises BadArgument with the field named."""
    kind = message.get("msgtype")
    one_of("msgtype", kind, CHECKS)
    body = message.get(str(kind))
    if not isinstance(body, dict) or not body:
        raise BadArgument(str(kind), "is missing")
    CHECKS[str(kind)](str(kind), body)


def _text(field: str, body: Body) -> None:
    required(f"{field}.content", body.get("content"))
    at_most_bytes(f"{field}.content", body["content"], TEXT_BYTES)


def _media(field: str, body: Body) -> None:
    required(f"{field}.media_id", body.get("media_id"))


def _textcard(field: str, body: Body) -> None:
    _heads(field, body, "title", "description", "url")
    at_most_characters(f"{field}.btntxt", body.get("btntxt"), BUTTON_CHARACTERS)


def _heads(field: str, body: Body, *needed: str) -> None:
    for name in needed:
        required(f"{field}.{name}", body.get(name))
    at_most_characters(f"{field}.title", body.get("title"), TITLE_CHARACTERS)
    at_most_characters(f"{field}.description", body.get("description"), DESCRIPTION_CHARACTERS)
    at_most_bytes(f"{field}.url", body.get("url"), URL_BYTES)


def _articles(field: str, body: Body) -> list[tuple[str, Body]]:
    articles = body.get("articles") or []
    count_between(f"{field}.articles", articles, 1, ARTICLES)
    return [(f"{field}.articles[{index}]", one) for index, one in enumerate(articles)]


def _news(field: str, body: Body) -> None:
    for place, article in _articles(field, body):
        _heads(place, article, "title")
        if not article.get("url") and not article.get("pagepath"):
            raise BadArgument(f"{place}.url", "neither url nor pagepath is given")


def _mpnews(field: str, body: Body) -> None:
    for place, article in _articles(field, body):
        _heads(place, article, "title", "thumb_media_id", "content")
        at_most_bytes(f"{place}.author", article.get("author"), AUTHOR_BYTES)


def _notice(field: str, body: Body) -> None:
    _heads(field, body, "appid", "title")
    items = body.get("content_item") or []
    at_most_items(f"{field}.content_item", items, NOTICE_ITEMS)
    for index, one in enumerate(items):
        for name, limit in (("key", NOTICE_KEY_CHARACTERS), ("value", NOTICE_VALUE_CHARACTERS)):
            required(f"{field}.content_item[{index}].{name}", one.get(name))
            at_most_characters(f"{field}.content_item[{index}].{name}", one[name], limit)


def _taskcard(field: str, body: Body) -> None:
    _heads(field, body, "title", "description", "task_id")
    buttons = body.get("btn") or []
    count_between(f"{field}.btn", buttons, 1, TASK_BUTTONS)
    for index, one in enumerate(buttons):
        required(f"{field}.btn[{index}].key", one.get("key"))
        required(f"{field}.btn[{index}].name", one.get("name"))


def check_card(field: str, card: Body) -> None:
    """A template card; `task_id` is needed where a member can answer or has an action menu."""
    kind = card.get("card_type")
    one_of(f"{field}.card_type", kind, CARDS)
    title = (card.get("main_title") or {}).get("title")
    if not title and not (kind == "text_notice" and card.get("sub_title_text")):
        raise BadArgument(f"{field}.main_title.title", "is empty")
    if (kind in INTERACTIVE_CARDS or card.get("action_menu")) and not card.get("task_id"):
        raise BadArgument(f"{field}.task_id", "is needed for cards that can be answered")
    needed = {
        "news_notice": ("card_action",),
        "text_notice": ("card_action",),
        "button_interaction": ("button_list",),
        "vote_interaction": ("checkbox", "submit_button"),
        "multiple_interaction": ("select_list", "submit_button"),
    }
    for name in needed[str(kind)]:
        required(f"{field}.{name}", card.get(name))


CHECKS: dict[str, Callable[[str, Body], None]] = {
    "text": _text,
    "markdown": _text,
    "image": _media,
    "voice": _media,
    "video": _media,
    "file": _media,
    "textcard": _textcard,
    "news": _news,
    "mpnews": _mpnews,
    "miniprogram_notice": _notice,
    "interactive_taskcard": _taskcard,
    "template_card": check_card,
}
