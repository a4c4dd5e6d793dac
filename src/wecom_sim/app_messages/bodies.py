"""The body of each message type: its fields and limits (reference, 13.1)."""

import re
from collections.abc import Callable
from typing import Any

from wecom_sim.app_messages.cards import check_card
from wecom_sim.errors import WireError
from wecom_sim.wire import Call

Body = dict[str, Any]
TASK_ID = re.compile(r"[A-Za-z0-9_\-@]{1,128}")


def _text(body: Body, name: str, missing: int = 0) -> str:
    value = body.get(name, "")
    if not isinstance(value, str):
        raise WireError(40058, f"wrong type of {name}")
    if missing and not value:
        raise WireError(missing, name)
    return value


def cut(text: str, most: int) -> str:
    """At most that many bytes of UTF-8, cut between characters."""
    return text.encode()[:most].decode(errors="ignore")


def _url(body: Body, name: str, missing: int = 0) -> str:
    url = _text(body, name, missing)
    if len(url.encode()) > 1024:
        raise WireError(40039, name)
    if url and not url.startswith(("http://", "https://")):
        raise WireError(40094, name)
    return url


def _plain(call: Call, body: Body) -> Body:
    return {"content": cut(_text(body, "content", 44004), call.sim.kernel.settings.app_text_bytes)}


def _markdown(call: Call, body: Body) -> Body:
    content = _text(body, "content", 44004)
    if len(content.encode()) > call.sim.kernel.settings.app_markdown_bytes:
        raise WireError(45002)
    return {"content": content}


def _media(kind: str) -> Callable[[Call, Body], Body]:
    def check(call: Call, body: Body) -> Body:
        media_id = _text(body, "media_id", 41006)
        call.sim.media.usable(media_id, kind)
        extra = {name: _text(body, name) for name in ("title", "description")} if kind == "video" else {}
        return {"media_id": media_id, **extra}

    return check


def _textcard(call: Call, body: Body) -> Body:
    settings = call.sim.kernel.settings
    return {
        "title": cut(_text(body, "title", 40063), settings.app_card_title_bytes),
        "description": cut(_text(body, "description", 41033), settings.app_card_description_bytes),
        "url": _url(body, "url", 40063),
        "btntxt": _text(body, "btntxt")[:4] or "详情",
    }


def _articles(body: Body) -> list[Body]:
    articles = body.get("articles")
    if not isinstance(articles, list) or not all(isinstance(one, dict) for one in articles):
        raise WireError(40063, "missing articles")
    if not 1 <= len(articles) <= 8:
        raise WireError(45008)
    return articles


def _news(call: Call, body: Body) -> Body:
    shown = []
    for one in _articles(body):
        article = {"title": cut(_text(one, "title", 40063), 128), "description": cut(_text(one, "description"), 512)}
        article |= {name: _text(one, name) for name in ("appid", "pagepath") if one.get(name)}
        if not article.get("pagepath"):
            _text(one, "url", 40063)
        shown.append(article | {name: _url(one, name) for name in ("url", "picurl") if one.get(name)})
    return {"articles": shown}


def _mpnews(call: Call, body: Body) -> Body:
    shown = []
    for one in _articles(body):
        call.sim.media.usable(_text(one, "thumb_media_id", 41006), "image")
        if len(_text(one, "author").encode()) > 64:
            raise WireError(45032)
        article = {"title": cut(_text(one, "title", 40063), 128), "content": _text(one, "content", 44004)}
        names = ("thumb_media_id", "author", "digest")
        article |= {name: _text(one, name) for name in names if one.get(name)}
        shown.append(article | {"content_source_url": _url(one, "content_source_url")})
    return {"articles": shown}


def _miniprogram(call: Call, body: Body) -> Body:
    if not call.app.miniprogram_appid:
        raise WireError(48002, "only the app of a mini program may send this")
    if call.body.get("touser") == "@all":
        raise WireError(40058, "miniprogram_notice can't go to @all")
    if _text(body, "appid", 90200) != call.app.miniprogram_appid:
        raise WireError(90207)
    if not 4 <= len(_text(body, "title", 40063)) <= 12:
        raise WireError(40058, "title needs 4 to 12 characters")
    items = body.get("content_item") or []
    if not isinstance(items, list) or not all(isinstance(one, dict) for one in items):
        raise WireError(40058, "wrong type of content_item")
    if len(items) > 10:
        raise WireError(90201)
    for one in items:
        if not 1 <= len(_text(one, "key", 90202)) <= 10:
            raise WireError(90202)
        if not 1 <= len(_text(one, "value", 90203)) <= 30:
            raise WireError(90203)
    shown: Body = {
        name: body[name] for name in ("appid", "page", "title", "description", "emphasis_first_item") if name in body
    }
    return {**shown, "content_item": items}


def _task_id(value: Any) -> str:
    if not isinstance(value, str) or not TASK_ID.fullmatch(value):
        raise WireError(42014)
    return value


def _taskcard(call: Call, body: Body) -> Body:
    _task_id(body.get("task_id"))
    buttons = body.get("btn")
    if not isinstance(buttons, list) or not 1 <= len(buttons) <= 2 or not all(isinstance(one, dict) for one in buttons):
        raise WireError(40058, "btn takes one or two buttons")
    for one in buttons:
        if not re.fullmatch(r"[A-Za-z0-9_\-@]{1,128}", _text(one, "key", 42019)):
            raise WireError(42018)
        _text(one, "name", 42020)
    return {
        "title": cut(_text(body, "title", 40063), 128),
        "description": cut(_text(body, "description", 41033), 512),
        "url": _url(body, "url"),
        "task_id": body["task_id"],
        "btn": buttons,
    }


def _card(call: Call, body: Body) -> Body:
    card = check_card(body, call.sim.kernel.settings)
    if card.get("task_id"):
        _task_id(card["task_id"])
    return card


BODIES: dict[str, Callable[[Call, Body], Body]] = {
    "text": _plain,
    "image": _media("image"),
    "voice": _media("voice"),
    "video": _media("video"),
    "file": _media("file"),
    "textcard": _textcard,
    "news": _news,
    "mpnews": _mpnews,
    "markdown": _markdown,
    "miniprogram_notice": _miniprogram,
    "interactive_taskcard": _taskcard,
    "template_card": _card,
}


def body_of(call: Call, msgtype: str) -> Body:
    """The body of the call's message, cut where the platform cuts. Raises 40008 and the codes of its type."""
    if msgtype not in BODIES:
        raise WireError(40008, msgtype)
    body = call.body.get(msgtype)
    if not isinstance(body, dict):
        raise WireError(44004 if msgtype == "text" else 40063, f"missing {msgtype}")
    return BODIES[msgtype](call, body)
