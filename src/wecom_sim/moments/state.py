"""Rules of moments (reference, section 10)."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from wecom_sim.clock import SHANGHAI
from wecom_sim.contacts.state import Contacts
from wecom_sim.directory.state import Directory
from wecom_sim.errors import WireError
from wecom_sim.kernel import Kernel
from wecom_sim.store import Table
from wecom_sim.tags.state import Tags

STARTED, RUNNING, DONE = 1, 2, 3
CORP, PERSONAL = 0, 1
Remark = Literal["like", "comment"]


@dataclass
class Moment:
    """`creator`: the member of a personal one, empty for one of the company. `tags`: visible only to customers with one
    of them (empty = public). `userids`: who has to confirm. It is there once its job is done (`ready_at`)."""

    moment_id: str
    jobid: str
    agentid: int
    creator: str
    create_time: int
    ready_at: float
    text: str
    attachments: list[dict[str, Any]]
    tags: list[str]
    userids: list[str]
    invalid_users: list[str] = field(default_factory=list)
    invalid_departments: list[int] = field(default_factory=list)
    invalid_tags: list[str] = field(default_factory=list)
    location: dict[str, str] = field(default_factory=dict)
    cancelled_at: float = 0.0
    deleted: bool = False


@dataclass
class Reaction:
    """A like or a comment: of a customer, or of a member (`userid`)."""

    kind: Remark
    create_time: int
    external_userid: str = ""
    userid: str = ""
    text: str = ""


@dataclass
class Publication:
    """One member's part of a moment. `chosen`: customers it was meant for; `seen`: those who really can see it."""

    moment_id: str
    userid: str
    published_at: int = 0
    chosen: list[str] = field(default_factory=list)
    seen: list[str] = field(default_factory=list)
    reactions: list[Reaction] = field(default_factory=list)


def publication_key(moment_id: str, userid: str) -> str:
    return f"{moment_id}|{userid}"


