"""The due-queue: order, the time that handlers see, replacing, restart."""

from pathlib import Path

from wecom_sim.clock import ClockState
from wecom_sim.kernel import Kernel
from wecom_sim.store import Store


def kernel_at(now: float, store: Store | None = None) -> Kernel:
    return Kernel(store or Store(), clock=ClockState(anchor=now, frozen=True))


def test_what_is_due_is_done_in_order_at_its_own_time() -> None:
    kernel = kernel_at(1000.0)
    seen: list[tuple[str, float]] = []
    kernel.due.on("ring", lambda key: seen.append((key, kernel.clock.now())))
    for at, key in ((1300.0, "c"), (1100.0, "a"), (1200.0, "b"), (1200.0, "b2")):
        kernel.due.at(at, "ring", key)
    assert kernel.due.run() == 0
    kernel.clock.advance(200)
    assert seen == [("a", 1100.0), ("b", 1200.0), ("b2", 1200.0)]
    kernel.clock.advance(10_000)
    assert seen[-1] == ("c", 1300.0)
    assert (len(kernel.due), kernel.clock.now()) == (0, 11_200.0)


def test_what_is_set_down_by_a_handler_is_done_in_the_same_jump() -> None:
    kernel = kernel_at(0.0)
    seen: list[float] = []

    def again(key: str) -> None:
        seen.append(kernel.clock.now())
        kernel.due.at(kernel.clock.now() + 10, "again", key)

    kernel.due.on("again", again)
    kernel.due.at(10, "again", "x")
    kernel.clock.advance(35)
    assert seen == [10, 20, 30]
    assert kernel.due.when("again", "x") == 40


def test_an_entry_is_replaced_and_cancelled() -> None:
    kernel = kernel_at(0.0)
    seen: list[str] = []
    kernel.due.on("ring", seen.append)
    kernel.due.at(10, "ring", "x")
    kernel.due.at(30, "ring", "x")
    kernel.due.at(10, "ring", "y")
    kernel.due.cancel("ring", "y")
    kernel.due.cancel("ring", "never there")
    kernel.clock.advance(20)
    assert seen == []
    kernel.clock.advance(20)
    assert seen == ["x"]
    assert kernel.due.seconds_to_next() is None


def test_entries_survive_a_restart(tmp_path: Path) -> None:
    store = Store(tmp_path / "sim.db")
    kernel = kernel_at(0.0, store)
    kernel.due.on("ring", lambda key: None)
    kernel.due.at(20, "ring", "b")
    kernel.due.at(20, "ring", "a")
    kernel.due.at(5, "ring", "past")
    kernel.clock.advance(10)
    kernel.commit()
    store.close()

    seen: list[str] = []
    kernel = Kernel(Store(tmp_path / "sim.db"))
    kernel.due.on("ring", seen.append)
    kernel.clock.advance(100)
    assert seen == ["b", "a"]


def test_time_that_runs_says_how_long_to_wait() -> None:
    kernel = Kernel(Store())
    kernel.due.on("ring", lambda key: None)
    assert kernel.due.seconds_to_next() is None
    kernel.due.at(kernel.clock.now() + 100, "ring", "x")
    kernel.clock.set_speed(50)
    wait = kernel.due.seconds_to_next()
    assert wait is not None
    assert 1.5 < wait <= 2
