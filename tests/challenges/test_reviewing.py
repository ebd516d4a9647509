"""The editors' queue and review: nothing lost, nobody reviews their own, the second is told."""

import threading
from datetime import timedelta

import pytest
from django.db import connections
from django.urls import reverse

from afori.notifications.models import Notification, OutgoingMail
from afori.notifications.registry import get
from challenges import actions
from challenges.actions import Gone
from challenges.actions.reviewing import settle
from challenges.locks import database_now
from challenges.models import Challenge, SectionName
from tests import factories as make
from tests.cast import ROLES

from .support import complete
from .writing import save, section

QUEUE = "challenges:review_list"
DAY = timedelta(days=1)


@pytest.fixture
def sent(arena, db):
    """In review, whole; the member is on its team."""
    challenge = complete(
        make.ChallengeFactory(
            owner=arena.municipality, state="draft", published_at=None, title_sv="Lugna nätter"
        )
    )
    challenge.team.create(user=arena.member)
    return actions.send_to_review(challenge, by=arena.member)


def address(challenge, name="review"):
    return reverse(f"challenges:{name}", args=[challenge.slug])


def waiting(**fields):
    fields = {"state": "in_review", "published_at": None} | fields
    return make.ChallengeFactory(**fields)


pytestmark = pytest.mark.django_db


def test_the_queue_has_the_longest_waiting_first(arena, sent, sign_in):
    old = waiting(sent_to_review_at=database_now() - 3 * DAY)
    waiting(approved_at=database_now(), approved_by=arena.staff)
    make.ChallengeFactory(state="draft", published_at=None)
    page = sign_in(arena.staff).get(reverse(QUEUE))
    assert list(page.context["object_list"]) == [old, sent]
    assert sent.owner.name in page.text


@pytest.mark.parametrize("number", [1, 3, 30])
def test_the_queue_has_constant_queries(arena, sign_in, django_assert_max_num_queries, number):
    for _each in range(number):
        waiting()
    client = sign_in(arena.staff)
    with django_assert_max_num_queries(10):
        page = client.get(reverse(QUEUE))
    assert len(page.context["object_list"]) == min(number, 20)


@pytest.mark.parametrize("role", ROLES)
def test_who_sees_queue_and_review(arena, sent, sign_in, role):
    client = sign_in(getattr(arena, role))
    found = [client.get(url).status_code for url in (reverse(QUEUE), address(sent))]
    expected = {"stranger": [302, 302], "staff": [200, 200], "superuser": [200, 200]}
    assert found == expected.get(role, [403, 404])


def test_nobody_reviews_their_own(arena, sent, sign_in):
    for person in (arena.staff, arena.superuser):
        make.MembershipFactory(user=person, organisation=arena.municipality)
        client = sign_in(person)
        assert address(sent) not in client.get(reverse(QUEUE)).text
        assert client.get(address(sent)).status_code == 403
        assert client.post(address(sent), {"decision": "approve"}).status_code == 403
    sent.refresh_from_db()
    assert sent.approved_at is None


def test_the_review_shows_every_section_and_what_it_lacks(arena, sent, sign_in):
    Challenge.objects.filter(pk=sent.pk).update(affected_sv="", background_en="In English")
    page = sign_in(arena.staff).get(address(sent))
    assert [one.name for one in page.context["sections"]] == list(SectionName)
    for text in (sent.background_sv, "In English", "Beskriv på svenska vem som berörs"):
        assert text in page.text


def test_the_review_says_which_language_each_text_is_in(arena, sent, sign_in):
    Challenge.objects.filter(pk=sent.pk).update(
        title_en="Quiet nights", background_en="It is loud.", rights_text_en="For ten years."
    )
    sent.criteria.update(prompt_en="How quiet?", help_sv="Räkna i decibel.")
    text = sign_in(arena.staff).get(address(sent)).text
    for term, said in [
        ("Titel (på engelska)", '<dd lang="en">Quiet nights'),
        ("Titel (på svenska)", "<dd>Lugna nätter"),
        ("I ord (på engelska)", '<dd lang="en">For ten years.'),
        ("Kriterium 1 (på engelska)", '<dd lang="en">How quiet?'),
        ("Kriterium 1, hjälp (på svenska)", "<dd>Räkna i decibel."),
    ]:
        assert f"<dt>{term}</dt>{said}" in text
    background = text.partition('id="background"')[2].partition("<details")[0]
    assert background.index("På svenska") < background.index(sent.background_sv)
    assert background.index("På engelska") < background.index("It is loud.")


