"""Two people at the same moment, with real threads and real locks."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from afori.accounts import actions
from afori.accounts.choices import Kind
from afori.accounts.models import Membership, Organisation
from afori.common.states import Refused
from tests import factories as make

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*calls):
    """Run the calls together; returns what each gave, or the name of its refusal."""
    barrier = Barrier(len(calls))

    def run(call):
        barrier.wait()
        try:
            return call()
        except Refused as refusal:
            return type(refusal).__name__
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def test_one_number_becomes_one_organisation():
    people = make.UserFactory.create_batch(4)
    facts = {"name": "Ljusglimt AB", "kind": Kind.COMPANY, "number": "5560360793"}
    results = at_once(*(lambda by=by: actions.create_organisation(**facts, by=by) for by in people))
    assert results.count("OrganisationExists") == 3
    assert Organisation.objects.count() == 1


def test_one_name_without_number_becomes_separate_organisations():
    people = make.UserFactory.create_batch(3)
    at_once(
        *(
            lambda by=by: actions.create_organisation(name="AB", kind=Kind.COMPANY, by=by)
            for by in people
        )
    )
    assert Organisation.objects.count() == 3


def test_of_two_answers_one_counts():
    first, second = (
        make.MembershipFactory(role=Membership.Role.ADMIN),
        make.MembershipFactory(role=Membership.Role.ADMIN),
    )
    Membership.objects.filter(pk=second.pk).update(organisation=first.organisation)
    request = actions.request_membership(first.organisation, by=make.UserFactory())
    results = at_once(
        lambda: actions.decide_membership(request, accept=True, by=first.user).state,
        lambda: (
            actions.decide_membership(request, accept=False, reason="Nej", by=second.user).state
        ),
    )
    request.refresh_from_db()
    assert sorted(results) == sorted(["NotAllowedNow", request.state])


def test_two_requests_of_one_person_become_one():
    organisation, user = make.OrganisationFactory(), make.UserFactory()
    results = at_once(*[lambda: actions.request_membership(organisation, by=user).state] * 2)
    assert sorted(results) == ["AlreadyThere", "requested"]


def test_two_last_administrators_do_not_both_leave():
    first = make.MembershipFactory(role=Membership.Role.ADMIN)
    second = make.MembershipFactory(role=Membership.Role.ADMIN, organisation=first.organisation)
    make.MembershipFactory(organisation=first.organisation)
    results = at_once(
        *(
            lambda by=one.user: actions.leave_organisation(first.organisation, by=by)
            for one in (first, second)
        )
    )
    assert sorted(map(str, results)) == ["LastAdmin", "None"]
