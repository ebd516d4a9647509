"""The seal when everything is killed: `python -m tests.lab.seal [kill | opening | big]`.

kill: a thousand answers are submitted over HTTP to the processes of `make demo` while PostgreSQL
(three times), web, worker and opener are killed with -9; then the opener and PostgreSQL during the
opening. Counts what was acknowledged and lost, or stored twice, and compares the protocols.
opening: the latter alone, with five hundred answers.
big: fifty answers of 20 MB are opened; prints the time and the opener's peak of memory.
Ends with 1 if a promise is broken.
"""

import contextlib
import http.client
import os
import queue
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from urllib.parse import urlencode
from uuid import uuid4

from afori.demo.folder import PROJECT, environment_for, openers_key
from afori.demo.programs import Program, commands, restart, wait_for_web
from afori.embedded.services import Services

PATIENCE = 180
PREPARE = (
    ["migrate", "--verbosity", "0"],
    ["createcachetable"],
    ["collectstatic", "--no-input", "--verbosity", "0"],
)
KILLS = ["web", "postgres", "worker", "opener", "postgres", "web", "postgres", "worker"]


class Site:
    """PostgreSQL, Valkey and our four programs, each started again as soon as it is gone."""

    def __init__(self, folder):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.services = Services(folder, folder)
        self.services.start()
        environment = environment_for(folder, self.port, self.services)
        opener = environment | openers_key(folder)
        os.environ.update(opener)
        for command in PREPARE:
            subprocess.run([sys.executable, "manage.py", *command], cwd=PROJECT, check=True)
        self.programs = [
            Program(name, command, folder, opener if name == "opener" else environment)
            for name, command in commands(folder, self.port)
        ]
        for program in self.programs:
            program.launch()
        self.servers = {"postgres": self.services.postgres} | {p.name: p for p in self.programs}
        wait_for_web(self.servers["web"], self.port)
        self.over = threading.Event()
        threading.Thread(target=self.watch, daemon=True).start()

    def watch(self):
        while not self.over.wait(0.1):
            for server in self.servers.values():
                if server.poll() is not None and not self.over.is_set():
                    restart(server)

    def kill(self, name):
        print(f"  kill -9 {name}", flush=True)
        pid = self.servers[name].process.pid
        with contextlib.suppress(ProcessLookupError):
            if name == "postgres":
                os.kill(pid, signal.SIGKILL)
            else:
                os.killpg(pid, signal.SIGKILL)

    def stop(self):
        self.over.set()
        for program in self.programs:
            program.stop()
        self.services.stop()


