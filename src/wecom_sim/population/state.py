"""The population: who is in it, what reaches them, what they do and when."""

from collections.abc import Iterator
from dataclasses import asdict
from math import log
from typing import Any

import orjson
from pydantic import TypeAdapter, ValidationError

from wecom_sim.chats import Chats, Origin, Side
from wecom_sim.clock import midnight
from wecom_sim.contacts.state import Contacts, Relation
from wecom_sim.content import Content
from wecom_sim.errors import ActionError
from wecom_sim.groups.lines import GroupLines
from wecom_sim.groups.state import EXTERNAL, Groups
from wecom_sim.kernel import Kernel
from wecom_sim.moments.state import Moment, Moments, Publication
from wecom_sim.population.chance import shifted_odds, uniforms
from wecom_sim.population.content import Marks, Reader
from wecom_sim.population.days import planned
from wecom_sim.population.orders import Orders
from wecom_sim.population.parameters import Channel, Parameters
from wecom_sim.population.persons import Person, Persons
from wecom_sim.population.profile import DAY, Profile
from wecom_sim.population.rows import Effect, Patience, PopulationRow, Treatment
from wecom_sim.store import Table

DAILY, ACT = "population_day", "population_act"
GENERAL = -1  # the "effect" of a message that no effect matches


class Population:
    """Plans acts; `people/living.py` does them when they are due."""

    def __init__(
        self, kernel: Kernel, contacts: Contacts, chats: Chats, groups: Groups, lines: GroupLines, moments: Moments
    ) -> None:
        self._kernel = kernel
        self._contacts = contacts
        self._chats = chats
        self._groups = groups
        self._rows: Table[PopulationRow] = Table(kernel.store, "population", PopulationRow)
        self.patience: Table[Patience] = Table(kernel.store, "population_patience", Patience)
        self.effects: Table[Effect] = Table(kernel.store, "population_effect", Effect)
        self.treatments: Table[Treatment] = Table(kernel.store, "population_treatment", Treatment)
        self.orders = Orders(kernel, contacts)
        self.row = self._rows.get("now") or self._rows.put("now", PopulationRow())
        self._reader = Reader()
        self._use(self.row.parameters)
        kernel.due.on(DAILY, self._day)
        chats.on_deliver.append(self._delivered)
        chats.on_say.append(self._said)
        lines.on_mass.append(self._delivered_to_group)
        moments.on_publish.append(self._published)

    def _use(self, parameters: Parameters) -> None:
        self.row.parameters = parameters
        self.persons = Persons(parameters, self._contacts.customers.rows)
        self.profile = Profile(parameters)
        self.orders.use(parameters)

    # -- being set -----------------------------------------------------------------------------------------------------
    def change(self, changes: dict[str, Any]) -> None:
        """Change some parameters; those by channel may be given in part. Raises ActionError. What is planned stays."""
        known = asdict(self.row.parameters)
        unknown = set(changes) - set(known)
        if unknown:
            raise ActionError("no_such_parameter", f"There is no parameter {', '.join(sorted(unknown))}.", 422)
        for name, value in changes.items():
            known[name] = (
                {**known[name], **value} if isinstance(known[name], dict) and isinstance(value, dict) else value
            )
        try:
            parameters = TypeAdapter(Parameters).validate_python(known)
        except ValidationError as error:
            raise ActionError("bad_parameter", str(error), 422) from error
        wrong = parameters.wrong()
        if wrong:
            raise ActionError("bad_parameter", wrong, 422)
        self._use(parameters)
        self._rows.touch("now")

    def run(self, running: bool) -> None:
        """Start (the rest of today is drawn at once) or stop: what was planned does not happen then."""
        if running == self.row.running:
            return
        self.row.running = running
        self._rows.touch("now")
        if running:
            self.row.since = self._kernel.clock.now()
            self._day("")
        else:
            self._kernel.due.cancel(DAILY, "")

    def set_effect(self, match: str, probability: float, days: float) -> Effect:
        number = len(self.effects) + 1
        return self.effects.put(str(number), Effect(number, match, probability, days, self._kernel.clock.now()))

    # -- days ----------------------------------------------------------------------------------------------------------
    def _day(self, _: str) -> None:
        """Draw what people do until midnight of their own accord."""
        self.persons.keep_up()
        now = self._kernel.clock.now()
        for at, verb, who in planned(self.persons, self.profile, now, self._strains(now)):
            self.plan(at, verb, who)
        self._kernel.due.at(midnight(now) + DAY, DAILY, "")

    def _strains(self, now: float) -> dict[int, float]:
        """Index of each person whose patience is used up -> by how much (strain above 1)."""
        window = self.row.parameters.disturbance_days * DAY
        found: dict[int, float] = {}
        for one in self.patience:
            if one.disturbed:
                person = self.persons.get(one.external_userid)
                strain = one.load(now - window) / person.patience
                if strain > 1:
                    found[self.persons.index[one.external_userid]] = strain - 1
        return found

    def plan(self, at: float, verb: str, who: str, *more: Any) -> None:
        self.row.acts += 1
        self._rows.touch("now")
        self._kernel.due.at(at, ACT, orjson.dumps([self.row.acts, verb, who, *more]).decode())

    # -- what reaches them -----------------------------------------------------------------------------------------------
    def _delivered(self, relation: Relation, content: Content, origin: Origin, msgid: str) -> None:
        if origin == "mass" or origin == "welcome":
            self._reached(origin, relation.userid, relation.external_userid, msgid or relation.state, content)

    def _said(self, relation: Relation, side: Side) -> None:
        line = self._chats.last(relation)
        if side == "staff" and self.row.running and line is not None:
            text = line.part["msgtype"] == "text"
            content = Content(line.part["text"]["content"], []) if text else Content("", [line.part])
            self._reached("chat", relation.userid, relation.external_userid, "", content)

    def _delivered_to_group(self, chat_id: str, sender: str, content: Content, msgid: str) -> None:
        if self.row.running:
            for one in self._groups.rows.rows[chat_id].members:
                if one.type == EXTERNAL:
                    self._reached("group", sender, one.id, msgid, content, chat_id)

    def _published(self, moment: Moment, part: Publication) -> None:
        for external_userid in part.seen:
            content = Content(moment.text, moment.attachments)
            self._reached("moment", part.userid, external_userid, moment.moment_id, content, moment.moment_id)

    def _reached(
        self, channel: Channel, userid: str, external_userid: str, ref: str, content: Content, place: str = ""
    ) -> None:
        if not self.row.running:
            return
        parameters, now = self.row.parameters, self._kernel.clock.now()
        person, marks = self.persons.get(external_userid), self._reader.read(content)
        patience = self._disturb(person, parameters.disturbance[channel], userid, now)
        self._treat(person, channel, userid, ref, marks, now)
        opened, wait, *_ = uniforms(parameters.seed, "reached", external_userid, ref, channel, now)
        chance = shifted_odds(parameters.open[channel], parameters.open_spread, person.openness)
        if patience is not None and patience.not_interested_at:
            chance *= parameters.not_interested_open
        if opened < chance:
            at = now + 60 * parameters.open_minutes * -log(1 - wait)
            self.plan(
                at, "open", external_userid, channel, userid, ref, place, marks.links[:5], marks.codes, marks.kinds
            )

    def _disturb(self, person: Person, weight: float, userid: str, now: float) -> Patience | None:
        kept = self.patience.get(person.external_userid)
        if not weight:
            return kept
        if kept is None:
            kept = Patience(person.external_userid)
        since = now - self.row.parameters.disturbance_days * DAY
        kept.disturbed = [one for one in kept.disturbed if one[0] > since] + [(now, weight)]
        kept.userid = userid
        return self.patience.put(person.external_userid, kept)

    def strain(self, external_userid: str) -> float:
        """Disturbances in the window / patience."""
        kept = self.patience.get(external_userid)
        window = self.row.parameters.disturbance_days * DAY
        load = kept.load(self._kernel.clock.now() - window) if kept else 0.0
        return load / self.persons.get(external_userid).patience

    # -- effects ---------------------------------------------------------------------------------------------------------
    def _treat(self, person: Person, channel: Channel, userid: str, ref: str, marks: Marks, now: float) -> None:
        """The extra purchase, if chance gives one: by every effect that matches, once a person; else by the general one."""
        parameters, matched = self.row.parameters, False
        for effect in self._matching(ref, marks):
            matched = True
            key = f"{effect.number}|{person.external_userid}"
            if key in self.treatments:
                continue
            extra = self._extra(person, effect.extra_purchase_probability, effect.days, effect.number, key)
            expected = self.expected(person, now, now + effect.days * DAY)
            self.treatments.put(
                key, Treatment(effect.number, person.external_userid, userid, channel, ref, now, extra, expected)
            )
        probability = parameters.message_effect[channel]
        if not matched and probability:
            self._extra(person, probability, parameters.message_effect_days, GENERAL, f"{channel}|{ref}|{now}")

    def _matching(self, ref: str, marks: Marks) -> Iterator[Effect]:
        return (one for one in self.effects if one.match == ref or one.match in marks.text)

    def _extra(self, person: Person, probability: float, days: float, effect: int, key: str) -> bool:
        lucky, when, *_ = uniforms(self.row.parameters.seed, "extra", effect, key, person.external_userid)
        if lucky >= probability:
            return False
        self.plan(self._kernel.clock.now() + when * days * DAY, "buy", person.external_userid, effect)
        return True

    def expected(self, person: Person, start: float, end: float) -> float:
        """Purchases of their own accord that are to be expected of a friend between two moments."""
        return self.row.parameters.buying_per_day * person.buying * self.profile.days_between(start, end)
