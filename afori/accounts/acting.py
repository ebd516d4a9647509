"""On whose behalf a signed-in person acts. The choice is kept in the session."""

SESSION_KEY = "acting_for"


def acting_for(request):
    """The organisation the person acts for, or None. Never one that they are no longer in."""
    return request.user.acting_for if request.user.is_authenticated else None


def act_for(request, organisation):
    """Choose another organisation. The caller has checked that the person is an active member."""
    request.session[SESSION_KEY] = organisation.pk
    remember_choice(request)


def remember_choice(request):
    request.user.choose_organisation(request.session.get(SESSION_KEY))
