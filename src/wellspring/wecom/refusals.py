"""What this domain refuses over HTTP, by name."""

from __future__ import annotations

from wellspring.platform.errors import Conflict


class CompanyNotConnected(Conflict):
    code = "wecom_not_connected"
    zh = "还没有连接企业微信：请先在设置里填写企业 ID、Secret 与回调参数。"
    en = "No WeCom company is connected yet: enter corp id, secret and callback settings first."


class NotOpen(Conflict):
    code = "wecom_not_open"
    zh = "这条记录的状态是“{status}”，不能再做这个操作。"
    en = "This record is {status}: the action no longer applies."
