"""What commerce refuses."""

from __future__ import annotations

from wellspring.platform.errors import Conflict, NotFound, Refusal


class OrderNotFound(NotFound):
    code = "order_not_found"
    zh = "找不到这张订单，可能不在你的数据范围内。"
    en = "This order was not found; it may be outside your data scope."


class ImportNotFound(NotFound):
    code = "import_not_found"
    zh = "找不到这次导入。"
    en = "This import was not found."


class UploadTooLarge(Refusal):
    code = "upload_too_large"
    status = 413
    zh = "文件超过 {limit_mb} MB 的上限，请拆成几个再传。"
    en = "The file is larger than the limit of {limit_mb} MB: split it and upload the parts."


class UploadMissing(Refusal):
    code = "upload_missing"
    status = 422
    zh = "请求里没有文件（字段名 file，multipart/form-data）。"
    en = "The request carries no file (field name `file`, multipart/form-data)."


class UnreadableFile(Refusal):
    """The file as a whole can't be read; `why_zh`, `why_en` name the place."""

    code = "unreadable_file"
    status = 422
    zh = "文件读不了：{why_zh}"
    en = "The file can't be read: {why_en}"


class ImportNotReady(Conflict):
    code = "import_not_ready"
    zh = "这次导入现在的状态是“{status}”，不能做这一步。"
    en = "This import is {status}: this step can't be done now."


class ImportFileGone(Conflict):
    code = "import_file_gone"
    zh = "这次导入的文件已经不在服务器上了，请重新上传。"
    en = "The file of this import is no longer on the server: upload it again."


class IdempotencyKeyReused(Conflict):
    code = "idempotency_key_reused"
    zh = "这个 Idempotency-Key 之前用在了另一份内容上。"
    en = "This Idempotency-Key was used before with other content."
