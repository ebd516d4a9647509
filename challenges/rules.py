"""Who may do what with challenges. What nobody but authors may know of is no rule: see
`Submission.objects.visible_to`.
"""

import rules

from afori.accounts.mfa import required_for
from afori.accounts.rules import (
    acts_for_supplier,
    is_active_member,
    is_editor,
    is_organisation_admin,
    organisation_of,
)

from .models import Challenge, Opener


@rules.predicate
def acts_for_owner(user, challenge):
    organisation = organisation_of(user)
    return organisation is not None and organisation.pk == challenge.owner_id


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


@required_for
@rules.predicate
def opens_challenges(user):
    """Named to open the answers to some challenge, whatever its state."""
    return Opener.objects.filter(user_id=user.pk).exists()


rules.add_perm("challenges.answer_challenge", acts_for_supplier & ~acts_for_owner)
rules.add_perm("challenges.change_challenge", is_written & (is_owner_member | is_editor))
rules.add_perm("challenges.delete_challenge", is_draft & (is_owner_admin | is_editor))
rules.add_perm("challenges.review_challenge", is_editor)
