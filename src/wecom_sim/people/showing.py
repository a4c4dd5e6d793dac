"""Acts of members and customers around moments."""

from typing import Any

from wecom_sim.contacts.state import Contacts
from wecom_sim.directory.state import Directory
from wecom_sim.errors import ActionError
from wecom_sim.kernel import Kernel
from wecom_sim.moments.state import Moment, Moments, Publication, Reaction, Remark, publication_key
from wecom_sim.store import Table
from wecom_sim.tags.state import Tags


class Showing:
    def __init__(self, kernel: Kernel, directory: Directory, contacts: Contacts, tags: Tags, moments: Moments) -> None:
        self._kernel = kernel
        self._directory = directory
        self._contacts = contacts
        self._tags = tags
        self._moments = moments

    @property
    def _parts(self) -> Table[Publication]:
        return self._moments.publications

    def confirm(self, userid: str, moment_id: str) -> list[str]:
        """The member publishes one moment of the company, or all that wait ("all"). Answers the moment_ids."""
        self._directory.member(userid)
        tasks = self._moments.tasks_of_staff(userid)
        if moment_id == "all":
            chosen = [(one, part) for one, part in tasks[::-1] if not part.published_at and not one.cancelled_at]
        else:
            chosen = [(one, part) for one, part in tasks if one.moment_id == moment_id]
            if not chosen:
                raise ActionError("no_such_task", f"{userid} has no moment {moment_id}.", 404)
            if chosen[0][1].published_at:
                raise ActionError("task_done", "The moment was published before.")
            if chosen[0][0].cancelled_at:
                raise ActionError("task_cancelled", "The moment was cancelled.")
        for moment, part in chosen:
            self._moments.publish(moment, part)
        return [one.moment_id for one, _ in chosen]

    def publish_own(
        self, userid: str, text: str, attachments: list[dict[str, Any]], tags: list[str], location: dict[str, str]
    ) -> Moment:
        """A member publishes a moment of their own."""
        self._directory.member(userid)
        if not text and not attachments:
            raise ActionError("empty_moment", "There is nothing to publish.", 422)
        for one in tags:
            if self._tags.live(one) is None:
                raise ActionError("no_such_tag", f"There is no tag {one}.", 404)
        return self._moments.make_personal(userid, text, attachments, tags, location)

    def delete(self, userid: str, moment_id: str) -> None:
        """A member deletes a moment of their own: lists show it no more."""
        moment = self._moments.rows.get(moment_id)
        if moment is None or moment.creator != userid or moment.deleted:
            raise ActionError("no_such_moment", f"{userid} has no moment {moment_id}.", 404)
        moment.deleted = True
        self._moments.rows.touch(moment_id)

    def react(self, kind: Remark, moment_id: str, of_userid: str, who: str, text: str) -> Publication:
        """A customer who can see the moment of this member likes it or writes under it; so may its member."""
        part = self._parts.get(publication_key(moment_id, of_userid))
        moment = self._moments.rows.get(moment_id)
        if part is None or not part.published_at or moment is None or moment.deleted:
            raise ActionError("no_such_moment", f"{of_userid} has not published the moment {moment_id}.", 404)
        by_member = who == of_userid
        if not by_member and self._contacts.customer(who).external_userid not in part.seen:
            raise ActionError("not_visible", "This customer can't see the moment.")
        if kind == "comment" and not text.strip():
            raise ActionError("empty_text", "There is nothing to write.", 422)
        named = {"userid": who} if by_member else {"external_userid": who}
        if kind == "like" and any(
            one.kind == "like" and who in (one.userid, one.external_userid) for one in part.reactions
        ):
            raise ActionError("liked_before", "They have liked it before.")
        part.reactions.append(Reaction(kind, self._kernel.clock.stamp(), text=text, **named))
        self._parts.touch(publication_key(moment_id, of_userid))
        self._kernel.ledger.write(f"moment_{kind}", of_userid, "" if by_member else who, moment_id=moment_id, text=text)
        return part