def test_boxes_are_folded_but_for_those_with_text(arena, sent, sign_in):
    client = sign_in(arena.staff)
    page = client.get(address(sent)).text
    assert page.count('<details class="ds-details">') == len(SectionName)
    page = client.post(address(sent), {"decision": "approve", "change_times": "Mer tid"}).text
    assert page.count('<details class="ds-details" open>') == 1
    opened = page.partition('<details class="ds-details" open>')[2].partition("</details>")[0]
    assert "Mer tid" in opened
    assert 'name="change_times"' in opened


def test_the_review_has_few_queries(arena, sent, sign_in, django_assert_max_num_queries):
    for number in range(3):
        make.CriterionFactory(challenge=sent, position=number + 5)
        sent.openers.create(user=make.UserFactory())
        for name in ("times", "route"):
            sent.change_requests.create(section=name, text="Mer", by=arena.staff)
    client = sign_in(arena.staff)
    with django_assert_max_num_queries(12):
        client.get(address(sent))


def test_asking_for_changes_gives_the_draft_back_and_tells_the_team(arena, sent, sign_in):
    client = sign_in(arena.staff)
    data = {"decision": "changes", "change_times": "Ge dem mer tid", "change_route": ""}
    assert client.post(address(sent), data).url == reverse(QUEUE)
    sent.refresh_from_db()
    assert sent.state == "draft"
    request = sent.change_requests.get()
    assert (request.section, request.text, request.by) == ("times", "Ge dem mer tid", arena.staff)
    assert Notification.objects.get(kind="challenges.changes_asked").user == arena.member
    mail = OutgoingMail.objects.get(kind="challenges.changes_asked")
    letter = get(mail.kind).letter(mail)
    assert "Ge dem mer tid" in letter.text
    assert reverse("challenges:work", args=[sent.slug]) in letter.text


def test_asking_for_nothing_and_approving_with_requests_are_told(arena, sent, sign_in):
    client = sign_in(arena.staff)
    page = client.post(address(sent), {"decision": "changes"})
    assert page.context["form"].non_field_errors()
    page = client.post(address(sent), {"decision": "approve", "change_times": "Mer tid"})
    assert page.context["form"].non_field_errors()
    assert "Mer tid" in page.text
    assert not sent.change_requests.exists()


def test_approval_tells_the_team(arena, sent, sign_in):
    sign_in(arena.staff).post(address(sent), {"decision": "approve"})
    sent.refresh_from_db()
    assert (sent.state, sent.approved_by) == ("in_review", arena.staff)
    assert Notification.objects.get(kind="challenges.approved").user == arena.member


def test_a_second_round_is_told_again(arena, sent):
    for round_ in range(2):
        actions.ask_for_changes(sent, {"times": f"Mer {round_}"}, by=arena.staff)
        settle(sent, "times", by=arena.member)
        actions.send_to_review(sent, by=arena.member)
    assert OutgoingMail.objects.filter(kind="challenges.changes_asked").count() == 2


def test_the_second_editor_is_told_and_keeps_the_text(arena, sent, sign_in):
    other = make.UserFactory(is_staff=True, name="Edda Editor")
    actions.approve(sent, by=other)
    page = sign_in(arena.staff).post(
        address(sent), {"decision": "changes", "change_route": "Säg mer"}
    )
    assert page.status_code == 409
    for text in ("Säg mer", "Edda Editor"):
        assert text in page.text
    assert not sent.change_requests.exists()


def test_an_expired_session_keeps_the_requests(arena, sent, sign_in):
    page = sign_in(None).post(address(sent), {"decision": "changes", "change_route": "Säg mer"})
    assert page.status_code == 403
    assert "Säg mer" in page.text
    assert not sent.change_requests.exists()


def test_editors_do_not_read_on_in_what_they_gave_back(arena, sent, sign_in):
    actions.ask_for_changes(sent, {"times": "Mer"}, by=arena.staff)
    Challenge.objects.filter(pk=sent.pk).update(background_sv="Nytt som skrivs nu")
    page = sign_in(arena.staff).get(address(sent))
    assert page.status_code == 200
    assert "Nytt som skrivs nu" not in page.text
    never_sent = make.ChallengeFactory(state="draft", published_at=None)
    assert sign_in(arena.superuser).get(address(never_sent)).status_code == 404


