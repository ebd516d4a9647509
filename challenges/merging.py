"""What becomes of challenges and answers when two organisations are made one."""

from django.utils.translation import gettext_lazy as _

from afori.accounts.merging import Rule, moves, register, stays

from .models import Challenge, Outcome, Submission

moves(Challenge, "owner", _("Challenges"))
stays(Submission, "organisation")


def won_in_public(merged, kept):
    """What staff may count: before an outcome is public nobody learns who is chosen."""
    return Outcome.objects.public().filter(chosen=merged).count()


def move_won(merged, kept, by):
    for outcome in Outcome.objects.filter(chosen=merged):
        outcome.chosen.add(kept)
        outcome.chosen.remove(merged)


register(
    Rule(Outcome, "chosen", _("Challenges that it has won"), count=won_in_public, move=move_won)
)
