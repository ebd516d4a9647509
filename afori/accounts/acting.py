"""On whose behalf a signed-in person acts. The choice is kept in the session."""

from django.utils.translation import gettext as _

from .models import Organisation

SESSION_KEY = "acting_for"
SHOWN = "for"  # the field in which a form carries the organisation that it was shown with


def acting_for(request):
    """The organisation the person acts for, or None. Never one that they are no longer in."""
    return request.user.acting_for if request.user.is_authenticated else None


def act_for(request, organisation):
    """Choose another organisation. The caller has checked that the person is an active member."""
    request.session[SESSION_KEY] = organisation.pk
    remember_choice(request)


def remember_choice(request):
    request.user.choose_organisation(request.session.get(SESSION_KEY))


def acts_elsewhere(request):
    """Why what was sent must not count: it was shown on behalf of another organisation than the
    one acted for now. "" where all is well.
    """
    shown, now = request.POST.get(SHOWN), request.acting_for
    if shown is None or request.user.is_anonymous or (now and now.slug == shown):
        return ""
    before = Organisation.objects.filter(slug=shown).first()
    names = {"before": before, "now": now}
    if before is None or before.pk not in request.user.roles:
        return _("You no longer act for %(before)s. Nothing has been saved.") % names
    return (
        _(
            "The page was open for %(before)s, but you now act for %(now)s. Nothing has been "
            "saved. Check and send again if you mean %(now)s; if not, switch back first."
        )
        % names
    )
