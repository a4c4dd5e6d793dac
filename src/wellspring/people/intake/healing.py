"""One customer read again at WeCom, on demand: whatever callbacks lost of them is mended."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from wellspring.people.intake.complete import announce_gone
from wellspring.people.intake.contacts import take_facts, tell_corrections
from wellspring.people.intake.facts import of_detail
from wellspring.people.intake.lives import end_unseen_customers
from wellspring.platform.runtime import Platform
from wellspring.wecom import facade as wecom

NOT_HELD = ("not_a_friend", "not_a_customer")
"""No member in the app's sight holds the customer: an answer, not a failure."""


def heal_customer(platform: Platform, external_userids: Sequence[str]) -> dict[str, int]:
    """Read these identities of one customer and write down what WeCom shows, friendships that ended included. Answers
    what was corrected, by the words of the sync. Raises WecomError; nothing is written then."""
    client = wecom.get_client(platform)
    read: list[tuple[str, wecom.CustomerDetail | None, datetime]] = []
    for external_userid in external_userids:
        since = platform.clock.now()
        try:
            read.append((external_userid, client.customers.get(external_userid), since))
        except wecom.GiveUp as error:
            if error.reason not in NOT_HELD:
                raise
            read.append((external_userid, None, since))
    corrected: Counter[str] = Counter()
    with platform.database.unit_of_work() as session:
        for external_userid, detail, since in read:
            taken = take_facts(session, platform, of_detail(detail, since), cause="refresh")
            corrected.update(tell_corrections(session, platform, taken))
            gone = end_unseen_customers(session, [external_userid], since)
            announce_gone(session, platform, gone, since)
            corrected["friend_removed"] += len(gone)
    return {word: count for word, count in corrected.items() if count}
