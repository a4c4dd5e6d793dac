"""Refusals of sign-in and accounts."""

from __future__ import annotations

from collections.abc import Mapping

from wellspring.platform.errors import Conflict, Invalid, Language, Refusal


class BadCredentials(Refusal):
    code = "bad_credentials"
    status = 401
    zh = "账号或密码不对。"
    en = "The login or the password is wrong."


class TooManyAttempts(Refusal):
    code = "too_many_attempts"
    status = 429
    zh = "尝试次数太多，请 {minutes} 分钟后再试。"
    en = "Too many attempts: try again in {minutes} minutes."


class CsrfRefused(Refusal):
    code = "csrf_refused"
    status = 403
    zh = "请求缺少防伪标记，请刷新页面后再试。"
    en = "The request lacks its anti-forgery token: reload the page and try again."


class LoginTaken(Conflict):
    code = "login_taken"
    zh = "账号「{login}」已经存在。"
    en = "The login “{login}” exists already."

    def fields(self, language: Language) -> Mapping[str, str] | None:
        return {"login": self.message(language)}


class WeakPassword(Refusal):
    code = "weak_password"
    status = 422
    zh = "密码至少 10 个字符。"
    en = "A password needs at least 10 characters."

    def fields(self, language: Language) -> Mapping[str, str] | None:
        return {"password": self.message(language)}


class LastAdministrator(Conflict):
    code = "last_administrator"
    zh = "这是最后一个能用的管理员账号。先让另一个账号成为管理员，再来改这一个。"
    en = "This is the last working administrator. Make another account an administrator first."


class OwnAccount(Conflict):
    code = "own_account"
    zh = "不能停用自己的账号。"
    en = "You cannot disable your own account."


class NotByWecom(Invalid):
    code = "not_by_wecom"

    def __init__(self) -> None:
        super().__init__(
            field="follow_rules",
            zh="这个账号没有用企业微信登录过，权限不能按登录规则走。",
            en="This account has never signed in by WeCom: the sign-in rules can't decide its rights.",
        )


class ScopeIncomplete(Invalid):
    """The scope names no store, region or staff member."""

    code = "scope_incomplete"

    def __init__(self, *, field: str) -> None:
        super().__init__(
            field=field,
            zh="请选择数据范围里的门店、区域或成员。",
            en="Choose the store, region or staff member of the scope.",
        )


class WrongOldPassword(Refusal):
    code = "wrong_old_password"
    status = 422
    zh = "原来的密码不对。"
    en = "The old password is wrong."

    def fields(self, language: Language) -> Mapping[str, str] | None:
        return {"old": self.message(language)}


class ExpiryPassed(Invalid):
    code = "expiry_passed"

    def __init__(self) -> None:
        super().__init__(field="expires_at", zh="到期时间要在将来。", en="The expiry must lie in the future.")


class TokenMakesNoToken(Refusal):
    code = "token_makes_no_token"
    status = 403
    zh = "令牌不能再生成令牌，请由管理员登录后操作。"
    en = "A token cannot make tokens: an administrator has to sign in for that."


class OwnScopeNeedsPerson(Invalid):
    code = "own_scope_needs_person"

    def __init__(self) -> None:
        super().__init__(
            field="scope.kind",
            zh="令牌不属于哪位成员，不能用「自己的客户」。",
            en="A token belongs to no staff member: it cannot have the scope “own”.",
        )
