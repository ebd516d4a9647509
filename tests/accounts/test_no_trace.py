"""An account that is deleted leaves no trace, and everything else as it was."""

import json
import re
from datetime import timedelta
from itertools import chain
from uuid import uuid4

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import ProgrammingError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from afori.accounts import actions
from afori.accounts.models import Invitation, Membership, SignIn, User, Verification
from afori.common import personal_data
from afori.common.crypto import EncryptedTextField
from afori.common.files import checked
from afori.common.personal_data import Fate
from afori.common.tasks import apply_retention
from afori.notifications import outbox
from afori.notifications.models import Notification, OutgoingMail
from challenges import actions as answers
from challenges.content import fingerprint
from challenges.models import SubmissionAuthor, SubmissionVersion
from networks import actions as networks
from networks.models import NetworkMembership

from .. import factories as make
from ..challenges.support import text_of
from .test_races import at_once

pytestmark = pytest.mark.django_db

TRACES = {
    "email": "kanariefagel-7q@kanarie.example",
    "second": "kanarie-annan@kanarie.example",
    "name": "Kanarina Åtrygghöjd",
    "profession": "Kanariefågelskötare",
    "message": "ord-kanarie-ansokan",
    "network": "ord-kanarie-natverk",
    "reason": "ord-kanarie-skal",
    "invited": "ord-kanarie-inbjuden",
    "inviting": "ord-kanarie-bjuder",
    "check": "ord-kanarie-kontroll",
    "aside": "ord-kanarie-undanlagt",
    "device": "KanarieBrowser/1.0",
    "deactivated": "ord-kanarie-avstangd",
}


@pytest.fixture
def canary(cast, client, settings, tmp_path):
    """A person who has been everywhere, mostly through the doors of the portal."""
    settings.MEDIA_ROOT, settings.AFORI_MAILBOX_DIR = tmp_path / "media", tmp_path / "mailbox"
    settings.AFORI_DEMO = True
    settings.EMAIL_BACKEND = "afori.notifications.mailbox.EmailBackend"
    user = make.UserFactory(
        **{name: TRACES[name] for name in ("email", "name", "profession")},
        deactivation_reason=TRACES["deactivated"],
    )
    user.emailaddress_set.create(email=TRACES["second"], verified=True)
    log_in(client, user)
    in_organisations(cast, client, user)
    in_networks(cast, client, user)
    answering(cast, user)
    in_the_admins_log(cast, client, user)
    outbox.drain()
    return user


def log_in(client, user):
    client.defaults["HTTP_USER_AGENT"] = TRACES["device"]
    client.post(reverse("account_login"), {"login": user.email, "password": make.PASSWORD})
    SignIn.objects.create(user=user, method="password", device=TRACES["device"])
    client.post(
        reverse("accounts:settings"),
        {"name": user.name, "profession": user.profession, "language": "sv"},
    )
    client.post(reverse("account_reset_password"), {"email": TRACES["second"]})


def in_organisations(cast, client, user):
    join = reverse("accounts:organisation_join", args=[cast.municipality.slug])
    client.post(join, {"message": TRACES["message"]})
    membership = user.memberships.get()
    actions.decide_membership(membership, accept=True, by=cast.owner)
    declined = actions.request_membership(
        make.MembershipFactory(role=Membership.Role.ADMIN).organisation,
        by=user,
        message=TRACES["message"],
    )
    answerer = declined.organisation.memberships.admins().get().user
    actions.decide_membership(
        declined, accept=False, by=answerer, reason=f"{TRACES['reason']} {user.name}"
    )
    invite = {"role": "member", "by": answerer, "message": TRACES["invited"]}
    actions.invite(declined.organisation, addresses=[user.email, TRACES["second"]], **invite)
    Invitation.objects.create(
        organisation=cast.municipality,
        address="other@example.org",
        invited_by=user,
        message=TRACES["inviting"],
    )
    Verification.objects.create(
        organisation=cast.municipality, requested_by=user, message=TRACES["check"]
    )


