"""Answers when the organisation that they come from is merged into another."""

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from afori.accounts.actions import merge_organisations
from afori.accounts.groups import make_editors
from afori.accounts.models import Organisation, User
from afori.common.states import Refused
from challenges import actions
from challenges.models import Submission, SubmissionAuthor
from tests import factories as make
from tests.cast import employee

from .support import fill, submit
from .test_secrecy import CHANGING

pytestmark = pytest.mark.django_db


@pytest.fixture
def kept(db):
    return make.OrganisationFactory(name="Ljusglimt Sverige AB")


@pytest.fixture
def colleague(kept):
    return employee(kept, name="Kurt Kollega")


@pytest.fixture
def merge(arena, kept):
    def run():
        reason = {"by": arena.superuser, "reason": "Samma bolag"}
        merge_organisations(arena.company, into=kept, **reason)
        arena.company.refresh_from_db()

    return run


def again(user):
    """The person with the next request: memberships are remembered for one."""
    return User.objects.get(pk=user.pk)


def test_authors_keep_their_answer_and_others_do_not_get_it(arena, draft, merge, colleague):
    merge()
    assert list(Submission.objects.visible_to(arena.supplier)) == [draft]
    for person in (colleague, arena.colleague, arena.superuser, arena.owner, arena.rival):
        assert list(Submission.objects.visible_to(person)) == []
    authors = SubmissionAuthor.objects.active().filter(submission=draft)
    assert [author.user for author in authors] == [arena.supplier]


def test_the_answer_keeps_its_organisation_and_can_be_submitted(arena, draft, merge, kept):
    first = submit(draft, by=arena.supplier)
    merge()
    draft.refresh_from_db()
    second = submit(draft, by=arena.supplier)
    assert (draft.organisation, first.sha256) == (arena.company, second.sha256)


def test_answering_for_the_one_that_stays_goes_on_with_the_same_answer(
    arena, draft, merge, kept, colleague, sign_in
):
    merge()
    mine = actions.start_submission(arena.challenge, organisation=kept, by=again(arena.supplier))
    assert mine == draft
    with pytest.raises(Refused):
        actions.start_submission(arena.challenge, organisation=kept, by=colleague)
    assert Submission.objects.count() == 1
    page = reverse("challenges:answer", args=[arena.challenge.slug])
    assert sign_in(arena.supplier).get(page)["Location"] == draft.get_absolute_url()
    assert "sköter svaret" in sign_in(colleague).get(page).content.decode()


def test_two_answers_stay_with_their_authors(arena, draft, merge, kept, colleague):
    other = actions.start_submission(arena.challenge, organisation=kept, by=colleague)
    merge()
    own = {"organisation": kept}
    assert actions.start_submission(arena.challenge, by=again(arena.supplier), **own) == draft
    assert actions.start_submission(arena.challenge, by=again(colleague), **own) == other


def test_an_author_adds_a_colleague_of_the_one_that_stays(arena, draft, merge, colleague, sign_in):
    merge()
    page = reverse("challenges:authors", args=[arena.challenge.slug, draft.reference])
    assert "Kurt Kollega" in sign_in(arena.supplier).get(page).content.decode()
    actions.add_author(draft, colleague, by=arena.supplier)
    assert list(Submission.objects.visible_to(colleague)) == [draft]


def test_whoever_had_left_gets_nothing_back(arena, draft, merge):
    arena.supplier.memberships.update(state="ended", ended_at=timezone.now())
    merge()
    assert list(Submission.objects.visible_to(again(arena.supplier))) == []


def test_set_rule_and_author_rule_agree_after_a_merge(arena, draft, merge, kept, colleague):
    merge()
    for person in User.objects.all():
        sees = Submission.objects.visible_to(person).exists()
        writes = SubmissionAuthor.objects.active().filter(user=person).exists()
        assert sees == writes


def test_staff_see_the_same_with_and_without_answers(arena, kept, sign_in, settings):
    settings.AFORI_REQUIRE_MFA = False
    editor = make.UserFactory(is_staff=True)
    editor.groups.add(make_editors())
    other = employee(kept)
    page = reverse("admin:accounts_organisation_merge_into", args=[arena.company.pk, kept.pk])
    with time_machine.travel(timezone.now(), tick=False):
        client = sign_in(editor)

        def seen():
            return CHANGING.sub(b"", client.get(page).content)

        before = seen()
        for organisation, author in ((arena.company, arena.supplier), (kept, other)):
            draft = actions.start_submission(arena.challenge, organisation=organisation, by=author)
            fill(draft, by=author)
            submit(draft, by=author)
        assert seen() == before
        response = client.post(page, {"reason": "Samma bolag"}, follow=True)
    assert response.status_code == 200
    assert Organisation.objects.get(pk=arena.company.pk).merged_into == kept
    assert Submission.objects.count() == 2
