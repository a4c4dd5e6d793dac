"""Rules of the session archive's HTTP helpers (reference, section 14). The messages themselves come by a library."""

from dataclasses import dataclass, field
from typing import Literal

from wecom_sim.kernel import Kernel
from wecom_sim.store import Table

Agreement = Literal["Agree", "Disagree", "Default_Agree"]


@dataclass
class Permit:
    """Who is archived: userid -> edition (1 office, 2 service, 3 enterprise)."""

    editions: dict[str, int] = field(default_factory=dict)


@dataclass
class Consent:
    userid: str
    external_userid: str
    status: Agreement
    changed_at: int


class Archive:
    def __init__(self, kernel: Kernel) -> None:
        self._kernel = kernel
        self._permits: Table[Permit] = Table(kernel.store, "archive_permit", Permit)
        self.consents: Table[Consent] = Table(kernel.store, "archive_consent", Consent)

    @property
    def editions(self) -> dict[str, int]:
        row = self._permits.get("now")
        return row.editions if row else {}

    def permit(self, editions: dict[str, int]) -> None:
        """An admin says whose chats are archived."""
        self._permits.put("now", Permit(editions))

    def consent(self, userid: str, external_userid: str, status: Agreement) -> Consent:
        """A customer answers the notice; consent raises msg_audit_approved."""
        row = Consent(userid, external_userid, status, self._kernel.clock.stamp())
        self.consents.put(f"{userid}|{external_userid}", row)
        if status == "Agree":
            self._kernel.callbacks.raise_event(
                "change_external_contact",
                ChangeType="msg_audit_approved",
                UserID=userid,
                ExternalUserID=external_userid,
            )
        return row
