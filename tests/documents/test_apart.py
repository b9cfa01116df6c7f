"""Child processes: what ends them, what they outlive, and that the next call always finds a sound one."""

from __future__ import annotations

import io
import os
import pickle
import queue
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from contest.documents import apart
from contest.documents.apart import ChildEnded, ChildFailed, Children
from tests.documents.test_typeset import CERTIFICATE

ROOT = Path(__file__).parent.parent.parent
SVG = "<svg "


@pytest.fixture
def children() -> Iterator[Children]:
    made = Children()
    yield made
    for child in made._places.queue:
        if child is not None:
            child.end()


def _ask(children: Children, text: str = "x", *, seconds: float = 60) -> str:
    """Something small that is drawn: the SVG of a QR."""
    drawn: str = children.ask("qr.qr_svg", (text,), {}, seconds=seconds)
    return drawn[: len(SVG)]


def _pids(children: Children) -> list[int]:
    """Of the children that wait for a call."""
    waiting: queue.LifoQueue[Any] = children._places
    return [child.pid for child in waiting.queue if child is not None]


def _until(holds: Callable[[], bool]) -> None:
    """Wait for something that happens in another process; a minute is never needed."""
    for _moment in range(600):
        if holds():
            return
        time.sleep(0.1)
    raise AssertionError("waited in vain")


def _is_gone(pid: int) -> bool:
    """Whether a process has ended, reaped or not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


def test_calls_that_come_one_by_one_go_to_one_child(children: Children) -> None:
    first = _ask(children), _pids(children)

    assert (_ask(children), _pids(children)) == first
    assert len(first[1]) == 1


def test_a_child_is_fresh_after_its_last_call(children: Children, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "CALLS", 2)

    pids = []
    for _call in range(5):
        _ask(children)
        pids += _pids(children)

    assert [pids.count(pid) for pid in dict.fromkeys(pids)] == [2, 2, 1]
    assert _is_gone(pids[0])


def test_many_threads_share_two_children_and_each_gets_its_own_answer(children: Children) -> None:
    texts = [f"https://x.vn/{number}" for number in range(40)]
    alone = {text: children.ask("qr.qr_svg", (text,), {}, seconds=60) for text in texts}
    seen: set[int] = set()

    def ask(text: str) -> tuple[str, str]:
        seen.update(_pids(children))
        return text, children.ask("qr.qr_svg", (text,), {}, seconds=60)

    with ThreadPoolExecutor(8) as threads:
        together = dict(threads.map(ask, texts))

    assert together == alone
    assert len({*seen, *_pids(children)}) == 2


def test_a_fault_of_our_own_comes_back_with_its_trace_and_costs_no_child(children: Children) -> None:
    _ask(children)
    before = _pids(children)

    with pytest.raises(ChildFailed, match=r"certificates_pdf(?s:.*)ValueError: no certificates"):
        children.ask("typeset.certificates_pdf", ([],), {}, seconds=60)

    assert _pids(children) == before


@pytest.mark.parametrize("kill", (signal.SIGKILL, signal.SIGSEGV, signal.SIGABRT))
def test_a_child_that_crashes_in_the_middle_ends_its_call_and_no_other(children: Children, kill: int) -> None:
    _ask(children)
    (pid,) = _pids(children)
    (child,) = (child for child in children._places.queue if child is not None)
    os.kill(pid, signal.SIGSTOP)  # it is given the call and does not answer
    with ThreadPoolExecutor(1) as threads:
        asked = threads.submit(_ask, children)
        _until(lambda: child._calls == 2)
        os.kill(pid, kill)
        os.kill(pid, signal.SIGCONT)
        with pytest.raises(ChildEnded) as ended:
            asked.result()

    assert ended.value.code == -kill
    assert _ask(children) == SVG
    assert _pids(children) != [pid]


def test_a_child_that_was_killed_while_it_waited_costs_nobody_a_call(children: Children) -> None:
    _ask(children)
    (pid,) = _pids(children)
    os.kill(pid, signal.SIGKILL)
    # Not by its state in /proc: a process with threads is a zombie a moment before it can be waited for.
    _until(lambda: os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None)

    assert _ask(children) == SVG


def test_a_call_that_takes_too_long_is_stopped(children: Children) -> None:
    _ask(children)
    (pid,) = _pids(children)
    os.kill(pid, signal.SIGSTOP)

    with pytest.raises(ChildEnded) as ended:
        _ask(children, seconds=0.2)

    assert ended.value.code == -signal.SIGKILL
    assert _is_gone(pid)
    assert _ask(children) == SVG


def test_a_stop_that_comes_with_the_answer_does_not_hit_the_next_call(children: Children) -> None:
    _ask(children)
    child = children._places.queue[-1]
    assert child is not None
    child._stop()

    assert _ask(children) == SVG
    assert _pids(children) != [child.pid]


def test_a_call_that_a_child_cannot_even_take_in_is_stopped(children: Children) -> None:
    """Twenty megabytes do not fit into a pipe: the parent waits in the middle of its own message."""
    _ask(children)
    (pid,) = _pids(children)
    os.kill(pid, signal.SIGSTOP)

    with pytest.raises(ChildEnded):
        children.ask("pages.pdf_text", (bytes(20_000_000),), {}, seconds=0.2)

    assert _ask(children) == SVG


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux keeps the limit")
def test_memory_is_limited(children: Children) -> None:
    with pytest.raises(ChildEnded) as ended:
        children.ask("qr.qr_png", ("9 GB of pixels",), {"box": 3500}, seconds=60)

    assert ended.value.code == 1
    assert _ask(children) == SVG


def test_a_child_whose_parent_is_gone_stops_working_when_its_time_is_up() -> None:
    child = subprocess.Popen([sys.executable, "-m", "contest.documents.child"], cwd=ROOT, stdin=subprocess.PIPE)
    assert child.stdin
    pickle.dump(("typeset.certificates_pdf", ([CERTIFICATE] * 3_000,), {}, 1), child.stdin)
    child.stdin.close()

    assert child.wait() == -signal.SIGXCPU


def test_a_child_does_not_outlive_a_parent_that_was_killed() -> None:
    program = (
        "import time; from contest.documents import apart; apart.ask('qr.qr_svg', ('x',), {}, seconds=60);"
        "print(apart._children._places.queue[-1].pid, flush=True); time.sleep(600)"
    )
    with subprocess.Popen([sys.executable, "-c", program], cwd=ROOT, stdout=subprocess.PIPE) as parent:
        assert parent.stdout
        pid = int(parent.stdout.readline())
        assert not _is_gone(pid)
        parent.kill()

    _until(lambda: _is_gone(pid))


def test_a_child_that_nobody_asks_leaves(children: Children, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "IDLE_SECONDS", 0.2)
    _ask(children)
    (pid,) = _pids(children)

    _until(lambda: _is_gone(pid))

    assert _ask(children) == SVG


def test_a_call_that_comes_just_as_its_child_leaves_is_not_lost(
    children: Children, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(apart, "IDLE_SECONDS", 0.2)
    _ask(children)
    (pid,) = _pids(children)
    _until(lambda: _is_gone(pid))
    monkeypatch.setattr(apart.Child, "is_usable", lambda child: True)  # so it looked a moment before

    assert _ask(children) == SVG
    assert _pids(children) != [pid]


def test_ctrl_c_is_for_the_parent(children: Children) -> None:
    _ask(children)
    (pid,) = _pids(children)

    os.kill(pid, signal.SIGINT)

    assert _ask(children) == SVG
    assert _pids(children) == [pid]


def test_a_process_forked_in_the_middle_of_calls_has_places_and_children_of_its_own() -> None:
    program = """
