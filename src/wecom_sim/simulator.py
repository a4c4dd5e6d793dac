"""One simulated platform: all areas put together."""

import gc
from collections.abc import Callable
from pathlib import Path
from typing import Any

from wecom_sim.acquisition.state import Acquisition
from wecom_sim.album.state import Album
from wecom_sim.app_messages.state import AppMessages
from wecom_sim.archive.state import Archive
from wecom_sim.auth.state import Auth
from wecom_sim.callbacks.state import Callback
from wecom_sim.chats import Chats
from wecom_sim.clock import ClockState
from wecom_sim.contacts.state import Contacts
from wecom_sim.directory.state import Department, Directory
from wecom_sim.faults.state import Faults
from wecom_sim.groups.handover import GroupHandover
from wecom_sim.groups.join_ways import JoinWays
from wecom_sim.groups.lines import GroupLines
from wecom_sim.groups.state import Groups
from wecom_sim.groups.templates import GroupTemplates
from wecom_sim.inheritance.state import Transfers
from wecom_sim.intercept.state import Intercept
from wecom_sim.kernel import Kernel
from wecom_sim.kf.state import KfAccounts
from wecom_sim.kf.talk import KfTalk
from wecom_sim.media.attachments import Attachments
from wecom_sim.media.state import MediaStore
from wecom_sim.messages.state import Messages
from wecom_sim.messages.to_groups import GroupSends
from wecom_sim.moments.state import Moments
from wecom_sim.oauth.state import OAuth
from wecom_sim.people.acquiring import Acquiring
from wecom_sim.people.actions import People
from wecom_sim.people.answering import Answering
from wecom_sim.people.groups import GroupPeople
from wecom_sim.people.living import Living
from wecom_sim.people.sending import Sending
from wecom_sim.people.serving import Serving
from wecom_sim.people.showing import Showing
from wecom_sim.population.state import Population
from wecom_sim.settings import Settings
from wecom_sim.store import Store
from wecom_sim.strategies.state import Strategies
from wecom_sim.tags.state import Tags
from wecom_sim.ways.state import Ways
from wecom_sim.ways.temporary import Temporary
from wecom_sim.welcome.state import Welcome


class Simulator:
    """Everything that is remembered, and the rules on it. Not thread-safe: one event loop owns it."""

    def __init__(self, state_file: Path | None = None, seed: int = 1) -> None:
        self.store = Store(state_file)
        self.on_wake: Callable[[], None] = lambda: None
        self.on_due: Callable[[], None] = lambda: None
        self.on_skip: Callable[[Callback], None] = lambda row: None
        self._wire_up(seed)

    def _wire_up(self, seed: int, clock: ClockState | None = None, settings: Settings | None = None) -> None:
        self.kernel = Kernel(self.store, seed, clock, settings)
        kernel = self.kernel
        kernel.callbacks.wake = lambda: self.on_wake()
        kernel.callbacks.skipped = lambda row: self.on_skip(row)
        kernel.due.wake = lambda: self.on_due()
        self.auth = Auth(kernel)
        self.directory = Directory(kernel)
        self.tags = Tags(kernel)
        self.contacts = Contacts(kernel, self.directory, self.tags)
        self.media = MediaStore(kernel)
        self.ways = Ways(kernel, self.directory, self.contacts)
        self.chats = Chats(kernel, self.contacts)
        self.welcome = Welcome(kernel, self.contacts, self.chats)
        self.groups = Groups(kernel, self.directory)
        self.group_lines = GroupLines(kernel, self.groups.history)
        self.group_templates = GroupTemplates(kernel)
        self.group_handover = GroupHandover(kernel, self.directory, self.groups)
        self.join_ways = JoinWays(kernel, self.ways, self.groups)
        self.transfers = Transfers(kernel, self.directory, self.contacts, self.chats)
        sends = GroupSends(kernel, self.groups, self.group_lines)
        self.messages = Messages(kernel, self.contacts, self.chats, sends)
        self.faults = Faults()
        kernel.keep_in_memory("faults", self.faults.save, self.faults.load)
        self.people = People(
            kernel, self.directory, self.contacts, self.tags, self.ways, self.chats, self.welcome, self.messages
        )
        self.group_people = GroupPeople(
            kernel, self.directory, self.contacts, self.groups, self.join_ways, self.group_templates, self.group_lines
        )
        self.sending = Sending(self.directory, self.contacts, self.chats, self.media, self.group_people)
        self.oauth = OAuth(kernel, self.directory, self.contacts)
        self.app_messages = AppMessages(kernel, self.directory)
        self.answering = Answering(kernel, self.directory, self.app_messages)
        self.attachments = Attachments(kernel, self.media)
        self.moments = Moments(kernel, self.directory, self.contacts, self.tags)
        self.showing = Showing(kernel, self.directory, self.contacts, self.tags, self.moments)
        self.acquisition = Acquisition(kernel, self.directory, self.contacts)
        self.acquiring = Acquiring(kernel, self.contacts, self.acquisition, self.people)
        self.people.on_friend.append(self.acquisition.friend_made)
        self.chats.on_say.append(self.acquisition.said)
        self.kf_accounts = KfAccounts(kernel, self.directory)
        self.kf_talk = KfTalk(kernel, self.kf_accounts)
        self.serving = Serving(kernel, self.contacts, self.kf_accounts, self.kf_talk)
        self.album = Album(kernel)
        self.intercept = Intercept(kernel, self.directory)
        self.chats.before_say.append(self.intercept.look_at)
        self.strategies = Strategies(kernel, self.tags)
        self.archive = Archive(kernel)
        self.temporary = Temporary(kernel, self.contacts, self.chats)
        self.people.may_scan.append(self.temporary.may_scan)
        self.people.on_scan.append(self.temporary.begin)
        self.ways.uncounted = lambda: len(self.temporary.rows)
        self.population = Population(
            kernel, self.contacts, self.chats, self.groups, self.group_lines, self.moments
        )  # fmt: skip
        self.living = Living(
            kernel, self.contacts, self.ways, self.groups, self.join_ways, self.people, self.group_people,
            self.showing, self.population,
        )  # fmt: skip
        if not len(self.directory.departments):
            self.directory.departments.put("1", Department(1, kernel.company.name, 0, 100_000_000))

    def reset(self, seed: int = 1) -> None:
        """Back to an empty company: state, clock, settings, faults and ledger are gone; ids begin anew."""
        self.store.clear()
        self._wire_up(seed)
        self._let_go()

    def begin_anew(self, seed: int) -> None:
        """Like reset, but clock, settings and callback URL stay: used before seeding."""
        clock, settings, company = self.kernel.clock.state, self.kernel.settings, self.kernel.company
        self.store.clear()
        self._wire_up(seed, clock, settings)
        self._let_go()
        self.kernel.company.callback_url = company.callback_url

    def restore(self, path: Path, seed: int, now: float, in_memory: dict[str, Any]) -> None:
        """Become what the snapshot at `path` is; the clock goes on from `now`."""
        with self.store.loading(path):
            self._wire_up(seed)
        self._let_go()
        self.kernel.clock.resume(now)
        self.kernel.load_in_memory(in_memory)
        self.on_wake()
        self.on_due()

    @staticmethod
    def _let_go() -> None:
        """Seeding keeps a large population out of garbage collections; once replaced, it must be collected."""
        if gc.get_freeze_count():
            gc.unfreeze()
            gc.collect()

    def commit(self) -> None:
        self.kernel.commit()

    def close(self) -> None:
        self.commit()
        self.store.close()