class Moments:
    def __init__(self, kernel: Kernel, directory: Directory, contacts: Contacts, tags: Tags) -> None:
        self._kernel = kernel
        self._directory = directory
        self._contacts = contacts
        self._tags = tags
        self.rows: Table[Moment] = Table(kernel.store, "moment", Moment)
        self.publications: Table[Publication] = Table(kernel.store, "moment_publication", Publication)
        self._by_job: dict[str, str] = {row.jobid: row.moment_id for row in self.rows if row.jobid}
        self._tasks_of: dict[str, list[str]] = defaultdict(list)
        self._feeds: dict[str, list[Publication]] = defaultdict(list)
        # Told of every publication, once it is known who sees it.
        self.on_publish: list[Callable[[Moment, Publication], None]] = []
        for part in self.publications:
            self._tasks_of[part.userid].append(part.moment_id)
            for external_userid in part.seen:
                self._feeds[external_userid].append(part)

    # -- by API ------------------------------------------------------------------------------------------------------
    def create(
        self, *, agentid: int, text: str, attachments: list[dict[str, Any]], users: list[str], departments: list[int],
        tags: list[str], visible: set[str],
    ) -> Moment:  # fmt: skip
        """One job; its moment is there when the job is done. Raises 41078.

        No sender and no tag: everyone in range. Senders: those of them in range. Tags alone: the followers, in range,
        of customers with one of the tags (PQ 95094).
        """
        settings, now = self._kernel.settings, self._kernel.clock.now()
        running = sum(1 for one in self.rows if one.jobid and one.ready_at > now)
        if settings.moment_jobs_running_max and running >= settings.moment_jobs_running_max:
            raise WireError(41078)
        staff = self._directory.staff
        able = [one.userid for one in staff if one.userid in visible and one.in_service and one.follow_enabled]
        live_tags = [one for one in tags if self._tags.live(one) is not None]
        known = [one for one in departments if self._directory.department(one) is not None]
        if users or departments:
            named = {*users, *(one.userid for one in self._directory.expand(known))}
            senders = [one for one in able if one in named]
        elif tags:
            senders = [one for one in able if self._audience(one, live_tags)]
        else:
            senders = able
        moment = Moment(
            self._kernel.ids.text("moment", "mom", 32), self._kernel.ids.text("moment_job", "", 43), agentid, "",
            int(now), now + settings.moment_job_seconds, text, attachments, live_tags if tags else [],
            [] if tags and not live_tags else senders,
            invalid_users=[one for one in users if one not in able],
            invalid_departments=[one for one in departments if one not in known],
            invalid_tags=[one for one in tags if one not in live_tags],
        )  # fmt: skip
        self._put(moment)
        self._kernel.ledger.write("moment_created", moment_id=moment.moment_id, members=len(moment.userids))
        return moment

    def _put(self, moment: Moment) -> None:
        self.rows.put(moment.moment_id, moment)
        if moment.jobid:
            self._by_job[moment.jobid] = moment.moment_id
        for userid in moment.userids:
            part = Publication(moment.moment_id, userid)
            self.publications.put(publication_key(moment.moment_id, userid), part)
            self._tasks_of[userid].append(moment.moment_id)

    def _audience(self, userid: str, tags: list[str]) -> list[str]:
        """The member's customers, with one of the tags where there are any."""
        wanted = set(tags)
        return [
            one.external_userid
            for one in self._contacts.of_staff[userid]
            if one.on_api and (not wanted or wanted.intersection(one.tags))
        ]

    def job(self, jobid: str) -> tuple[Moment, int]:
        """A job's moment and how far it is. Raises 40058 for an unknown jobid or one older than 24 h."""
        settings, now = self._kernel.settings, self._kernel.clock.now()
        moment = self.rows.get(self._by_job.get(jobid, ""))
        if moment is None or now - moment.create_time > settings.moment_job_life_seconds:
            raise WireError(40058, "jobid")
        if now >= moment.ready_at:
            return moment, DONE
        began = moment.ready_at - settings.moment_job_seconds
        return moment, RUNNING if now >= began + settings.moment_job_start_seconds else STARTED

    def is_there(self, moment: Moment) -> bool:
        return not moment.deleted and moment.ready_at <= self._kernel.clock.now()

    def by_id(self, moment_id: str) -> Moment:
        """Raises 41059, 41060, 41079 (its job still runs)."""
        if not moment_id:
            raise WireError(41059)
        moment = self.rows.get(moment_id)
        if moment is None or moment.deleted:
            raise WireError(41060)
        if not self.is_there(moment):
            raise WireError(41079)
        return moment

    def of_company(self, moment_id: str) -> Moment:
        """Raises 41067 for a member's own moment."""
        moment = self.by_id(moment_id)
        if moment.creator:
            raise WireError(41067)
        return moment

    def published(self, moment_id: str, userid: str) -> Publication:
        """Raises 41009, 41061 (not of this member), 41062 (not yet published)."""
        moment = self.by_id(moment_id)
        if not userid:
            raise WireError(41009)
        part = self.publications.get(publication_key(moment.moment_id, userid))
        if part is None:
            raise WireError(41061)
        if not part.published_at:
            raise WireError(41062)
        return part

    def parts(self, moment: Moment) -> list[Publication]:
        return [self.publications.rows[publication_key(moment.moment_id, one)] for one in moment.userids]

    def cancel(self, moment_id: str) -> None:
        """What is not published yet never will be. Raises 41093 the second time."""
        moment = self.of_company(moment_id)
        if moment.cancelled_at:
            raise WireError(41093)
        moment.cancelled_at = self._kernel.clock.now()
        self.rows.touch(moment_id)
        self._kernel.ledger.write("moment_cancelled", moment_id=moment_id)

    # -- by people ---------------------------------------------------------------------------------------------------
    def tasks_of_staff(self, userid: str) -> list[tuple[Moment, Publication]]:
        """What a member has to confirm or has published, the newest first."""
        pairs = [
            (self.rows.rows[one], self.publications.rows[publication_key(one, userid)])
            for one in reversed(self._tasks_of[userid])
        ]
        return [(moment, part) for moment, part in pairs if self.is_there(moment)]

    def make_personal(
        self, userid: str, text: str, attachments: list[dict[str, Any]], tags: list[str], location: dict[str, str]
    ) -> Moment:
        """A member's own moment, published at once."""
        now = self._kernel.clock.now()
        moment = Moment(
            self._kernel.ids.text("moment", "mom", 32), "", 0, userid, int(now), now, text, attachments, tags, [userid],
            location=location,
        )  # fmt: skip
        self._put(moment)
        self.publish(moment, self.publications.rows[publication_key(moment.moment_id, userid)])
        return moment

    def publish(self, moment: Moment, part: Publication) -> None:
        part.published_at = self._kernel.clock.stamp()
        part.chosen = self._audience(part.userid, moment.tags)
        part.seen = [one for one in part.chosen if self._can_see(part.userid, one, personal=bool(moment.creator))]
        for external_userid in part.seen:
            self._feeds[external_userid].append(part)
        self.publications.touch(publication_key(part.moment_id, part.userid))
        self._kernel.ledger.write(
            "moment_published", part.userid, moment_id=part.moment_id, chosen=len(part.chosen), seen=len(part.seen)
        )
        for hear in self.on_publish:
            hear(moment, part)

    def _can_see(self, userid: str, external_userid: str, personal: bool) -> bool:
        """A friend who is below the display cap: so many of the company's a month, of a member's own a day."""
        relation = self._contacts.relation(userid, external_userid)
        if relation is None or relation.status != "friend":
            return False
        settings = self._kernel.settings
        most = settings.moment_staff_per_day if personal else settings.moment_corp_per_month
        now = datetime.fromtimestamp(self._kernel.clock.now(), SHANGHAI)
        start = now.replace(hour=0, minute=0, second=0, microsecond=0)
        since = (start if personal else start.replace(day=1)).timestamp()
        had = sum(
            1
            for one in self._feeds[external_userid]
            if one.published_at >= since
            and bool(self.rows.rows[one.moment_id].creator) == personal
            and (not personal or one.userid == userid)
        )
        return not most or had < most

    def feed(self, external_userid: str) -> list[tuple[Moment, Publication]]:
        """What a customer sees, the newest first."""
        pairs = [(self.rows.rows[one.moment_id], one) for one in reversed(self._feeds[external_userid])]
        return [(moment, part) for moment, part in pairs if not moment.deleted]
