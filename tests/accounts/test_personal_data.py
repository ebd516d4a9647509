"""The download: all that is one's own, and nothing that is not."""

import hashlib
import io
import json
import zipfile
from uuid import uuid4

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from afori.accounts import actions
from afori.accounts.archive import archive_of
from afori.accounts.models import SignIn, User
from afori.common import personal_data
from afori.common.files import checked
from challenges import actions as answers
from challenges.models import Submission
from networks import actions as networks

from .. import factories as make
from ..challenges import support as challenges

pytestmark = pytest.mark.django_db
DOWNLOAD = "accounts:my_data_download"


def relations_to_people():
    """ "app.Model.field" of every foreign key to a person; stored versions repeat their model's."""
    for model in apps.get_models(include_auto_created=True):
        if hasattr(model, "pgh_tracked_model"):
            continue
        for field in model._meta.get_fields():
            if field.concrete and field.related_model is User and not field.many_to_many:
                yield f"{model._meta.label}.{field.name}"


def test_every_relation_to_a_person_has_a_fate():
    named = [name for one in personal_data.holdings() for name in one.fields]
    assert sorted(named) == sorted(relations_to_people())


def opened(user, language="sv"):
    with translation.override(language), archive_of(user) as archive:
        zipped = zipfile.ZipFile(io.BytesIO(archive.read()))
    assert zipped.testzip() is None
    return {name: zipped.read(name) for name in zipped.namelist()}


def whole(files):
    """All texts and names as one, escapes undone."""
    return "\n".join([*files, *(content.decode(errors="replace") for content in files.values())])


@pytest.fixture
def busy(cast, settings, tmp_path):
    """The cast with something of everything, each text its writer's own."""
    settings.MEDIA_ROOT = tmp_path
    make.CriterionFactory(challenge=cast.challenge, position=1)
    for author, company in ((cast.supplier, cast.company), (cast.rival, cast.rival_company)):
        started = answers.start_submission(cast.challenge, organisation=company, by=author)
        criterion = cast.challenge.criteria.get()
        answers.save_answer(started, criterion, secret(author), revision=0, by=author)
        upload = checked(SimpleUploadedFile("skiss.txt", secret(author).encode()))
        answers.add_file(started, upload, by=author)
    submitted = Submission.objects.get(organisation=cast.company)
    cast.receipt = answers.submit(submitted, submit_key=uuid4(), by=cast.supplier)
    cast.asked = networks.request_membership(
        cast.network, by=cast.buyer, organisation=cast.buyer.acting_for, message=secret(cast.buyer)
    )
    actions.request_membership(cast.municipality, by=cast.user, message=secret(cast.user))
    document = checked(SimpleUploadedFile("protokoll.txt", secret(cast.member).encode()))
    networks.add_document(cast.network, by=cast.member, title="Protokoll", upload=document)
    for person in people(cast):
        SignIn.objects.create(user=person, method="password", network_address="192.0.2.0")
    return cast


def people(cast):
    return [one for one in vars(cast).values() if isinstance(one, User)]


def secret(user):
    return f"hemligt av {user.email}"


WRITERS = ("user", "supplier", "rival", "buyer", "member")


def test_everybody_gets_their_own_and_no_others(busy):
    for person in people(busy):
        text = whole(opened(person))
        for role in WRITERS:
            writer = getattr(busy, role)
            assert (secret(writer) in text) == (writer == person), (person, role)
        assert person.email in text
        assert person.password not in text
        others = [one for one in people(busy) if one != person]
        assert [one.email for one in others if one.email in text] == []


def test_nobody_learns_of_answers_that_are_not_theirs(busy):
    for person in people(busy):
        if person not in (busy.supplier, busy.rival):
            text = whole(opened(person))
            assert busy.receipt.submission.reference not in text
            assert json.loads(opened(person)["svar.json"])["Svar"] == []


def test_author_gets_draft_opened_version_receipt_and_file(busy):
    folder = f"svar/{busy.receipt.submission.reference}"
    assert f"{folder}/version-1.json" not in opened(busy.supplier)
    challenges.opened(busy.receipt.submission.challenge)
    files = opened(busy.supplier)
    folder = f"svar/{busy.receipt.submission.reference}"
    names = [name for name in files if name.startswith(folder)]
    assert f"{folder}/utkast.json" in names
    received = files[f"{folder}/version-1.json"]
    assert hashlib.sha256(received).hexdigest() == busy.receipt.sha256
    stored = next(name for name in names if name.endswith("skiss.txt"))
    assert files[stored].decode() == secret(busy.supplier)
    assert busy.receipt.printed_number in files["svar.json"].decode()


def test_author_who_has_left_the_organisation_gets_nothing_of_the_answer(busy):
    busy.supplier.memberships.update(state="ended", ended_at=busy.receipt.received_at)
    files = opened(User.objects.get(pk=busy.supplier.pk))
    assert secret(busy.supplier) not in whole(files)


def test_files_and_guide_are_in_the_readers_language(cast):
    swedish, english = opened(cast.user), opened(cast.user, "en")
    assert "konto.json" in swedish
    assert "account.json" in english
    for files in (swedish, english):
        guide = files["README.txt"].decode()
        assert "<" not in guide
        tables = [name for name in files if name.endswith(".json")]
        assert [name for name in tables if name not in guide] == []
        assert all(json.loads(files[name]) is not None for name in tables)


def test_download_asks_who_one_is_first(cast, sign_in):
    response = sign_in(cast.user).post(reverse(DOWNLOAD))
    assert response.status_code == 302
    assert response.url.startswith(reverse("account_reauthenticate"))


def confirmed(client):
    """Show once more that it is oneself."""
    url = reverse("account_reauthenticate")
    client.post(f"{url}?next={reverse('accounts:my_data')}", {"password": make.PASSWORD})
    return client


def test_download_is_private_and_limited(cast, sign_in):
    client = confirmed(sign_in(cast.user))
    response = client.post(reverse(DOWNLOAD))
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "private, no-store"
    assert response.headers["Content-Disposition"].startswith("attachment")
    with zipfile.ZipFile(io.BytesIO(response.getvalue())) as zipped:
        assert cast.user.email in zipped.read("konto.json").decode()
    assert [code_of_download(client) for _number in range(10)] == [200] * 9 + [429]


def code_of_download(client):
    response = client.post(reverse(DOWNLOAD))
    assert not response.streaming or response.getvalue()
    return response.status_code


def test_download_is_not_for_get(cast, sign_in):
    assert sign_in(cast.user).get(reverse(DOWNLOAD)).status_code == 405


def test_many_rows_need_no_more_queries(cast, django_assert_num_queries):
    def export():
        return opened(User.objects.get(pk=cast.member.pk))

    make_rows(cast.member, 1)
    with CaptureQueriesContext(connection) as few:
        export()
    make_rows(cast.member, 30)
    with django_assert_num_queries(len(few)):
        export()


def make_rows(user, number):
    for _number in range(number):
        SignIn.objects.create(user=user, method="password")
        make.NetworkMembershipFactory(user=user, organisation=user.acting_for)
        make.MembershipFactory(user=user, state="ended", ended_at=user.created_at)
