"""What is kept for long enough goes, and nothing else: each rule with rows on both sides."""

import io
import os
import re
from datetime import timedelta
from pathlib import Path

import pgtrigger
import pytest
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.contrib.admin.models import ADDITION, LogEntry
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.utils import timezone, translation

from afori.accounts.models import Invitation, Membership, SignIn, User
from afori.common import retention
from afori.common.tasks import apply_retention
from afori.notifications.actions import queue_mail
from afori.notifications.models import (
    BounceReport,
    MailAddress,
    Notification,
    OutgoingMail,
    Reader,
)
from challenges.actions import ask
from challenges.models import Asker, Challenge, Question
from knowledge.models import ArticleImage
from networks.models import NetworkMembership

from .. import factories as make
from ..accounts.test_races import at_once

pytestmark = pytest.mark.django_db
GUIDE = Path(__file__).resolve().parents[2] / "docs" / "operations.md"


def ago(days, **more):
    return timezone.now() - timedelta(days=days, **more)


def just_before_and_after(days):
    """A moment whose time is up and one whose time is not."""
    return ago(days, minutes=5), ago(days) + timedelta(minutes=5)


def carried_out(name):
    """What the rule says it would do is what it does, and then there is nothing left to do."""
    rule = retention.get(name)
    expected = rule.count()
    assert rule.apply() == expected
    assert rule.count() == 0
    return expected


def test_guide_has_the_same_rules():
    with translation.override("en"):
        rules = {
            (rule.name, str(rule.what), retention.period(rule.days)) for rule in retention.rules()
        }
    told = re.findall(r"^\| `([a-z_]+)` \| (.+) \| (.+) \|$", GUIDE.read_text(), re.MULTILINE)
    assert set(told) == rules


def test_every_rule_is_tested():
    tested = set(re.findall(r'carried_out\("(\w+)"\)', Path(__file__).read_text()))
    assert tested == {rule.name for rule in retention.rules()}


def test_page_about_personal_data_has_the_same_rules(client):
    html = client.get("/integritet/").content.decode()
    for rule in retention.rules():
        assert str(rule.what) in html
        assert retention.period(rule.days) in html


def test_askers_of_questions():
    """Who asked is forgotten some time after the outcome; the question stays."""
    for state, moment in [
        ("decided", ago(180, minutes=5)),
        ("decided", ago(180) + timedelta(minutes=5)),
        ("published", ago(400)),
    ]:
        challenge = make.ChallengeFactory(state="published")
        ask(challenge, "Får vi prova?", language="sv", by=make.UserFactory())
        opened = moment - timedelta(days=9)
        with pgtrigger.ignore():
            Challenge.objects.filter(pk=challenge.pk).update(
                state=state, opens_at=opened, closes_at=moment, questions_until=None
            )
    assert carried_out("question_askers") == 1
    assert (Asker.objects.count(), Question.objects.count()) == (2, 3)


def test_sessions():
    for name, expires in (("old", ago(0, minutes=1)), ("new", ago(-1))):
        Session.objects.create(session_key=name, session_data="", expire_date=expires)
    assert carried_out("sessions") == 1
    assert Session.objects.get().session_key == "new"


def test_session_devices():
    old, new = just_before_and_after(1)
    Session.objects.create(session_key="alive", session_data="", expire_date=ago(-1))
    for key, seen in (("gone", old), ("alive", old), ("fresh", new)):
        UserSession.objects.create(
            user=make.UserFactory(), session_key=key, ip="192.0.2.1", last_seen_at=seen
        )
    assert carried_out("session_devices") == 1
    assert set(UserSession.objects.values_list("session_key", flat=True)) == {"alive", "fresh"}


def test_sign_ins():
    user = make.UserFactory()
    for at in just_before_and_after(180):
        one = SignIn.objects.create(user=user, method=SignIn.Method.PASSWORD)
        SignIn.objects.filter(pk=one.pk).update(at=at)
    assert carried_out("sign_ins") == 1
    assert SignIn.objects.get().at > ago(180)


def test_limits():
    cache.clear()
    cache.set("new", 1, 60)
    cache.set("old", 1, 60)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE cache SET expires = %s WHERE cache_key LIKE %s", [ago(0, minutes=1), "%old"]
        )
    assert carried_out("limits") == 1
    assert cache.get("new") == 1


def invitation(**fields):
    return Invitation.objects.create(
        organisation=make.OrganisationFactory(), address="asa@example.org", **fields
    )


def test_invitations():
    for moment in just_before_and_after(90):
        invitation(expires_at=moment)
        invitation(state=Invitation.State.DECLINED, answered_at=moment, expires_at=ago(200))
    assert carried_out("invitations") == 2
    assert Invitation.objects.count() == 2


