"""Who may do what with challenges. What nobody but authors may know of is no rule: see
`Submission.objects.visible_to`.
"""

import rules

from afori.accounts.guarded import guarded_for
from afori.accounts.mfa import required_for
from afori.accounts.rules import (
    acts_for_buyer,
    acts_for_supplier,
    is_active_member,
    is_editor,
    is_organisation_admin,
)

from .models import Challenge, Opener, Panelist, SubmissionAuthor, TeamMember


@rules.predicate
def is_owner_member(user, challenge):
    return is_active_member(user, challenge.owner)


@rules.predicate
def is_owner_admin(user, challenge):
    return is_organisation_admin(user, challenge.owner)


@rules.predicate
def is_written(user, challenge):
    """Before publishing: from then on it changes through amendments alone."""
    return challenge.state in Challenge.WRITTEN


@rules.predicate
def is_draft(user, challenge):
    return challenge.state == Challenge.State.DRAFT


@rules.predicate
def is_on_team(user, challenge):
    return challenge.team.active().filter(user_id=user.pk).exists()


@rules.predicate
def belongs_to_owner(user, challenge):
    return challenge is not None and is_owner_member(user, challenge)


is_reviewer = is_editor & ~belongs_to_owner
"""Asked by the view itself: for superusers `has_perm` says yes to everything."""


@required_for
@rules.predicate
def opens_challenges(user):
    """Named to open the answers to some challenge, whatever its state."""
    return Opener.objects.filter(user_id=user.pk).exists()


@guarded_for
@rules.predicate
def reads_sealed_things(user):
    """Opens, works on or judges a challenge, or writes an answer to one: now or earlier."""
    roles = (Opener, TeamMember, Panelist, SubmissionAuthor)
    return any(role.objects.filter(user_id=user.pk).exists() for role in roles)


works_on = (is_written & is_owner_admin) | is_on_team

rules.add_perm("challenges.start_challenge", acts_for_buyer)
rules.add_perm("challenges.work_on_challenge", works_on)
rules.add_perm("challenges.write_challenge", is_draft & works_on)
rules.add_perm("challenges.answer_challenge", acts_for_supplier & ~is_owner_member)
rules.add_perm("challenges.change_challenge", is_written & is_editor)
rules.add_perm("challenges.ask_question", acts_for_supplier & ~is_owner_member)
rules.add_perm("challenges.delete_challenge", is_draft & (is_owner_admin | is_editor))
rules.add_perm("challenges.review_challenge", is_reviewer)
rules.add_perm("challenges.see_overdue", is_editor)
