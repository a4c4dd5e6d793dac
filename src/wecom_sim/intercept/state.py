"""Rules of sensitive words (reference, section 11)."""

import re
from dataclasses import dataclass, field

from wecom_sim.contacts.state import Relation
from wecom_sim.directory.state import Directory
from wecom_sim.errors import ActionError, WireError
from wecom_sim.kernel import Kernel
from wecom_sim.store import Table

BLOCK, WARN = 1, 2
SEMANTICS = {1: re.compile(r"(?<!\d)1\d{10}(?!\d)"), 2: re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+"), 3: re.compile("红包")}


@dataclass
class InterceptRule:
    """`semantics`: 1 phone number, 2 e-mail address, 3 red packet. `kind`: 1 block and warn, 2 warn."""

    rule_id: str
    name: str
    create_time: int
    words: list[str]
    semantics: list[int]
    kind: int
    users: list[str] = field(default_factory=list)
    departments: list[int] = field(default_factory=list)
    deleted: bool = False

    def strikes(self, text: str) -> bool:
        return any(one in text for one in self.words) or any(SEMANTICS[one].search(text) for one in self.semantics)


class Intercept:
    def __init__(self, kernel: Kernel, directory: Directory) -> None:
        self._kernel = kernel
        self._directory = directory
        self.rows: Table[InterceptRule] = Table(kernel.store, "intercept_rule", InterceptRule)

    def live(self) -> list[InterceptRule]:
        return [one for one in self.rows if not one.deleted]

    def check(self, rule: InterceptRule) -> None:
        """Raises 40063, 40058, 41077, 41068, 41083, 41084, 41076."""
        settings = self._kernel.settings
        if not rule.name:
            raise WireError(40063, "missing rule_name")
        if len(rule.name) > settings.intercept_name_chars:
            raise WireError(40058, "rule_name is too long")
        if any(one.name == rule.name and one.rule_id != rule.rule_id for one in self.live()):
            raise WireError(41077)
        if not rule.words:
            raise WireError(40063, "missing word_list")
        if len(rule.words) > settings.intercept_words_max:
            raise WireError(41068)
        if any(not 1 <= len(one) <= settings.intercept_word_chars for one in rule.words):
            raise WireError(41083)
        if any(one not in SEMANTICS for one in rule.semantics):
            raise WireError(41084)
        if rule.kind not in (BLOCK, WARN):
            raise WireError(40058, "intercept_type")
        if not rule.users and not rule.departments:
            raise WireError(40063, "missing applicable_range")
        if max(len(rule.users), len(rule.departments)) > settings.intercept_range_max:
            raise WireError(41076)

    def add(self, rule: InterceptRule) -> InterceptRule:
        """Raises 41069 and what `check` does."""
        self.check(rule)
        if len(self.live()) >= self._kernel.settings.intercept_rules_max:
            raise WireError(41069)
        rule.rule_id = self._kernel.ids.text("intercept_rule", "", 32)
        return self.rows.put(rule.rule_id, rule)

    def by_id(self, rule_id: str) -> InterceptRule:
        """Raises 41070, 41071."""
        rule = self.rows.get(rule_id)
        if rule is None:
            raise WireError(41070)
        if rule.deleted:
            raise WireError(41071)
        return rule

    def look_at(self, relation: Relation, side: str, text: str) -> None:
        """A member is about to write: note what a rule strikes, and stop it where the rule says so (ActionError)."""
        if side != "staff":
            return
        for rule in self.live():
            members = {*rule.users, *(one.userid for one in self._directory.expand(rule.departments))}
            if relation.userid not in members or not rule.strikes(text):
                continue
            blocked = rule.kind == BLOCK
            self._kernel.ledger.write(
                "chat_intercepted", relation.userid, relation.external_userid, rule_id=rule.rule_id, blocked=blocked,
                text=text,
            )  # fmt: skip
            if blocked:
                raise ActionError("intercepted", f"The rule {rule.name} stopped this message.")
