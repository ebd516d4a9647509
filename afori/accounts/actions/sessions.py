"""Logging a person out everywhere."""

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session

from ..domains import address_key


def addresses(user):
    """All addresses of the person, in lower case and as invitations write them."""
    own = {user.email, *user.emailaddress_set.values_list("email", flat=True)}
    return {way(address) for address in own for way in (str.lower, address_key)} - {""}


def end_sessions(user):
    """Sessions say inside whose they are; some belong to people half-way through logging in."""
    known = addresses(user)
    for session in Session.objects.iterator():
        held = session.get_decoded()
        if held.get("_auth_user_id") == str(user.pk) or any(one in str(held) for one in known):
            session.delete()
    UserSession.objects.filter(user=user).delete()
