"""The quota of customers that links may bring (reference, 5.5 and 15.4)."""

from dataclasses import dataclass

from wecom_sim.kernel import Kernel
from wecom_sim.store import Table

EVENT = "customer_acquisition"
DAY = 86400
WARN_DAYS = (14, 7, 3, 2, 1)  # D 97299: days before the end at which quota_expire_soon comes


@dataclass
class Batch:
    number: int
    amount: int
    balance: int
    expires_at: float


class Quota:
    """Bought in batches; the one that ends first is used first."""

    def __init__(self, kernel: Kernel) -> None:
        self._kernel = kernel
        self.batches: Table[Batch] = Table(kernel.store, "acquisition_quota", Batch)
        kernel.due.on("quota_expires", self._expire)
        kernel.due.on("quota_expires_soon", self._warn)

    def _event(self, change: str, **fields: int | str) -> None:
        self._kernel.callbacks.raise_event(EVENT, ChangeType=change, **fields)

    def _begin(self) -> None:
        """The company's first batch, once anybody asks."""
        settings = self._kernel.settings
        if not len(self.batches):
            self._add(settings.acquisition_quota_initial, settings.acquisition_quota_days)

    def _add(self, amount: int, days: float) -> Batch:
        now = self._kernel.clock.now()
        number = len(self.batches) + 1
        batch = self.batches.put(str(number), Batch(number, amount, amount, now + days * DAY))
        self._kernel.due.at(batch.expires_at, "quota_expires", str(number))
        for before in WARN_DAYS:
            if days > before:
                self._kernel.due.at(batch.expires_at - before * DAY, "quota_expires_soon", f"{number}|{before}")
        return batch

    def add(self, amount: int, days: float) -> Batch:
        """An admin buys more."""
        self._begin()
        was_empty = self.balance() == 0
        batch = self._add(amount, days)
        if was_empty and amount:
            self._event("balance_increased")
        return batch

    def live(self) -> list[Batch]:
        """Batches that can still be used, the first to end first."""
        self._begin()
        now = self._kernel.clock.now()
        return sorted((one for one in self.batches if one.expires_at > now and one.balance), key=lambda x: x.expires_at)

    def total(self) -> int:
        """All that was ever bought."""
        self._begin()
        return sum(one.amount for one in self.batches)

    def balance(self) -> int:
        return sum(one.balance for one in self.live())

    def use_one(self) -> None:
        """One customer more; whoever calls has seen that there is a balance."""
        low = self._kernel.settings.acquisition_low_balance
        before = self.balance()
        batch = self.live()[0]
        batch.balance -= 1
        self.batches.touch(str(batch.number))
        self._tell(before, before - 1, low)

    def _tell(self, before: int, after: int, low: int) -> None:
        if before and not after:
            self._event("balance_exhausted")
        elif before >= low > after:
            self._event("balance_low")

    def _warn(self, key: str) -> None:
        batch = self.batches.get(key.split("|")[0])
        if batch is not None and batch.balance:
            self._event("quota_expire_soon", ExpireTime=int(batch.expires_at), ExpireQuotaNum=batch.balance)

    def _expire(self, key: str) -> None:
        batch = self.batches.get(key)
        if batch is None or not batch.balance:
            return
        rest = self.balance()
        lost, batch.balance = batch.balance, 0
        self.batches.touch(key)
        self._kernel.ledger.write("quota_expired", amount=lost)
        self._tell(rest + lost, rest, self._kernel.settings.acquisition_low_balance)