def in_networks(cast, client, user):
    client.post(reverse("networks:join", args=[cast.network.slug]), {"message": TRACES["network"]})
    networks.accept(user.network_memberships.get(), by=cast.coordinator)
    NetworkMembership.objects.filter(user=user).update(role="coordinator")
    other = networks.request_membership(
        cast.network, by=cast.buyer, organisation=cast.buyer.acting_for, message="Hej"
    )
    networks.decline(other, by=user, reason=f"{TRACES['reason']} hälsar {user.name}")
    document = checked(SimpleUploadedFile("protokoll.txt", b"Ett protokoll"))
    networks.add_document(cast.network, by=user, title="Protokoll", upload=document)
    need = make.NeedFactory(network=cast.network)
    client.post(
        reverse("networks:commit", args=[need.slug]), {"degree": "interest", "volume_a_year": "5"}
    )


def answering(cast, user):
    make.CriterionFactory(challenge=cast.challenge, position=1)
    make.MembershipFactory(user=user, organisation=cast.company)
    user = User.objects.get(pk=user.pk)
    submission = answers.start_submission(
        cast.challenge, organisation=cast.company, by=cast.supplier
    )
    answers.add_author(submission, user, by=cast.supplier)
    criterion = cast.challenge.criteria.get()
    answers.save_answer(submission, criterion, "Vi bygger en bro.", revision=0, by=user)
    upload = checked(SimpleUploadedFile("skiss.txt", b"En skiss"))
    answers.add_file(submission, upload, by=user)
    answers.submit(submission, submit_key=uuid4(), by=user)
    answers.save_answer(submission, criterion, TRACES["aside"], revision=0, by=user)


def in_the_admins_log(cast, client, user):
    from django.contrib.admin.models import CHANGE, LogEntry

    logged = LogEntry.objects.log_actions
    logged(cast.superuser.pk, [user], CHANGE, [{"changed": {"fields": ["name"]}}])
    logged(cast.superuser.pk, [user.memberships.first()], CHANGE, f"changed {user.name}")
    added = [{"added": {"name": "medlemskap", "object": f"{user.name} – Ekhamra kommun"}}]
    logged(cast.superuser.pk, [cast.network], CHANGE, added)


