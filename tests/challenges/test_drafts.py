"""Writing: nothing typed is ever lost, with and without JavaScript."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from afori.accounts.actions import leave_organisation
from afori.common.states import Refused
from challenges import actions
from challenges.models import Answer, Submission
from tests import factories as make

from .support import closes, submit, upload, write

pytestmark = pytest.mark.django_db


@pytest.fixture
def part(arena, draft):
    return reverse("challenges:answer_edit", args=[arena.challenge.slug, draft.reference, 1])


def test_starting_again_gives_the_same(arena, draft):
    again = actions.start_submission(arena.challenge, organisation=arena.company, by=arena.supplier)
    assert again == draft


@pytest.mark.parametrize("moment", ["closed", "upcoming"])
def test_nobody_starts_outside_the_time(arena, moment):
    days = -1 if moment == "closed" else 9
    closes(arena.challenge, days=days)
    with pytest.raises(Refused):
        actions.start_submission(arena.challenge, organisation=arena.company, by=arena.supplier)
    assert not Submission.objects.exists()


def test_only_members_write_for_an_organisation(arena):
    with pytest.raises(Refused):
        actions.start_submission(arena.challenge, organisation=arena.company, by=arena.rival)


def test_a_stale_text_is_kept_beside(arena, two):
    criterion = arena.criteria[0]
    revision = two.draft.answers.get(criterion=criterion).revision
    actions.save_answer(two.draft, criterion, "Den första", revision=revision, by=two.one)
    saved = actions.save_answer(two.draft, criterion, "Den andra", revision=revision, by=two.other)

    answer = Answer.objects.get(pk=saved.answer.pk)
    assert (answer.text, saved.aside.text) == ("Den första", "Den andra")


def test_both_texts_are_shown_and_then_put_together(arena, two, part, sign_in):
    write(two.draft, arena.criteria[0], "Den första", by=two.one)
    client = sign_in(two.other)
    client.post(part, {"text": "Den andra", "revision": 1})

    page = client.get(part)
    assert "Den första" in page.content.decode()
    assert page.context["form"].initial == {"text": "Den andra", "revision": 2}
    assert "data-autosave" not in page.content.decode()

    client.post(part, {"text": "Båda", "revision": 2})
    answer = two.draft.answers.get(criterion=arena.criteria[0])
    assert answer.text == "Båda"
    assert not answer.set_aside.exists()


def test_discarding_keeps_the_other_text(arena, two, part, sign_in):
    write(two.draft, arena.criteria[0], "Den första", by=two.one)
    client = sign_in(two.other)
    client.post(part, {"text": "Den andra", "revision": 0})
    client.post(
        reverse("challenges:set_aside_discard", args=[arena.challenge.slug, two.draft.reference, 1])
    )

    answer = two.draft.answers.get(criterion=arena.criteria[0])
    assert answer.text == "Den första"
    assert not answer.set_aside.exists()


def test_the_same_text_again_changes_nothing(arena, draft):
    before = draft.answers.get(criterion=arena.criteria[0])
    saved = actions.save_answer(
        draft, arena.criteria[0], before.text, revision=0, by=arena.supplier
    )
    assert saved.answer.revision == before.revision
    assert saved.aside is None


def test_line_ends_are_the_same_everywhere(arena, draft):
    answer = write(draft, arena.criteria[0], "ett\r\ntvå\rtre", by=arena.supplier)
    assert answer.text == "ett\ntvå\ntre"


def test_saving_goes_on_or_closes(draft, arena, part, sign_in):
    client = sign_in(arena.supplier)
    on = client.post(part, {"text": "Ett", "revision": 1, "then": "next"})
    close = client.post(part, {"text": "Två", "revision": 2, "then": "close"})

    assert on.headers["Location"].endswith("/del/2/")
    assert close.headers["Location"] == draft.get_absolute_url()


def test_too_long_a_text_is_saved_and_says_by_how_much(draft, arena, part, sign_in):
    page = sign_in(arena.supplier).post(part, {"text": "ord " * 12, "revision": 1}, follow=True)
    assert "Korta svaret med 2 ord" in page.content.decode()
    assert draft.answers.get(criterion=arena.criteria[0]).text == "ord " * 12


def test_autosave_answers_with_the_next_revision(draft, arena, part, sign_in):
    client = sign_in(arena.supplier)
    saved = client.post(f"{part}spara/", {"text": "Nytt", "revision": 1})
    stale = client.post(f"{part}spara/", {"text": "Annat", "revision": 1})

    assert saved.json()["revision"] == 2
    assert saved.json()["message"].startswith("Sparat kl.")
    assert (stale.status_code, stale.json()["state"]) == (409, "conflict")


def test_typing_past_the_log_in_gives_the_text_back(draft, part, client):
    typed = "Skrivet efter utloggning <b>"
    page = client.post(part, {"text": typed, "revision": 1, "then": "next"})

    assert page.status_code == 403
    assert page.context["typed"] == [("text", typed)]
    assert 'name="revision" value="1"' in page.content.decode()
    assert "&lt;b&gt;" in page.content.decode()


def test_the_page_given_back_tells_a_stranger_nothing(draft, part, client):
    nowhere = part.replace(draft.reference, "finns-inte")
    pages = [client.post(address, {"text": "x"}) for address in (part, nowhere)]
    bodies = [
        re.sub('Token" value="[^"]+', "", page.content.decode(), flags=re.I) for page in pages
    ]
    assert [page.status_code for page in pages] == [403, 403]
    assert bodies[0].replace(draft.reference, "finns-inte") == bodies[1]


def test_an_old_token_after_logging_in_again_gives_the_text_back(draft, arena, part):
    """The token changes with the log-in; the text comes back with one that works."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(arena.supplier)
    client.get(part)
    forged = client.post(part, {"text": "Min text", "revision": 1, "csrfmiddlewaretoken": "x" * 64})
    assert forged.status_code == 403
    assert forged.context["typed"] == [("text", "Min text")]
    assert draft.answers.get(criterion=arena.criteria[0]).text == "Ett kort svar"

    token = str(forged.context["csrf_token"])
    client.post(part, {"text": "Min text", "revision": 1, "csrfmiddlewaretoken": token})
    assert draft.answers.get(criterion=arena.criteria[0]).text == "Min text"


