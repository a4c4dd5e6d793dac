"""Named refusals of segments."""

from __future__ import annotations

from collections.abc import Mapping

from wellspring.platform.errors import Conflict, Language, NotFound, Refusal


class InvalidDefinition(Refusal):
    """The tree is wrong; `problems` maps the path of a field (`root.children.0.days`) to its (zh, en) reason."""

    code = "INVALID_DEFINITION"
    status = 422

    def __init__(self, problems: Mapping[str, tuple[str, str]]) -> None:
        self.problems = dict(problems)
        super().__init__(n=len(problems))

    def message(self, language: Language) -> str:
        texts = list(self.problems.values())
        if len(texts) == 1:
            return texts[0][0 if language == "zh" else 1]
        n = len(texts)
        return f"人群条件有 {n} 处不对。" if language == "zh" else f"{n} things in the conditions are wrong."

    def fields(self, language: Language) -> Mapping[str, str]:
        return {path: texts[0 if language == "zh" else 1] for path, texts in self.problems.items()}


class StaleWarehouse(Refusal):
    """A snapshot or a send would rest on figures that are too old."""

    code = "STALE_WAREHOUSE"
    status = 409
    zh = "数据仓库落后太多（{behind_zh}），超过了 {limit} 分钟的限制，先不用它来选人。请稍后再试，或请管理员检查后台任务。"
    en = "The warehouse is too far behind ({behind_en}; the limit is {limit} minutes) to choose people from. Try again later, or have the background jobs checked."


class SegmentTooCostly(Refusal):
    """The question would read more rows than the setting allows. `path`: the leaf that reads the most."""

    code = "SEGMENT_TOO_COSTLY"
    status = 422
    zh = "这些条件要读约 {rows} 百万行数据，超过了 {limit} 百万行的限制，不会有结果。最费的是标出的条件（约 {leaf_rows} 百万行）：把它的时间范围缩短，或换成算好的特征。"
    en = "These conditions would read about {rows} million rows; the limit is {limit} million, so no answer is to be expected. The marked condition reads the most (about {leaf_rows} million): shorten its window, or ask for a kept feature instead."

    def __init__(self, path: str, *, rows: int, limit: int, leaf_rows: int) -> None:
        self.path = path
        super().__init__(rows=rows, limit=limit, leaf_rows=leaf_rows)

    def fields(self, language: Language) -> Mapping[str, str]:
        return {self.path: "这个条件读的数据最多。" if language == "zh" else "This condition reads the most."}


class SegmentNotFound(NotFound):
    code = "SEGMENT_NOT_FOUND"

    def __init__(self) -> None:
        super().__init__(what="")

    zh = "找不到这个人群，可能已被删除。"
    en = "This segment was not found; it may have been deleted."


class SegmentChanged(Conflict):
    """Optimistic locking: the version that was edited is not the newest one any more."""

    code = "SEGMENT_CHANGED"
    zh = "在你编辑的时候，{who}已经存了第 {version} 版。请打开新版再改。"
    en = "While you were editing, {who} saved version {version}. Open the newer version and change that."


class CustomerNotFound(NotFound):
    code = "CUSTOMER_NOT_FOUND"

    def __init__(self) -> None:
        super().__init__(what="")

    zh = "找不到这位客户，可能已被合并，或不在你的数据范围内。"
    en = "This customer was not found: merged into another one, or outside your data scope."


class TaggingNotFound(NotFound):
    code = "SEGMENT_TAGGING_NOT_FOUND"

    def __init__(self) -> None:
        super().__init__(what="")

    zh = "找不到这次打标签。"
    en = "This tagging was not found."


class NotWatched(NotFound):
    """Members are only kept of segments that somebody watches."""

    code = "SEGMENT_NOT_WATCHED"

    def __init__(self) -> None:
        super().__init__(what="")

    zh = "这个人群没有设为持续更新，所以没有进出记录。请先打开「持续更新」。"
    en = "This segment's members are not kept up to date, so nobody is known to have entered or left. Switch that on first."
