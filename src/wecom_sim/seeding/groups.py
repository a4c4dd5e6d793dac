"""Customer groups of a seeded company: of each store's manager, with friends who came in since it was made."""

import random
from collections.abc import Sequence
from dataclasses import replace

from wecom_sim.contacts.state import Relation
from wecom_sim.directory.state import Staff
from wecom_sim.groups.state import BY_LINK, BY_QR, EXTERNAL, INVITED, STAFF, GroupMember
from wecom_sim.simulator import Simulator

NAMES = ("老友群", "福利群", "新品尝鲜群", "手作课群", "会员日提醒群", "邻里群")
DAY = 86_400
MOST = 120  # customers in one group, so that a large company costs little more
SCENES = (INVITED, BY_QR, BY_LINK)
SCENE_WEIGHTS = (50, 35, 15)


def make_groups(sim: Simulator, teams: Sequence[Sequence[Staff]], per_store: int, seed: int) -> None:
    """`per_store` groups of each team's first member. Draws of its own: the people of a seed stay the same with it."""
    rand = random.Random(f"groups {seed}")  # noqa: S311
    for team in teams:
        owner = team[0]
        store = sim.directory.departments.rows[str(owner.departments[0])].name
        friends = [one for one in sim.contacts.of_staff[owner.userid] if one.status == "friend"]
        for number in range(per_store):
            name = NAMES[number % len(NAMES)] + (str(number // len(NAMES) + 1) if number >= len(NAMES) else "")
            _make(sim, rand, f"{store}{name}", team, friends)


def _make(sim: Simulator, rand: random.Random, name: str, team: Sequence[Staff], friends: Sequence[Relation]) -> None:
    now = sim.kernel.clock.stamp()
    made = now - rand.randrange(30 * DAY, 300 * DAY)
    owner, colleagues = team[0], rand.sample(list(team[1:]), min(2, len(team) - 1))
    chosen = rand.sample(list(friends), min(len(friends), rand.randrange(MOST // 3, MOST)))
    members = [GroupMember(one.userid, STAFF, made, INVITED, owner.userid) for one in colleagues]
    members += [_member(rand, relation, owner, made, now) for relation in chosen]
    chat = sim.groups.create(owner, name, members, at=made)
    chat.members = [replace(chat.members[0], join_time=made), *sorted(members, key=lambda one: one.join_time)]
    chat.notice = "每周三会员日，群里先发新品。" if rand.random() < 0.5 else ""
    sim.groups.rows.touch(chat.chat_id)


def _member(rand: random.Random, relation: Relation, owner: Staff, made: int, now: int) -> GroupMember:
    (scene,) = rand.choices(SCENES, SCENE_WEIGHTS)
    since = max(made, relation.createtime)
    joined = since + int(rand.random() * (now - since))
    invitor = "" if scene == BY_QR else owner.userid
    state = "store-table" if scene == BY_QR else ""
    return GroupMember(relation.external_userid, EXTERNAL, joined, scene, invitor, state=state)
