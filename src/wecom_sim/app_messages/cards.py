"""Template cards: what the platform checks before it sends one (reference, 13.1; codes 42027 to 42051 of XE)."""

from typing import Any

from wecom_sim.errors import WireError
from wecom_sim.settings import Settings

INTERACTIVE = ("button_interaction", "vote_interaction", "multiple_interaction")
CARD_TYPES = ("text_notice", "news_notice", *INTERACTIVE)


def _part(body: dict[str, Any], name: str) -> dict[str, Any]:
    value = body.get(name)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise WireError(40058, f"wrong type of {name}")
    return value


def _list(body: dict[str, Any], name: str, most: int, code: int, least: int = 0) -> list[dict[str, Any]]:
    value = body.get(name)
    if value is None:
        value = []
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        raise WireError(40058, f"wrong type of {name}")
    if not least <= len(value) <= most:
        raise WireError(code)
    return value


def _text(body: dict[str, Any], name: str, code: int) -> str:
    value = body.get(name)
    if not isinstance(value, str) or not value:
        raise WireError(code, name)
    return value


def _number(value: Any) -> int:
    return value if isinstance(value, int) else 0


def _target(body: dict[str, Any]) -> None:
    """Where a tap leads: type 1 a url, type 2 a mini program."""
    if body.get("type") == 1:
        _text(body, "url", 42028)
    elif body.get("type") == 2:
        _text(body, "appid", 42030)


def _options(body: dict[str, Any], most: int) -> None:
    _text(body, "question_key", 42043)
    for option in _list(body, "option_list", most, 42037, least=1):
        _text(option, "id", 42040)
        _text(option, "text", 42041)


def _rows(card: dict[str, Any], settings: Settings) -> None:
    for row in _list(card, "horizontal_content_list", settings.card_horizontal_max, 42035):
        _text(row, "keyname", 42027)
        wanted = {1: ("url", 42028), 2: ("media_id", 42029), 3: ("userid", 42050)}.get(_number(row.get("type", 0)))
        if wanted:
            _text(row, *wanted)
    for row in _list(card, "vertical_content_list", settings.card_vertical_max, 42036):
        _text(row, "title", 42033)
    for row in _list(card, "jump_list", settings.card_jumps_max, 42042):
        _text(row, "title", 42033)
        _target(row)


def _heads(card: dict[str, Any], kind: str) -> None:
    title = _part(card, "main_title").get("title")
    if not title and not (kind == "text_notice" and card.get("sub_title_text")):
        raise WireError(42033, "main_title.title")
    if kind == "news_notice":
        _text(_part(card, "card_image") or _part(card, "image_text_area"), "url" if "card_image" in card else "image_url",
              42044)  # fmt: skip
    action = _part(card, "card_action")
    if kind in ("text_notice", "news_notice") and action.get("type") not in (1, 2):
        raise WireError(42045)
    _target(action)


def _menu(card: dict[str, Any], settings: Settings) -> list[str]:
    actions = _list(_part(card, "action_menu"), "action_list", settings.card_menu_max, 40058)
    keys = [_text(one, "key", 40058) for one in actions]
    for one in actions:
        _text(one, "text", 40058)
    if len(set(keys)) != len(keys):
        raise WireError(42051)
    return keys


def check_card(card: Any, settings: Settings) -> dict[str, Any]:
    """The card as it is kept. Raises 42031, 42014 and 42027 to 42051, 40058."""
    if not isinstance(card, dict):
        raise WireError(40063, "missing template_card")
    kind = card.get("card_type")
    if kind not in CARD_TYPES:
        raise WireError(42031)
    _heads(card, kind)
    _rows(card, settings)
    keys = _menu(card, settings)
    if (keys or kind in INTERACTIVE) and not card.get("task_id"):
        raise WireError(42014, "task_id is needed")
    if kind == "button_interaction":
        if "button_selection" in card:
            _options(_part(card, "button_selection"), settings.card_choices_max)
        for button in _list(card, "button_list", settings.card_buttons_max, 42038, least=1):
            _text(button, "text", 42038)
            if button.get("type", 0) == 1:
                _text(button, "url", 42028)
            else:
                _text(button, "key", 42039)
    elif kind == "vote_interaction":
        _options(_part(card, "checkbox"), settings.card_votes_max)
    elif kind == "multiple_interaction":
        for select in _list(card, "select_list", settings.card_selects_max, 42047, least=1):
            _options(select, settings.card_choices_max)
    if kind in ("vote_interaction", "multiple_interaction"):
        _text(_part(card, "submit_button"), "text", 42049)
        _text(_part(card, "submit_button"), "key", 42046)
    return card


def questions(card: dict[str, Any]) -> dict[str, tuple[list[str], bool]]:
    """Per question_key: the option ids, and whether several may be chosen."""
    parts: list[dict[str, Any]] = [card["checkbox"]] if "checkbox" in card else []
    parts += card.get("select_list", [])
    parts += [card["button_selection"]] if "button_selection" in card else []
    return {part["question_key"]: ([one["id"] for one in part["option_list"]], part.get("mode") == 1) for part in parts}


def answer_keys(card: dict[str, Any]) -> list[str]:
    """The keys of what a member can press to answer."""
    if card["card_type"] == "button_interaction":
        return [one["key"] for one in card["button_list"] if one.get("type", 0) != 1]
    return [card["submit_button"]["key"]] if "submit_button" in card else []


def menu_keys(card: dict[str, Any]) -> list[str]:
    return [one["key"] for one in card.get("action_menu", {}).get("action_list", [])]
