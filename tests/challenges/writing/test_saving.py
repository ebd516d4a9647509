"""Nothing that was typed is lost, whoever else was there meanwhile."""

from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import reverse

from challenges import actions
from challenges.models import Challenge
from tests.admin.forms import fields

from . import save, section, typed

pytestmark = pytest.mark.django_db


def test_a_save_over_a_later_one_stores_nothing_and_shows_both(author, draft, cast, sign_in):
    actions.add_team_member(draft, cast.coordinator, by=cast.member)
    save(author, draft, "background")
    other = sign_in(cast.coordinator)
    answer = save(other, draft, "background", background_sv="Det är kolmörkt.")
    text = answer.content.decode()

    assert answer.status_code == 409
    assert cast.member.name in text
    assert "Det är mörkt." in text
    assert "Det är kolmörkt." in text
    assert answer.context["stored"] == [("Bakgrund på svenska", "Det är mörkt.")]
    draft.refresh_from_db()
    assert draft.background_sv == "Det är mörkt."

    chosen = answer.context["form"]["revision"].value()
    save(other, draft, "background", chosen, background_sv="Mörkt. Kolmörkt.")
    draft.refresh_from_db()
    assert draft.background_sv == "Mörkt. Kolmörkt."


@pytest.mark.parametrize("name", list(typed()))
def test_both_versions_of_every_section_can_be_shown(author, draft, name):
    names = [field.name for field in Challenge._meta.get_fields()]
    actions.touch_sections(draft, ["criteria", *names], by=draft.team.get().user)
    answer = save(author, draft, name)
    assert answer.status_code == 409
    assert answer.context["stored"]


def test_the_same_text_twice_is_no_conflict(author, draft):
    save(author, draft, "background")
    assert save(author, draft, "background").status_code == 302


def test_line_ends_are_the_same_everywhere(author, draft):
    save(author, draft, "background", background_sv="ett\r\ntvå")
    draft.refresh_from_db()
    assert draft.background_sv == "ett\ntvå"
    assert save(author, draft, "background", 0, background_sv="ett\r\ntvå").status_code == 302


def test_what_an_editor_changes_in_the_admin_counts_as_a_save(author, draft, cast):
    actions.touch_sections(draft, ["background_sv"], by=cast.staff)
    assert save(author, draft, "background").status_code == 409


def test_nobody_writes_over_what_an_editor_saved_in_the_admin(client, draft, cast, editor):
    address = reverse("admin:challenges_challenge_change", args=[draft.pk])
    data = fields(client.get(address), "challenge_form")
    assert client.post(address, {**data, "contact": "Redaktionen"}).status_code == 302
    client.force_login(cast.member)
    answer = save(client, draft, "basics")
    assert answer.status_code == 409
    assert "Redaktionen" in answer.content.decode()
    assert save(client, draft, "background").status_code == 302


def test_colleagues_see_who_has_a_section_open_until_it_is_saved(draft, cast, sign_in):
    actions.add_team_member(draft, cast.coordinator, by=cast.member)
    sign_in(cast.member).get(section(draft, "background"))
    other = sign_in(cast.coordinator)
    told = f"{cast.member.name} har avsnittet öppet"
    assert told in other.get(section(draft, "background")).content.decode()
    hub = other.get(reverse("challenges:work", args=[draft.slug])).content.decode()
    assert f"{cast.member.name} har den öppen nu" in hub

    save(sign_in(cast.member), draft, "background")
    assert told not in sign_in(cast.coordinator).get(section(draft, "background")).content.decode()


def test_one_does_not_warn_oneself(author, draft):
    for _again in range(2):
        page = author.get(section(draft, "background"))
    assert page.context["outline"].here.colleague is None


def test_typing_past_the_log_in_gives_everything_back(draft):
    stranger = Client()
    answer = save(stranger, draft, "basics", summary_sv="Skrivet <b>")
    text = answer.content.decode()

    assert answer.status_code == 403
    assert ("summary_sv", "Skrivet <b>") in answer.context["typed"]
    assert answer.context["hidden"].count(("languages", "sv")) == 1
    assert answer.context["hidden"].count(("languages", "en")) == 1
    assert "&lt;b&gt;" in text


@pytest.mark.parametrize("number", ["team", "reason-team", "9" * 5_000, "²"], ids=len)
def test_made_up_fields_come_back_without_a_server_error(draft, number):
    sent = urlencode({number: "x", "text": "y", "title_sv": "z", f"{number}-prompt_sv": "w"})
    kind = "application/x-www-form-urlencoded"
    answer = Client().post(section(draft, "basics"), sent, content_type=kind)
    assert answer.status_code == 403


def test_typing_after_one_was_removed_gives_the_text_back(author, draft, cast):
    actions.add_team_member(draft, cast.coordinator, by=cast.member)
    actions.remove_team_member(draft, cast.member, by=cast.coordinator)
    answer = save(author, draft, "background", background_sv="Min text")
    assert answer.status_code == 404
    assert "Min text" in answer.content.decode()


def test_typing_after_it_went_to_review_gives_the_text_back(author, draft):
    Challenge.objects.filter(pk=draft.pk).update(state="in_review")
    answer = save(author, draft, "background", background_sv="Min text")
    assert answer.status_code == 409
    assert "Min text" in answer.content.decode()
    draft.refresh_from_db()
    assert draft.background_sv == ""