class Crowd:
    """Submits drafts over HTTP until each is acknowledged, with the same key every time."""

    def __init__(self, site, drafts):
        self.site, self.waiting, self.acknowledged = site, queue.Queue(), {}
        for draft in drafts:
            self.waiting.put(draft)
        self.tries = 0

    def run(self, threads=8):
        workers = [threading.Thread(target=self.work) for _each in range(threads)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()

    def work(self):
        with contextlib.suppress(queue.Empty):
            while True:
                reference, path, cookie, form = self.waiting.get_nowait()
                limit = time.monotonic() + PATIENCE
                while reference not in self.acknowledged and time.monotonic() < limit:
                    self.post(reference, path, cookie, form)

    def post(self, reference, path, cookie, form):
        self.tries += 1
        connection = http.client.HTTPConnection("127.0.0.1", self.site.port, timeout=15)
        headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
        try:
            connection.request("POST", path, form, headers)
            answer = connection.getresponse()
            answer.read()
            if answer.status == 302 and answer.headers["Location"].rstrip("/") != path.rstrip("/"):
                self.acknowledged[reference] = answer.headers["Location"]
                return
        except (OSError, http.client.HTTPException):
            pass
        finally:
            connection.close()
        time.sleep(0.2)


def patiently(question):
    """The answer of the database, also when it has just been killed."""
    from django.db import DatabaseError, connection

    limit = time.monotonic() + PATIENCE
    while True:
        try:
            return question()
        except DatabaseError:
            connection.close()
            if time.monotonic() > limit:
                raise
            time.sleep(0.2)


def form_of(submission, user):
    """What the browser would post from the page where one checks and submits."""
    from django.conf import settings
    from django.urls import reverse

    from challenges.content import Draft
    from tests.e2e.conftest import session_of

    token = "c" * 32
    cookie = f"{settings.SESSION_COOKIE_NAME}={session_of(user)}"
    cookie += f"; {settings.CSRF_COOKIE_NAME}={token}"
    path = reverse("challenges:submit", args=[submission.challenge.slug, submission.reference])
    fields = {"submit_key": uuid4(), "reviewed": Draft(submission).sha256, "confirmed": "on"}
    return submission.reference, path, cookie, urlencode({**fields, "csrfmiddlewaretoken": token})


def challenge_with(criteria):
    from tests import factories as make

    challenge = make.ChallengeFactory()
    for position in range(1, criteria + 1):
        make.CriterionFactory(challenge=challenge, position=position)
    return challenge


def kill(site):
    from tests.challenges.crowds import ready_drafts

    challenge = challenge_with(2)
    ready = ready_drafts(challenge, int(os.environ.get("ANSWERS", "1000")))
    crowd = Crowd(site, [form_of(*each) for each in ready])
    running = threading.Thread(target=crowd.run)
    running.start()
    for number, name in enumerate(KILLS, start=1):
        while len(crowd.acknowledged) < number * len(ready) // 10 and running.is_alive():
            time.sleep(0.02)
        site.kill(name)
    running.join()
    return patiently(lambda: count(crowd, ready)) | kill_during_the_opening(site, challenge)


def count(crowd, ready):
    from collections import Counter

    from afori.notifications.models import OutgoingMail
    from challenges import audit
    from challenges.models import SubmissionVersion

    rows = SubmissionVersion.objects.values_list("submission__reference", "receipt_number")
    stored = Counter(reference for reference, _number in rows)
    numbers = dict(rows)
    receipts = OutgoingMail.objects.filter(kind="challenges.receipt")
    told_wrong = [
        reference
        for reference, location in crowd.acknowledged.items()
        if numbers.get(reference, "?") not in location
    ]
    print(f"  posted {crowd.tries} times; acknowledged {len(crowd.acknowledged)} of {len(ready)}")
    return {
        "not acknowledged": len(ready) - len(crowd.acknowledged),
        "acknowledged and lost": len(set(crowd.acknowledged) - set(stored)),
        "stored twice": sum(number > 1 for number in stored.values()),
        "receipt of another": len(told_wrong),
        "receipts by mail too few or too many": abs(receipts.count() - len(stored)),
        "breaks in the audit chain": int(bool(audit.verify().broken)),
    }


def close_and_approve(challenge):
    from tests.challenges.support import approve, closes, name_openers

    closes(challenge, seconds=-1)
    people = [one.user for one in challenge.openers.all()] or name_openers(challenge)
    for person in people[:2]:
        approve(challenge, person)


def kill_during_the_opening(site, challenge):
    """What the opening comes to undisturbed, and what it comes to when it is killed."""
    from django.db import transaction

    from challenges import actions
    from tests.challenges.support import name_openers

    name_openers(challenge)
    with transaction.atomic():
        close_and_approve(challenge)
        before = transaction.savepoint()
        undisturbed = actions.opening.opened(challenge)
        expected, size = undisturbed.protocol_sha256, undisturbed.answers.count()
        transaction.savepoint_rollback(before)
    killed = 0
    for name in ("opener", "opener", "opener", "postgres", "opener"):
        if wait_until_opening(challenge):
            site.kill(name)
            killed += 1
    opening = wait_for_opening(challenge)
    print(f"  opening of {size} answers: killed {killed} times, {opening.protocol_sha256[:16]}…")
    return {
        "another protocol": int(opening.protocol_sha256 != expected),
        "answers opened too few or too many": abs(opening.answers.count() - size),
    }


def wait_until_opening(challenge):
    """Until the opener is in the middle of it. False if it has finished."""
    from django.db import OperationalError, transaction
    from psycopg.errors import LockNotAvailable

    from challenges.models import Challenge

    def is_busy():
        try:
            with transaction.atomic():
                return not Challenge.objects.select_for_update(nowait=True).get(pk=challenge.pk)
        except OperationalError as error:
            if isinstance(error.__cause__, LockNotAvailable):
                return True
            raise

    limit = time.monotonic() + PATIENCE
    while time.monotonic() < limit and not patiently(lambda: found_opening(challenge)):
        if patiently(is_busy):
            return True
        time.sleep(0.005)
    return False


def found_opening(challenge):
    from challenges.models import Opening

    return Opening.objects.filter(challenge=challenge).first()


def wait_for_opening(challenge):
    limit = time.monotonic() + PATIENCE
    while time.monotonic() < limit:
        if opening := patiently(lambda: found_opening(challenge)):
            return opening
        time.sleep(0.05)
    raise SystemExit("The answers were not opened.")


def opening(site):
    from tests.challenges.crowds import ready_drafts
    from tests.challenges.support import submit

    challenge = challenge_with(2)
    for submission, user in ready_drafts(challenge, 500):
        submit(submission, by=user)
    return kill_during_the_opening(site, challenge)


def big(site):
    from challenges import actions
    from tests.challenges.crowds import ready_drafts
    from tests.challenges.support import submit, upload

    challenge = challenge_with(1)
    content = b"0123456789abcde\n" * (20 << 16)
    for submission, user in ready_drafts(challenge, 50):
        actions.add_file(submission, upload("bilaga.txt", content), by=user)
        submit(submission, by=user)
    opener = site.servers["opener"].process.pid
    before = memory(opener)
    close_and_approve(challenge)
    approved = time.monotonic()
    opening = wait_for_opening(challenge)
    took, peak = time.monotonic() - approved, memory(opener)
    computing = (opening.completed_at - opening.opened_at).total_seconds()
    print(f"  {opening.answers.count()} answers of 20 MB opened within {took:.1f} s")
    print(f"  (from the second approval: {computing:.1f} s); peak {before} -> {peak} MB")
    return {
        "answers not opened": 50 - opening.answers.count(),
        "damaged": opening.answers.filter(is_damaged=True).count(),
        "slower than 60 s": int(took > 60),
        "400 MB or more": int(peak >= 400),
    }


def memory(pid):
    """The peak of resident memory of the largest process of a group, in MB."""
    peaks = [0]
    for status in Path("/proc").glob("[0-9]*/status"):
        with contextlib.suppress(OSError):
            if os.getpgid(int(status.parent.name)) == pid:
                lines = status.read_text().splitlines()
                peaks += [int(line.split()[1]) for line in lines if line.startswith("VmHWM")]
    return max(peaks) // 1024


def main():
    wanted = sys.argv[1:] or ["kill", "big"]
    broken = False
    for name in wanted:
        folder = Path(tempfile.mkdtemp(prefix="afori-lab-"))
        site = Site(folder)
        try:
            import django

            django.setup()
            print(name, flush=True)
            for promise, number in {"kill": kill, "opening": opening, "big": big}[name](
                site
            ).items():
                print(f"  {promise:44}{number:>6}", flush=True)
                broken |= bool(number)
        finally:
            site.stop()
            shutil.rmtree(folder, ignore_errors=True)
    return broken


if __name__ == "__main__":
    sys.exit(main())