ENDED = [
    ({"state": "declined", "reason": "Nej"}, "decided_at"),
    ({"state": "withdrawn", "decided_at": None}, "ended_at"),
    ({"state": "ended"}, "ended_at"),
]


@pytest.mark.parametrize(("fields", "when"), ENDED)
def test_organisation_texts(fields, when):
    old, new = just_before_and_after(365)
    for moment in (old, new):
        fields = {"decided_at": ago(400), **fields, when: moment}
        make.MembershipFactory(message="Släpp in mig", **fields)
    make.MembershipFactory(message="Jag är med", decided_at=old)
    assert carried_out("organisation_texts") == 1
    emptied = Membership.objects.get(message="")
    assert emptied.reason == ("–" if emptied.state == "declined" else "")
    assert {(row.message, row.reason) for row in emptied.history.all()} == {("", emptied.reason)}


def test_network_texts():
    old, new = just_before_and_after(365)
    for moment in (old, new):
        make.NetworkMembershipFactory(
            state="declined", message="Hej", reason="Nej", decided_at=moment
        )
    make.NetworkMembershipFactory(message="Jag är med", decided_at=old)
    assert carried_out("network_texts") == 1
    emptied = NetworkMembership.objects.get(message="")
    assert emptied.reason == "–"
    assert {row.message for row in emptied.history.all()} == {""}


def test_unconfirmed_accounts():
    old, new = just_before_and_after(30)
    for name, created, verified in (("old", old, False), ("new", new, False), ("sure", old, True)):
        user = make.UserFactory(name=name)
        EmailAddress.objects.filter(user=user).update(verified=verified)
        User.objects.filter(pk=user.pk).update(created_at=created)
    forgotten = User.objects.get(name="old")
    staff = make.UserFactory(name="staff")
    LogEntry.objects.log_actions(staff.pk, [forgotten], ADDITION, [{"added": {"name": "old"}}])
    assert carried_out("unconfirmed_accounts") == 1
    assert set(User.objects.values_list("name", flat=True)) == {"new", "sure", "staff"}
    entry = LogEntry.objects.get()
    assert "old" not in f"{entry.object_repr} {entry.change_message}"


def test_deletion_requests():
    old, new = just_before_and_after(14)
    first, second = make.UserFactory(deletion_requested_at=old), make.UserFactory()
    User.objects.filter(pk=second.pk).update(deletion_requested_at=new)
    assert carried_out("deletion_requests") == 1
    assert User.objects.get(erased_at__isnull=False) == first


def test_erased_accounts():
    user = make.UserFactory(is_active=False, erased_at=ago(2), last_login=ago(2))
    SignIn.objects.create(user=user, method=SignIn.Method.PASSWORD)
    fresh = make.UserFactory(is_active=False, erased_at=ago(0), last_login=ago(0))
    assert carried_out("erased_accounts") == 1
    assert not SignIn.objects.exists()
    assert User.objects.get(last_login__isnull=False) == fresh


def test_notifications():
    user = make.UserFactory()
    for number, read in enumerate([*just_before_and_after(365), None]):
        Notification.objects.create(
            key=number, user=user, kind="tests", subject_id=1, read_at=read, created_at=ago(900)
        )
    assert carried_out("notifications") == 1
    assert Notification.objects.count() == 2


def test_mail_addresses():
    old, new = just_before_and_after(90)
    for state, moment in (("sent", old), ("dead", old), ("sent", new), ("queued", old)):
        mail = queued(make.UserFactory())
        sent = moment if state == "sent" else None
        OutgoingMail.objects.filter(pk=mail.pk).update(state=state, updated_at=moment, sent_at=sent)
    assert carried_out("mail_addresses") == 2
    assert OutgoingMail.objects.exclude(address="").count() == 2


def test_bounces():
    old, new = just_before_and_after(365)
    for number, (moment, stopped) in enumerate([(old, None), (new, None), (old, old)]):
        row = MailAddress.objects.create(
            address=f"{number}@kommun.example", points=4 if stopped else 2, stopped_at=stopped
        )
        MailAddress.objects.filter(pk=row.pk).update(updated_at=moment)
    assert carried_out("bounces") == 1
    assert not MailAddress.objects.filter(address__startswith="0").exists()


def test_bounce_reports():
    for moment in just_before_and_after(30):
        report = BounceReport.objects.create(mark=str(moment))
        BounceReport.objects.filter(pk=report.pk).update(created_at=moment)
    assert carried_out("bounce_reports") == 1


def queued(user, **fields):
    key = f"test-{OutgoingMail.objects.count()}"
    queue_mail(kind="tests", key=key, address=user.email, user=user, **fields)
    return OutgoingMail.objects.get(key=key)


