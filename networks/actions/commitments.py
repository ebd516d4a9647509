"""An organisation's share of a need's pooled demand."""

from django.db import transaction

from .. import refusals
from ..models import Commitment, Need

FIELDS = (
    "degree",
    "volume_a_year",
    "cost_a_year",
    "contract_ends_on",
    "budget_year",
    "conditions",
    "signatory",
    "shown_by_name",
)


@transaction.atomic
def commit(need, *, organisation, by, **values):
    """Add the organisation to a need, or change what it has said. `values` are those of FIELDS."""
    need = Need.objects.select_for_update(no_key=True).get(pk=need.pk)
    if not organisation.is_buyer:
        raise refusals.NotABuyer
    if not organisation.is_verified:
        raise refusals.NotVerified
    if not need.takes_commitments:
        raise refusals.NeedClosed
    if values["degree"] == Commitment.Degree.PLEDGE and not values.get("signatory"):
        raise refusals.SignatoryMissing
    told = {name: values[name] for name in FIELDS if name in values}
    commitment, _created = Commitment.objects.update_or_create(
        need=need, organisation=organisation, defaults={**told, "made_by": by}
    )
    return commitment


@transaction.atomic
def withdraw_commitment(need, *, organisation, by):
    """Take the organisation's share back. The history keeps what it was. Possible twice."""
    Commitment.objects.filter(need=need, organisation=organisation).delete()
