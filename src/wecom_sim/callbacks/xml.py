"""The XML of callbacks (reference, sections 3.3 and 15)."""


def cdata(text: str) -> str:
    return "<![CDATA[" + text.replace("]]>", "]]]]><![CDATA[>") + "]]>"


def element(name: str, value: str | int) -> str:
    return f"<{name}>{value}</{name}>" if isinstance(value, int) else f"<{name}>{cdata(value)}</{name}>"


def event_xml(corpid: str, created: int, event: str, fields: dict[str, str | int]) -> str:
    head: dict[str, str | int] = {
        "ToUserName": corpid,
        "FromUserName": "sys",
        "CreateTime": created,
        "MsgType": "event",
        "Event": event,
    }
    return "<xml>" + "".join(element(name, value) for name, value in {**head, **fields}.items()) + "</xml>"


def envelope_xml(corpid: str, agentid: str, encrypted: str) -> str:
    return (
        "<xml>" + element("ToUserName", corpid) + element("AgentID", agentid) + element("Encrypt", encrypted) + "</xml>"
    )
