"""A draft can be thrown away by those who write it, and nothing else can."""

import pytest
from django.urls import reverse

from afori.common.states import Refused
from afori.events.models import Event
from afori.notifications import registry
from afori.notifications.models import Notification, OutgoingMail
from challenges import actions
from challenges.models import Challenge, ChallengeKey
from tests import factories as make
from tests.cast import ROLES

from ..support import complete
from . import save

pytestmark = pytest.mark.django_db
KIND = "challenges.thrown_away"


@pytest.fixture
def shared(draft, cast):
    """Whole, with an editor's request; two work on it."""
    complete(draft)
    actions.add_team_member(draft, cast.coordinator, by=cast.member)
    draft.change_requests.create(section="times", text="Mer tid", by=cast.staff)
    return draft


def page(challenge):
    return reverse("challenges:throw_away", args=[challenge.slug])


def test_it_is_asked_first_and_then_gone(shared, author, cast):
    asked = author.get(page(shared))
    assert asked.status_code == 200
    assert "1 kriterium" in asked.text
    assert Challenge.objects.filter(pk=shared.pk).exists()

    answer = author.post(page(shared))
    assert answer.headers["Location"] == reverse("my_pages")
    assert not Challenge.objects.filter(pk=shared.pk).exists()
    assert shared.title_sv in author.get(reverse("my_pages")).text
    assert author.get(page(shared)).status_code == 404


def test_the_others_are_told_and_history_keeps_who_did_it(shared, author, cast, sign_in):
    author.post(page(shared))
    told = Notification.objects.get(kind=KIND)
    assert told.user == cast.coordinator
    kept = Challenge.pgh_event_model.objects.get(pk=told.subject_id)
    assert (kept.pgh_label, kept.title_sv) == ("thrown_away", shared.title_sv)
    assert kept.pgh_context.metadata["user"] == cast.member.pk
    letter = registry.get(KIND).letter(OutgoingMail.objects.get(kind=KIND))
    assert shared.title_sv in letter.text
    listed = sign_in(cast.coordinator).get(reverse("notifications:list"))
    assert shared.title_sv in listed.text


def test_nobody_else_may_read_of_it(shared, cast):
    actions.throw_away(shared, by=cast.member)
    event = Notification.objects.get(kind=KIND).subject_id
    kind = registry.get(KIND)
    for role in ROLES:
        person = getattr(cast, role)
        if person:
            seen = kind.seen_by(person, [event])
            assert bool(seen) is (person in (cast.member, cast.coordinator)), role


@pytest.mark.parametrize("role", [one for one in ROLES if one not in ("member", "owner")])
def test_others_cannot(shared, cast, sign_in, role):
    shared.team.filter(user=cast.coordinator).delete()
    answer = sign_in(getattr(cast, role)).post(page(shared))
    assert answer.status_code == (302 if role == "stranger" else 404)
    assert Challenge.objects.filter(pk=shared.pk).exists()


@pytest.mark.parametrize(
    ("state", "way"),
    [("in_review", "challenges:publishing"), ("published", "challenges:cancel")],
)
def test_what_is_no_draft_stays_and_the_page_says_what_to_do(shared, author, state, way):
    now = shared.created_at
    Challenge.objects.filter(pk=shared.pk).update(state=state, published_at=now)
    for answer, status in ((author.get(page(shared)), 200), (author.post(page(shared)), 409)):
        assert answer.status_code == status
        assert reverse(way, args=[shared.slug]) in answer.text
        assert 'data-color="danger" type="submit"' not in answer.text
    assert Challenge.objects.filter(pk=shared.pk).exists()


def test_a_draft_that_something_hangs_on_stays(shared, cast):
    actions.ask_for_key(shared)
    with pytest.raises(Refused):
        actions.throw_away(shared, by=cast.member)
    ChallengeKey.objects.all().delete()
    meeting = make.EventFactory(challenge=shared)
    with pytest.raises(Refused):
        actions.throw_away(shared, by=cast.member)
    assert Event.objects.filter(pk=meeting.pk).exists()


def test_one_who_has_left_the_team_does_not_throw_it_away(shared, cast):
    with pytest.raises(Refused):
        actions.throw_away(shared, by=cast.buyer)


def test_what_is_typed_when_it_is_gone_comes_back(shared, author, cast):
    actions.throw_away(shared, by=cast.coordinator)
    answer = save(author, shared, "background", background_sv="Min text")
    assert answer.status_code == 404
    assert "Min text" in answer.text


def test_a_save_that_comes_with_the_throwing_away_is_refused(shared, cast):
    stale = Challenge.objects.get(pk=shared.pk)
    actions.throw_away(shared, by=cast.member)
    with pytest.raises(Refused):
        actions.save_section(stale, "background", {}, revision=0, by=cast.member)