import os, signal
from contest.documents import apart
def ask():
    apart.ask("qr.qr_svg", ("x",), {}, seconds=60)
    return apart._children._places.queue[-1].pid
first = ask()
places = apart._children._places
taken = [places.get(), places.get()]
if fork := os.fork():
    code = os.waitpid(fork, 0)[1]
    places.put(taken.pop())
    places.put(taken.pop())
    print(code, ask() == first)
else:
    signal.alarm(60)
    os._exit(ask() == first)
"""
    ran = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)

    assert (ran.stdout, ran.stderr) == ("0 True\n", "")


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_a_child_is_not_told_the_secrets_of_the_service(children: Children, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONTEST_SECRET_KEY", "secret")
    monkeypatch.setenv("LANG", "C.UTF-8")
    _ask(children)

    told = Path(f"/proc/{_pids(children)[0]}/environ").read_text()

    assert "CONTEST_" not in told
    assert "LANG=C.UTF-8" in told


def test_an_answer_can_name_nothing_to_be_called() -> None:
    with pytest.raises(pickle.UnpicklingError, match="system in an answer"):
        apart._Answers(io.BytesIO(pickle.dumps(("done", os.system)))).load()


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_what_a_library_prints_does_not_stand_between_the_answers(children: Children) -> None:
    _ask(children)
    (pid,) = _pids(children)

    assert os.readlink(f"/proc/{pid}/fd/1") == os.readlink(f"/proc/{pid}/fd/2")