def test_mail_codes():
    for moment in just_before_and_after(3):
        mail = queued(make.UserFactory(), secret="123456")
        OutgoingMail.objects.filter(pk=mail.pk).update(created_at=moment)
    queued(make.UserFactory())
    assert carried_out("mail_codes") == 1
    assert OutgoingMail.objects.get(state="withheld").secret == ""
    assert OutgoingMail.objects.filter(state="queued", secret__isnull=False).count() == 1


def unused(days, **fields):
    user = make.UserFactory(**fields)
    User.objects.filter(pk=user.pk).update(created_at=ago(2_000), last_login=ago(days))
    return user


def test_unused_accounts_warned():
    silent = unused(1096)
    unused(1094)
    unused(1096, is_staff=True)
    assert carried_out("unused_accounts_warned") == 1
    mail = OutgoingMail.objects.get()
    assert (mail.user, mail.kind) == (silent, "accounts.inactive_account")


def test_unused_accounts():
    """Nobody is deleted without a warning, and thirty days after it."""
    users = [unused(1200) for _number in range(3)]
    retention.get("unused_accounts_warned").apply()
    warnings = Notification.objects.order_by("user")
    for warning, moment in zip(warnings[:2], just_before_and_after(30), strict=True):
        Notification.objects.filter(pk=warning.pk).update(created_at=moment)
    Notification.objects.filter(user=users[2]).update(created_at=ago(31))
    User.objects.filter(pk=users[2].pk).update(last_login=ago(1))
    assert carried_out("unused_accounts") == 1
    assert User.objects.get(deletion_requested_at__isnull=False) == users[0]


def test_orphan_files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    folder = tmp_path / "ab"
    folder.mkdir()
    names = ["ab" + character * 30 for character in "0123"]
    for name in [*names, "notes.txt"]:
        (folder / name).write_bytes(b"x")
    ArticleImage.objects.create(file=f"ab/{names[0]}", alt_sv="En bild", **FILE)
    old, new = (moment.timestamp() for moment in just_before_and_after(1))
    for name, moment in ((names[0], old), (names[1], old), (names[2], new), ("notes.txt", old)):
        os.utime(folder / name, (moment, moment))
    assert carried_out("orphan_files") == 1
    assert {path.name for path in folder.iterdir()} == {names[0], names[2], names[3], "notes.txt"}


FILE = {"name": "a.png", "content_type": "image/png", "size": 1, "sha256": "0" * 64}


def test_demo_mailbox(settings, tmp_path):
    settings.AFORI_MAILBOX_DIR = tmp_path
    for moment in just_before_and_after(30):
        (tmp_path / f"{int(moment.timestamp() * 1e9):020}-abcd.eml").write_bytes(b"Subject: x")
    assert carried_out("demo_mailbox") == 1
    assert len(list(tmp_path.iterdir())) == 1


def test_rows_come_in_batches(monkeypatch):
    for _number in range(5):
        Session.objects.create(session_key=str(_number), session_data="", expire_date=ago(1))
    rule = retention.get("sessions")
    batches = []
    small = retention.Rule(
        **{**vars(rule), "batch": 2, "carry_out": lambda rows: batches.append(len(rows))}
    )
    assert small.apply() == 5
    assert batches == [2, 2, 1]


def test_rule_that_fails_does_not_stop_the_others(monkeypatch, caplog):
    def fail(before):
        raise ValueError("about asa@example.org")

    broken = retention.Rule(name="a_broken", what="", days=1, due=fail)
    monkeypatch.setitem(retention._rules, "a_broken", broken)
    make.UserFactory(deletion_requested_at=ago(20))
    apply_retention()
    assert User.objects.filter(erased_at__isnull=False).count() == 1
    assert "asa@example.org" not in caplog.text


def test_command_counts_without_doing_and_does():
    Session.objects.create(session_key="old", session_data="", expire_date=ago(1))
    out = io.StringIO()
    call_command("apply_retention", "--dry-run", stdout=out)
    assert "sessions: 1" in out.getvalue()
    assert Session.objects.exists()
    call_command("apply_retention", stdout=out)
    assert not Session.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_workers_share_the_work():
    for number in range(20):
        Session.objects.create(session_key=number, session_data="", expire_date=ago(1))
    rule = retention.Rule(**{**vars(retention.get("sessions")), "batch": 1})
    done = at_once(rule.apply, rule.apply)
    assert sum(done) == 20
    assert not Session.objects.exists()


def test_unconfirmed_addresses():
    for number, moment in enumerate(just_before_and_after(7)):
        for confirmed in (None, timezone.now()):
            address = f"{number}{'c' if confirmed else 'n'}@kommun.example"
            row = Reader.objects.create(address=address, confirmed_at=confirmed)
            Reader.objects.filter(pk=row.pk).update(updated_at=moment)
    assert carried_out("unconfirmed_addresses") == 1
    assert not Reader.objects.filter(address="0n@kommun.example").exists()
