from datetime import timedelta

import pytest
from django.db import IntegrityError
from django.urls import reverse
from django.utils import timezone

from funding.models import CutOff, FundingCall

from .. import factories as make

pytestmark = pytest.mark.django_db


def call_with(*days, **values):
    call = make.FundingCallFactory(**values)
    for number in days:
        CutOff.objects.create(call=call, at=timezone.now() + timedelta(days=number, hours=1))
    return call


def listed(client, **query):
    html = client.get(reverse("funding:list"), query).content.decode()
    titles = [call.title_sv for call in FundingCall.objects.all() if call.title_sv in html]
    return sorted(titles, key=html.index)


def test_next_cutoff_is_the_first_that_has_not_passed():
    call = call_with(-5, 3, 40)
    found = FundingCall.objects.with_next_cutoff().get(pk=call.pk)
    assert (found.next_cutoff - timezone.now()).days == 3


def test_list_leads_with_the_nearest_deadline_and_drops_what_is_over(client):
    call_with(30, title_sv="Senare")
    call_with(2, title_sv="Snart")
    call_with(-1, title_sv="Passerad")
    make.FundingCallFactory(title_sv="Stående program")
    make.FundingCallFactory(title_sv="Löpande stöd", is_rolling=True)
    make.FundingCallFactory(title_sv="Ej publicerad", is_published=False)
    assert listed(client) == ["Snart", "Senare", "Löpande stöd", "Stående program"]


def test_a_call_with_several_dates_is_listed_once(client):
    call = call_with(3, 40, title_sv="Två gånger om året")
    html = client.get(reverse("funding:list")).content.decode()
    assert html.count(f'href="{call.get_absolute_url()}"') == 1


def test_filter_keeps_calls_that_name_no_limit(client):
    make.FundingCallFactory(title_sv="För alla")
    make.FundingCallFactory(title_sv="För kommuner", applicants=["municipality"])
    make.FundingCallFactory(title_sv="För företag", applicants=["company"])
    assert listed(client, applicant="municipality") == ["För alla", "För kommuner"]


def test_closed_call_says_so_and_what_to_do(client):
    call = call_with(-1)
    html = client.get(call.get_absolute_url()).content.decode()
    assert "Sista dagen att söka har passerat" in html


def test_unpublished_call_is_not_found(client):
    call = make.FundingCallFactory(is_published=False)
    assert client.get(call.get_absolute_url()).status_code == 404


def test_amount_from_may_not_exceed_amount_to():
    with pytest.raises(IntegrityError):
        make.FundingCallFactory(amount_min=2, amount_max=1)


def test_detail_has_few_queries(client, django_assert_max_num_queries):
    call = call_with(1, 2, 3)
    call.topics.add(make.TopicFactory(), make.TopicFactory())
    with django_assert_max_num_queries(8):
        client.get(call.get_absolute_url())