def texts_of_every_table():
    """(table.column, text) of all that the database holds, encrypted fields opened."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name, data_type FROM information_schema.columns "
            "WHERE table_schema = 'public'"
        )
        for table, column, kind in cursor.fetchall():
            if kind == "bytea":
                continue
            cursor.execute(
                f'SELECT DISTINCT "{column}"::text FROM "{table}" WHERE "{column}" IS NOT NULL'
            )
            for (text,) in cursor.fetchall():
                yield f"{table}.{column}", text
    yield from opened_fields()
    yield from opened_sessions()


def opened_fields():
    for model in apps.get_models():
        for field in model._meta.local_concrete_fields:
            if isinstance(field, EncryptedTextField):
                for text in model._base_manager.values_list(field.name, flat=True):
                    yield f"{model._meta.db_table}.{field.name}", text or ""


def opened_sessions():
    from django.contrib.sessions.models import Session

    for session in Session.objects.all():
        yield "session", str(session.get_decoded())


def files_below(*folders):
    for path in chain.from_iterable(folder.rglob("*") for folder in folders):
        if path.is_file():
            yield str(path), path.read_bytes().decode(errors="replace")


def traces(places):
    return {
        (name, where)
        for where, text in places
        for name, trace in TRACES.items()
        for spelling in {trace, json.dumps(trace)[1:-1]}
        if spelling.lower() in text.lower()
    }


def test_erasing_leaves_no_trace(canary, cast, client, settings, caplog):
    folders = (settings.MEDIA_ROOT, settings.AFORI_MAILBOX_DIR)
    before = traces(chain(texts_of_every_table(), files_below(*folders)))
    assert {name for name, _where in before} == set(TRACES)
    caplog.clear()
    actions.erase(canary)
    assert traces(files_below(*folders)) == set()
    outbox.drain()
    assert traces(texts_of_every_table()) == set()
    assert traces([("log", caplog.text)]) == set()
    (farewell,) = traces(files_below(*folders))
    assert farewell[0] == "email"
    assert traces(pages(cast, client)) == set()


def pages(cast, client):
    """What those who worked with the person see afterwards."""
    for person in (cast.owner, cast.coordinator, cast.superuser, cast.supplier, None):
        client.logout()
        if person:
            client.force_login(person)
        for url in (
            reverse("my_pages"),
            reverse("notifications:list"),
            reverse("search") + f"?q={TRACES['name'].split()[0]}",
            reverse("networks:room", args=[cast.network.slug]),
            reverse("accounts:members", args=[cast.municipality.slug]),
            reverse("admin:accounts_user_changelist"),
            reverse("admin:networks_network_history", args=[cast.network.pk]),
        ):
            html = client.get(url, headers={"user-agent": "x"}).content.decode()
            yield url, re.sub(r'value="[^"]*"|<mark>.*?</mark>|”[^”]*”', "", html)


def test_rows_meet_the_fate_that_was_told(canary):
    actions.erase(canary)
    for holding in personal_data.holdings():
        for name, fate in holding.fields.items():
            model, _dot, field = name.rpartition(".")
            rows = apps.get_model(model)._base_manager.filter(**{field: canary})
            if fate is Fate.ERASED:
                assert not rows.exists(), name


def test_facts_of_decisions_stay(canary, cast):
    actions.erase(canary)
    states = canary.memberships.order_by("pk").values_list("state", flat=True)
    assert list(states) == ["ended", "declined", "ended"]
    assert canary.network_memberships.get().state == "left"
    assert all(row.ended_at or row.decided_at for row in canary.memberships.all())
    declined = NetworkMembership.objects.get(user=cast.buyer)
    assert (declined.state, declined.reason, declined.decided_by) == ("declined", "–", canary)


def test_answer_stays_with_the_organisation_and_its_receipt_can_be_checked(canary, cast):
    actions.erase(canary)
    version = SubmissionVersion.objects.get()
    assert fingerprint(text_of(version)) == version.sha256
    assert str(version.received_from) == "Tidigare användare"
    authors = SubmissionAuthor.objects.active().filter(submission=version.submission)
    assert [author.user for author in authors] == [cast.supplier]


def test_erased_person_cannot_come_back(canary, client):
    actions.erase(canary)
    for address in (TRACES["email"], User.objects.get(pk=canary.pk).email):
        client.post(reverse("account_login"), {"login": address, "password": make.PASSWORD})
        assert client.get(reverse("my_pages")).status_code == 302


def test_erasing_again_changes_nothing(canary):
    actions.erase(canary)
    first = {place for place in texts_of_every_table() if "@invalid" not in place[1]}
    at = User.objects.get(pk=canary.pk).erased_at
    actions.erase(canary)
    second = {place for place in texts_of_every_table() if "@invalid" not in place[1]}
    assert User.objects.get(pk=canary.pk).erased_at == at
    assert {where for where, _text in first ^ second} <= {
        "accounts_user.password",
        "accounts_user.updated_at",
    }


def test_killed_half_way_nothing_has_happened(canary, monkeypatch):
    before = traces(texts_of_every_table())

    def die(user):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("afori.accounts.actions.erasure.make_nameless", die)
        with pytest.raises(KeyboardInterrupt):
            actions.erase(canary)
    assert traces(texts_of_every_table()) == before
    actions.erase(canary)
    outbox.drain()
    assert traces(texts_of_every_table()) == set()


def test_history_stays_append_only(canary):
    actions.erase(canary)
    with pytest.raises(ProgrammingError), transaction.atomic():
        canary.memberships.first().history.update(message="x")


def test_person_with_the_same_words_keeps_them(canary):
    other = make.UserFactory(name="Någon annan", email=f"x{TRACES['email']}")
    membership = make.MembershipFactory(user=other, message="Mina ord")
    Notification.objects.create(key="other", user=other, kind="tests", subject_id=1)
    actions.erase(canary)
    membership.refresh_from_db()
    other.refresh_from_db()
    assert (membership.message, other.email) == ("Mina ord", f"x{TRACES['email']}")
    assert other.notifications.count() == 1


@pytest.mark.django_db(transaction=True)
def test_log_in_at_the_same_moment_leaves_nothing(client):
    user = make.UserFactory(email=TRACES["email"], name=TRACES["name"])
    credentials = {"login": user.email, "password": make.PASSWORD}
    at_once(
        lambda: actions.erase(user),
        lambda: client.post(reverse("account_login"), credentials),
    )
    assert client.get(reverse("my_pages")).status_code == 302
    User.objects.filter(pk=user.pk).update(erased_at=timezone.now() - timedelta(days=2))
    apply_retention()
    OutgoingMail.objects.update(address="", secret=None)
    assert traces(texts_of_every_table()) == set()