def test_typing_past_the_deadline_shows_the_text(draft, arena, part, sign_in):
    client = sign_in(arena.supplier)
    closes(arena.challenge, seconds=-1)
    page = client.post(part, {"text": "Nästan klart", "revision": 1})

    assert page.status_code == 409
    assert "Nästan klart" in page.content.decode()
    assert draft.answers.get(criterion=arena.criteria[0]).text == "Ett kort svar"


def test_after_the_deadline_every_page_is_for_reading(draft, arena, sign_in):
    actions.add_file(draft, upload(), by=arena.supplier)
    submit(draft, by=arena.supplier)
    closes(arena.challenge, seconds=-1)
    client = sign_in(arena.supplier)
    args = [arena.challenge.slug, draft.reference]
    names = ["submission", "partners", "files", "submit", "withdraw"]
    pages = [reverse(f"challenges:{name}", args=args) for name in names]
    pages += [reverse("challenges:answer_edit", args=[*args, n]) for n in (1, 2)]
    for page in pages:
        text = client.get(page).content.decode()
        assert 'method="post"' not in text
        assert "Svaret kan bara läsas nu" in text
    assert "Ett kort svar" in client.get(pages[-1]).content.decode()
    assert (
        client.get(reverse("challenges:file", args=[*args, draft.files.get().token])).getvalue()
        == b"En skiss"
    )


@pytest.mark.parametrize("act", ["save_answer", "save_partners", "add_file"])
def test_after_the_deadline_nothing_can_be_changed(draft, arena, act):
    closes(arena.challenge, seconds=-1)
    doings = {
        "save_answer": lambda: write(draft, arena.criteria[0], "x", by=arena.supplier),
        "save_partners": lambda: actions.save_partners(
            draft, language="en", partners="x", by=arena.supplier
        ),
        "add_file": lambda: actions.add_file(draft, upload(), by=arena.supplier),
    }
    with pytest.raises(Refused) as refusal:
        doings[act]()
    assert refusal.value.code == "closed"


def test_authors_come_from_the_organisation_alone(arena, draft):
    with pytest.raises(Refused):
        actions.add_author(draft, arena.rival, by=arena.supplier)


def test_the_last_author_stays(arena, two):
    actions.remove_author(two.draft, two.one, by=two.other)
    with pytest.raises(Refused):
        actions.remove_author(two.draft, two.other, by=two.other)
    with pytest.raises(Refused):
        write(two.draft, arena.criteria[0], "x", by=two.one)


def test_an_author_who_has_left_does_not_count(arena, two):
    leave_organisation(arena.company, by=two.one)
    with pytest.raises(Refused):
        actions.remove_author(two.draft, two.other, by=two.other)


def test_authors_are_added_and_removed_on_their_page(arena, draft, sign_in):
    client = sign_in(arena.supplier)
    args = [arena.challenge.slug, draft.reference]
    client.post(reverse("challenges:authors", args=args), {"user": arena.rival.email})
    assert draft.authors.count() == 1
    client.post(reverse("challenges:authors", args=args), {"user": arena.colleague.email})
    assert draft.authors.count() == 2
    client.post(reverse("challenges:author_remove", args=args), {"user": arena.supplier.email})
    assert [author.user for author in draft.authors.all()] == [arena.colleague]


def test_answer_page_has_the_same_queries_for_one_and_many_parts(
    arena, draft, sign_in, django_assert_num_queries
):
    submit(draft, by=arena.supplier)
    client = sign_in(arena.supplier)
    client.get(draft.get_absolute_url())
    with django_assert_num_queries(12):
        client.get(draft.get_absolute_url())
    for position in range(3, 9):
        make.CriterionFactory(challenge=arena.challenge, position=position)
    with django_assert_num_queries(12):
        client.get(draft.get_absolute_url())
