"""The XML of callbacks (reference, sections 3.3 and 15)."""

from typing import Any


def cdata(text: str) -> str:
    return "<![CDATA[" + text.replace("]]>", "]]]]><![CDATA[>") + "]]>"


def element(name: str, value: Any) -> str:
    """A number as it is, text as CDATA, a mapping as nested elements, a list as the element repeated."""
    if isinstance(value, list):
        return "".join(element(name, one) for one in value)
    if isinstance(value, dict):
        return f"<{name}>" + "".join(element(inner, one) for inner, one in value.items()) + f"</{name}>"
    return f"<{name}>{value}</{name}>" if isinstance(value, int) else f"<{name}>{cdata(value)}</{name}>"


def event_xml(corpid: str, created: int, event: str, fields: dict[str, Any]) -> str:
    """`fields` may replace what the head has (FromUserName, MsgType). Without `event` it is a member's message."""
    head: dict[str, Any] = {
        "ToUserName": corpid,
        "FromUserName": "sys",
        "CreateTime": created,
        "MsgType": "event",
        **({"Event": event} if event else {}),
    }
    return "<xml>" + "".join(element(name, value) for name, value in {**head, **fields}.items()) + "</xml>"


def envelope_xml(corpid: str, agentid: str, encrypted: str) -> str:
    return (
        "<xml>" + element("ToUserName", corpid) + element("AgentID", agentid) + element("Encrypt", encrypted) + "</xml>"
    )
