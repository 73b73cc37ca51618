"""Many instances: order, threads, Python's lock, signals, memory."""

import itertools
import os
import signal
import sys
import threading

import pytest

from conftest import bundle, patient


def mixed(number):
    return patient(number, birthDate=str(1900 + number % 100) if number % 3 else "never")


def test_reports_are_in_the_order_of_the_instances(core):
    texts = [mixed(n) for n in range(300)]
    singly = [core.validate(text) for text in texts]
    for threads in (None, 1, 3, 50):
        assert list(core.validate_many(texts, threads=threads)) == singly
    assert list(core.validate_many([])) == []
    assert {r.verdict for r in singly} == {"valid", "invalid"}


def test_an_iterable_without_an_end_is_taken_by_the_batch(core):
    taken = itertools.count()
    endless = (mixed(next(taken)) for _ in itertools.repeat(0))
    first = list(itertools.islice(core.validate_many(endless), 3))
    assert len(first) == 3 and next(taken) < 10_000


def test_what_the_iterable_raises_comes_through(core):
    def failing():
        yield patient()
        raise OSError("the disk is gone")

    with pytest.raises(OSError, match="the disk is gone"):
        list(core.validate_many(failing()))
    with pytest.raises(TypeError, match="dict"):
        list(core.validate_many([patient(), {"resourceType": "Patient"}]))


@pytest.fixture
def nobody_is_interrupted():
    """Python's lock goes to another thread only where the one that has it gives it up."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1_000)
    yield
    sys.setswitchinterval(before)


@pytest.mark.parametrize("many", [False, True])
def test_other_threads_run_while_one_validates(core, nobody_is_interrupted, many):
    text, small = bundle(2_000), bundle(50)
    assert len(small) < 64 << 10 < len(text)
    begun, ended = threading.Event(), []

    def work():
        begun.set()
        list(core.validate_many([text, text], threads=1)) if many else core.validate(text)
        ended.append(True)

    thread = threading.Thread(target=work)
    thread.start()
    begun.wait()
    seen = list(ended)
    thread.join()
    assert seen == [] and ended == [True]


def test_two_threads_validate_at_the_same_time(core, nobody_is_interrupted):
    text = bundle(2_000)
    inside, both = [], []

    def work():
        inside.append(1)
        both.append(len(inside))
        core.validate(text)
        inside.pop()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert max(both) == 2


def test_threads_share_a_validator(core):
    texts = [mixed(n) for n in range(100)]
    expected = [core.validate(text) for text in texts]
    found = {}

    def work(n):
        found[n] = [core.validate(text) for text in texts]

    threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(found[n] == expected for n in range(4))


def test_a_signal_ends_the_work(core):
    text = bundle(2_000)
    threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGINT)).start()
    with pytest.raises(KeyboardInterrupt):
        list(core.validate_many(itertools.repeat(text, 1_000), threads=2))
    assert core.validate(patient()).verdict == "valid"


def resident():
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


@pytest.mark.skipif(not os.path.exists("/proc/self/statm"), reason="there is no /proc")
def test_nothing_is_kept_of_what_was_validated(core):
    text = mixed(0).encode()
    count = sys.getrefcount(text)

    def rounds(number):
        for _ in range(number):
            assert len(list(core.validate_many([text] * 200))) == 200
            core.validate(text).issues

    rounds(3)
    before = resident()
    rounds(15)
    assert sys.getrefcount(text) == count
    assert resident() - before < 32 << 20
