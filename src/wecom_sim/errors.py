"""Error codes of the wire, verbatim, and the two refusals that the simulator raises."""

CODES: dict[int, str] = {
    -1: "system busy",
    0: "ok",
    40001: "invalid credential",
    40003: "invalid userid",
    40004: "invalid media type",
    40005: "invalid type param",
    40006: "invalid media size",
    40007: "invalid media_id",
    40008: "invalid message type",
    40009: "invalid image size",
    40011: "invalid video size",
    40013: "invalid corpid",
    40014: "invalid access_token",
    40032: "invalid user list size",
    40039: "invalid url size",
    40058: "invalid Request Parameter",
    40063: "some parameters are empty",
    40068: "invalid tagid",
    40071: "Tag Name Already Exist",
    40072: "invalid tag name size",
    40091: "secret is not matched to corp",
    40094: "invalid url",
    40096: "invalid external userid",
    40126: "corp tags exceed limit",
    40206: "request body too large",
    41001: "access_token missing",
    41002: "corpid missing",
    41004: "secret missing",
    41006: "media_id missing",
    41009: "userid missing",
    41035: "missing external userid",
    41037: "missing contact way type",
    41038: "missing contact way scene",
    41039: "invalid contact way type",
    41040: "invalid contact way scene",
    41041: "contact way user exceed limit",
    41042: "invalid contact way style",
    41043: "missing config_id",
    41044: "invalid config_id",
    41045: "contact way count exceed limit",
    41046: "missing msgid",
    41047: "invalid msgid",
    41048: "no customer to send",
    41049: "missing welcome code",
    41050: "invalid welcome code",
    41051: "external user has started chatting",
    41052: "invalid send time",
    41054: "user not activated or not real-name, or without customer contact",
    41063: "group msg is being dispatched, retry later",
    41064: "attachments exceed limit",
    41065: "invalid attachments msgtype",
    41088: "empty attachment",
    41089: "text and attachments are both empty",
    41093: "group msg already cancelled",
    41094: "remind frequency exceed limit",
    41096: "welcome msg is being sent by another app",
    42001: "access_token expired",
    44001: "empty media data",
    45001: "media size out of limit",
    45009: "api freq out of limit",
    45033: "api concurrent out of limit",
    46004: "user not exist",
    48002: "api forbidden for no authority",
    50100: "invalid cursor",
    60003: "department not found",
    60011: "no privilege to access/modify contact/party/agent",
    60020: "not allow to access from your ip",
    60021: "userid is not in the app's visible range",
    60111: "userid not found",
    84061: "not external contact",
}


class WireError(Exception):
    """A refusal on the wire: HTTP 200 with this errcode. `detail` is appended to the official text."""

    def __init__(self, code: int, detail: str = "") -> None:
        self.code = code
        self.detail = detail
        super().__init__(f"{code} {CODES.get(code, 'error')} {detail}".rstrip())

    @property
    def message(self) -> str:
        text = CODES.get(self.code, "error")
        return f"{text}: {self.detail}" if self.detail else text


class ActionError(Exception):
    """A person's act in the client, or a control call, that can't be done; the control API answers with `status`."""

    def __init__(self, code: str, message: str, status: int = 409) -> None:
        self.code = code
        self.message = message
        self.status = status
        super().__init__(message)
