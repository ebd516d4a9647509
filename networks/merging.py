"""What becomes of networks, needs and demand when two organisations are made one."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from afori.accounts.merging import Rule, joins, moves, register

from .models import Commitment, Financing, Need, Network, NetworkMembership

DEGREES = [Commitment.Degree.INTEREST, Commitment.Degree.LETTER_OF_INTENT, Commitment.Degree.PLEDGE]

moves(NetworkMembership, "organisation", _("Memberships of networks"))
moves(Network, "organiser", _("Networks that it organises"))
joins(Network, "co_organisers", _("Networks that it organises with others"))
joins(Network, "organisations", _("Networks that name it as a member"))
moves(Need, "proposer", _("Needs that it has proposed"))
moves(Financing, "financier", _("Networks that it finances"))


def doubles(merged, kept):
    """Commitments of both to the same need, as pairs (the merged one's, the other's)."""
    own = {each.need_id: each for each in kept.commitments.all()}
    return [(each, own[each.need_id]) for each in merged.commitments.all() if each.need_id in own]


def notes(merged, kept):
    number = len(doubles(merged, kept))
    if number:
        yield (
            ngettext(
                "Both have committed to %d need: the stronger commitment stays.",
                "Both have committed to %d needs: the stronger commitment stays for each.",
                number,
            )
            % number
        )


def move(merged, kept, by):
    """Of two commitments to a need the higher degree stays; of two equal ones that of `kept`."""
    for leaving, staying in doubles(merged, kept):
        stronger = DEGREES.index(leaving.degree) > DEGREES.index(staying.degree)
        (staying if stronger else leaving).delete()
    merged.commitments.update(organisation=kept)


register(
    Rule(
        Commitment,
        "organisation",
        _("Commitments to needs"),
        count=lambda merged, kept: merged.commitments.count(),
        notes=notes,
        move=move,
    )
)
