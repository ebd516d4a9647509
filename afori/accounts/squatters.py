"""Accounts that somebody made beforehand with the address of another.

They cannot be entered before the address is confirmed. When its owner confirms it, by a code to log
in or to choose a new password, what the other one left must not open the account from then on.
"""

from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.password_reset_by_code import (
    PASSWORD_RESET_VERIFICATION_SESSION_KEY as RESETTING,
)
from allauth.account.signals import email_confirmed
from allauth.socialaccount.models import SocialAccount
from django.dispatch import receiver


@receiver(email_confirmed)
def forget_ways_of_others(request, email_address, **kwargs):
    if request.user.is_authenticated:
        return
    user = email_address.user
    last = [*get_authentication_records(request, user)][-1:]
    by_code = bool(last) and last[0]["method"] == "code"
    if by_code or RESETTING in request.session:
        SocialAccount.objects.filter(user_id=user.pk).delete()
    if by_code and user.has_usable_password():
        user.set_unusable_password()
        user.save(update_fields=["password"])
