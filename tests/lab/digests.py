"""Digests when everything is killed: `python -m tests.lab.digests [kill | lease]`.

kill: a thousand digests are planned by two beats and sent by two workers to a slow mail server,
with mails before them that can never be sent, while workers (four times), Valkey and PostgreSQL
are killed with -9 and the mail server goes away for a while.
lease: a worker is stopped in the middle of its chunk for longer than its lease, and goes on.
Counts what was lost, what came twice, and whether twice means the same Message-ID. Ends with 1 if a
promise is broken.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path

from afori.demo.folder import PROJECT, environment_for, openers_key
from afori.demo.programs import Program, commands, restart
from afori.embedded.services import Services
from tests.notifications.mail_server import MailServer

READERS = int(os.environ.get("READERS", "1000"))
POISON = 20
KILLS = [
    *["worker", "other worker", "valkey", "worker", "mail server", "postgres", "other worker"],
]
WITHIN = 60  # seconds from the last fault until nothing waits
SLOW = 0.01  # seconds that the mail server takes for each
PATIENCE = 300


class Site:
    """The services, a slow mail server, two workers and two beats, each started again when gone."""

    def __init__(self, folder):
        self.services = Services(folder, folder)
        self.services.start()
        self.mails = MailServer()
        self.mails.on_arrival = lambda: time.sleep(SLOW)
        self.mails.handle_error = lambda request, address: None
        self.serve()
        environment = environment_for(folder, 8000, self.services) | {
            "AFORI_DEMO": "0",
            "EMAIL_URL": f"smtp://127.0.0.1:{self.mails.port}",
        }
        os.environ.update(environment | openers_key(folder))
        migrate = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
        subprocess.run(migrate, cwd=PROJECT, check=True)
        self.programs = list(programs(folder, environment))
        self.servers = {one.name: one for one in (*self.services.servers, *self.programs)}
        self.over = threading.Event()

    def serve(self):
        serve = self.mails.serve_forever
        threading.Thread(target=serve, args=[0.01], daemon=True).start()

    def start(self):
        for program in self.programs:
            program.launch()
        threading.Thread(target=self.watch, daemon=True).start()

    def watch(self):
        while not self.over.wait(0.1):
            for server in self.servers.values():
                if server.poll() is not None and not self.over.is_set():
                    restart(server)

    def fail(self, name):
        print(f"  {len(self.mails.got)} sent; {name} goes away", flush=True)
        if name == "mail server":
            self.mails.refusals = Refusing("421 go away")
            time.sleep(5)
            self.mails.refusals = {}
        else:
            self.signal(name, signal.SIGKILL)

    def signal(self, name, number):
        with contextlib.suppress(ProcessLookupError):
            pid = self.servers[name].process.pid
            os.kill(pid, number) if name in ("postgres", "valkey") else os.killpg(pid, number)

    def stop(self):
        self.over.set()
        for program in self.programs:
            program.stop()
        self.mails.shutdown()
        self.services.stop()


class Refusing(dict):
    """Says the same to everybody."""

    def __init__(self, answer):
        self.answer = answer

    def get(self, address, default=None):
        return self.answer


def programs(folder, environment):
    known = dict(commands(folder, 8000))
    for name, command in [("worker", known["worker"]), ("beat", known["beat"])]:
        yield Program(name, command, folder, environment)
        other = [part.replace(str(folder / "beat"), str(folder / "beat2")) for part in command]
        other += ["--hostname", "other@%h"] if name == "worker" else []
        yield Program(f"other {name}", other, folder, environment)


def prepare():
    """Readers with a digest that is due, and mails before theirs that can never be sent."""
    from django.db import transaction
    from django.utils import timezone

    from afori.accounts.models import User
    from afori.notifications import waking
    from afori.notifications.actions import tell_all
    from afori.notifications.models import Follow, OutgoingMail, Reader
    from challenges.notifications import ANNOUNCED
    from tests import factories as make

    waking.publish = lambda: None
    now = timezone.now()
    network = make.NetworkFactory()
    people = User.objects.bulk_create(
        User(email=f"reader{number}@example.org", name="Läsare") for number in range(READERS)
    )
    readers = Reader.objects.bulk_create(
        Reader(user=person, confirmed_at=now, next_at=now, told_until=now, deadlines_until=now)
        for person in people
    )
    Follow.objects.bulk_create(
        Follow(reader=reader, kind="network", subject_id=network.pk) for reader in readers
    )
    OutgoingMail.objects.bulk_create(
        OutgoingMail(
            key=f"poison:{number}",
            kind="nobody.knows",
            address="x@example.org",
            subject_id=1,
            language="sv",
            priority=1,
            next_attempt_at=now,
        )
        for number in range(POISON)
    )
    with transaction.atomic():
        for _each in range(3):
            tell_all(ANNOUNCED, make.ChallengeFactory(network=network))


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


def waiting():
    from afori.notifications.models import OutgoingMail

    mails = OutgoingMail.objects.filter(kind="notifications.digest")
    sent = mails.filter(state="sent").count()
    return READERS - sent


def wait_until(is_so, seconds=PATIENCE):
    limit = time.monotonic() + seconds
    while time.monotonic() < limit:
        if is_so():
            return True
        time.sleep(0.05)
    return False


def kill(site):
    site.start()
    for number, name in enumerate(KILLS, start=1):
        wait_until(lambda: len(site.mails.got) >= number * READERS // 10)  # noqa: B023
        site.fail(name)
    return drained(site, killed=len(KILLS) - 1)


def lease(site):
    from afori.notifications import outbox

    site.start()
    wait_until(lambda: len(site.mails.got) >= READERS // 4)
    for name in ("worker", "other worker"):
        site.signal(name, signal.SIGSTOP)
    print(f"  {len(site.mails.got)} sent; both workers are stopped", flush=True)
    time.sleep(outbox.LEASE.total_seconds() + 5)
    for name in ("worker", "other worker"):
        site.signal(name, signal.SIGCONT)
    return drained(site, killed=2)


def drained(site, *, killed):
    """What came of it, each number to be 0."""
    began = time.monotonic()
    in_time = wait_until(lambda: patiently(waiting) == 0, WITHIN)
    print(f"  drained {time.monotonic() - began:.0f} s after the last fault", flush=True)
    wait_until(lambda: patiently(waiting) == 0)
    got = list(site.mails.got)
    times = Counter(address for address, _message in got)
    marks = Counter((address, message["Message-ID"]) for address, message in got)
    again = sum(number - 1 for number in times.values())
    processes = 2 * 2  # workers and the threads of each
    print(f"  {len(got)} mails to {len(times)} readers, {again} of them again", flush=True)
    return {
        "lost": READERS - len(times),
        "not drained in time": int(not in_time),
        "more often twice than a fault a thread": max(0, again - killed * processes),
        "twice with another Message-ID": len(marks) - len(times),
        **patiently(planned),
    }


def planned():
    from afori.notifications.models import Digest, OutgoingMail

    poison = OutgoingMail.objects.filter(kind="nobody.knows")
    return {
        "digests too few or too many": abs(Digest.objects.count() - READERS),
        "poison that was sent": poison.filter(state="sent").count(),
    }


def main():
    broken = False
    for name in sys.argv[1:] or ["kill", "lease"]:
        folder = Path(tempfile.mkdtemp(prefix="afori-lab-"))
        site = Site(folder)
        try:
            import django

            django.setup()
            prepare()
            print(name, flush=True)
            for promise, number in {"kill": kill, "lease": lease}[name](site).items():
                print(f"  {promise:44}{number:>6}", flush=True)
                broken |= bool(number)
        finally:
            site.stop()
            shutil.rmtree(folder, ignore_errors=True)
    return broken


if __name__ == "__main__":
    sys.exit(main())
