"""Acts of customers on acquisition links (reference, 5.5 and 18)."""

from wecom_sim.acquisition.state import Acquisition
from wecom_sim.contacts.state import Contacts, Relation
from wecom_sim.errors import ActionError
from wecom_sim.kernel import Kernel
from wecom_sim.people.actions import People, ScanResult

ADD_WAY_LINK = 16  # CODE
STATE_BYTES = 64  # PQ: customer_channel is cut beyond


class Acquiring:
    def __init__(self, kernel: Kernel, contacts: Contacts, acquisition: Acquisition, people: People) -> None:
        self._kernel = kernel
        self._contacts = contacts
        self._acquisition = acquisition
        self._people = people

    def open(self, token: str, external_userid: str, channel: str) -> None:
        """Open a link without adding anybody."""
        link = self._acquisition.by_token(token)
        self._contacts.customer(external_userid)
        self._acquisition.count_click(link, external_userid, _cut(channel))

    def add(self, token: str, external_userid: str, channel: str) -> ScanResult:
        """Open a link and add the member behind it: a friend is made, or waits for the member."""
        link = self._acquisition.by_token(token)
        customer = self._contacts.customer(external_userid)
        state = _cut(channel)
        self._acquisition.count_click(link, external_userid, state)
        member = self._acquisition.pick(link, external_userid)
        known = self._contacts.relation(member.userid, external_userid)
        if known is not None and known.status in ("friend", "half", "requested"):
            return ScanResult(external_userid, member.userid, known.status, True)
        if not self._acquisition.quota.balance():
            raise ActionError("quota_exhausted", "The company's quota is used up: the link adds nobody.")
        relation = Relation(
            userid=member.userid, external_userid=external_userid, createtime=self._kernel.clock.stamp(),
            add_way=ADD_WAY_LINK, oper_userid=external_userid, state=state,
            half=link.skip_verify and not member.confirmed, requested=not link.skip_verify,
        )  # fmt: skip
        relation = self._people.renew(relation, known)
        self._acquisition.bring(link, relation)
        code = self._people.announce(relation, member, customer)
        return ScanResult(external_userid, member.userid, relation.status, False, code)


def _cut(channel: str) -> str:
    return channel.encode()[:STATE_BYTES].decode(errors="ignore")
