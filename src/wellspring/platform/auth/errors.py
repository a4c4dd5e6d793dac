"""Refusals of sign-in and accounts."""

from __future__ import annotations

from collections.abc import Mapping

from wellspring.platform.errors import Conflict, Language, Refusal


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