def test_settling_is_part_of_saving(arena, sent, sign_in):
    actions.ask_for_changes(sent, {"background": "Mer", "route": "Säg mer"}, by=arena.staff)
    client = sign_in(arena.member)
    page = client.get(section(sent, "background"))
    assert "Mer" in page.text
    assert page.context["settled"]["settled"].value() is None
    save(client, sent, "background", background_sv="Utan kryss")
    assert waiting_requests(sent) == {"background", "route"}
    save(client, sent, "background", 1, background_sv="Skrivet nu", settled="on")
    sent.refresh_from_db()
    assert sent.background_sv == "Skrivet nu"
    assert waiting_requests(sent) == {"route"}
    assert sent.change_requests.get(section="background").settled_by == arena.member


def test_what_could_not_be_saved_settles_nothing(arena, sent, sign_in):
    actions.ask_for_changes(sent, {"background": "Mer", "budget": "Mer"}, by=arena.staff)
    client = sign_in(arena.member)
    save(client, sent, "background")
    page = save(client, sent, "background", background_sv="Annan", settled="on")
    assert page.status_code == 409
    assert page.context["settled"]["settled"].value()
    page = save(client, sent, "budget", budget_min="3", budget_max="2", settled="on")
    assert page.context["form"].errors
    assert page.context["settled"]["settled"].value()
    assert waiting_requests(sent) == {"background", "budget"}


def test_a_section_of_people_alone_is_settled_as_well(arena, sent, sign_in):
    actions.ask_for_changes(sent, {"openers": "Någon till"}, by=arena.staff)
    answer = save(sign_in(arena.member), sent, "openers", settled="on", then="next")
    assert answer.status_code == 302
    assert waiting_requests(sent) == set()


def waiting_requests(challenge):
    return {one.section for one in challenge.change_requests.unsettled()}


def test_it_is_sent_again_once_all_is_settled(arena, sent, sign_in):
    actions.ask_for_changes(sent, {"background": "Berätta mer"}, by=arena.staff)
    client = sign_in(arena.member)
    hub = client.get(address(sent, "work"))
    page = client.get(address(sent, "send_to_review"))
    for one in (hub, page):
        assert "Inget saknas" not in one.text
        assert section(sent, "background") in main(one)
    assert "Berätta mer" in page.text
    assert "<form" not in main(page)
    told = client.post(address(sent, "send_to_review"), follow=True)
    assert "Bakgrund och behov" in told.text.split("<main")[0] + str(*told.context["messages"])
    sent.refresh_from_db()
    assert sent.state == "draft"
    save(client, sent, "background", settled="on")
    assert "<form" in main(client.get(address(sent, "send_to_review")))
    client.post(address(sent, "send_to_review"))
    sent.refresh_from_db()
    assert sent.state == "in_review"


def main(page):
    return page.text.partition("<main")[2].partition("</main")[0]


def test_the_hub_says_how_to_take_it_back(arena, sent, sign_in):
    hub = sign_in(arena.member).get(address(sent, "work"))
    labels = {step.label: step.url for step in hub.context["steps"]}
    place = labels["Ta tillbaka den och skriv mer"]
    assert place == f"{address(sent, 'publishing')}#back"
    assert 'id="back"' in sign_in(arena.member).get(address(sent, "publishing")).text
    assert "Granskning" in labels


def test_the_desk_says_that_it_waits(arena, sent, sign_in):
    page = sign_in(arena.superuser).get(reverse("admin:index")).text
    assert reverse(QUEUE) in page
    assert "1 utmaning väntar på granskning" in page
    changelist = sign_in(arena.superuser).get(reverse("admin:challenges_challenge_changelist"))
    assert reverse(QUEUE) in changelist.text


@pytest.mark.django_db(transaction=True)
def test_of_two_editors_at_once_one_is_told(arena, sent):
    people = [arena.staff, arena.superuser]
    start, results = threading.Barrier(2), []

    def act(person):
        try:
            start.wait()
            if person == arena.staff:
                actions.approve(sent, by=person)
            else:
                actions.ask_for_changes(sent, {"times": "Mer"}, by=person)
            results.append("done")
        except Gone:
            results.append("told")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=act, args=[person]) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(results) == ["done", "told"]
