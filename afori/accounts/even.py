"""The same work for addresses with and without an account: time must not tell them apart."""

from functools import wraps

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.crypto import get_random_string

from .models import SignIn
from .sign_in_history import note_failure
from .telling import NOBODY, queue_mail

RESET_CODE = "account/email/password_reset_code"
LOGIN_CODE = "account/email/login_code"
SIGN_UP_CODE = "account/email/email_confirmation_signup"
CODE_LOOKS = "BCDF-GHJK"


def mails_alike(template, then):
    """Whoever is led on to the page `then` costs one mail, if need be one that goes to nobody."""

    def decorate(view):
        @wraps(view)
        def wrapped(request, *args, **kwargs):
            response = view(request, *args, **kwargs)
            led_on = response.get("Location", "").startswith(reverse(then))
            if request.method == "POST" and led_on:
                make_up_mail(request, template)
            return response

        return wrapped

    return decorate


def answers_alike(template):
    """Pages that ask for a code: a wrong one is noted, a new one is mailed, or as if."""

    def decorate(view):
        @wraps(view)
        def wrapped(request, *args, **kwargs):
            response = view(request, *args, **kwargs)
            if request.method == "POST" and request.POST.get("action") == "resend":
                make_up_mail(request, template)
            elif request.method == "POST" and not hasattr(request, "sign_in_noted"):
                note_failure(request, None, SignIn.Method.CODE)
            return response

        return wrapped

    return decorate


def make_up_mail(request, template):
    if not hasattr(request, "mail_queued"):
        queue_mail(template, NOBODY, {"code": CODE_LOOKS})


class EvenSignUp:
    """Mixin of the form: an address that is taken costs as much as a new account."""

    def try_save(self, request):
        if not self.account_already_exists:
            try:
                return super().try_save(request)
            except IntegrityError:  # somebody else was a moment earlier
                self.account_already_exists = True
        self.rehearse(request)
        return super().try_save(request)

    @transaction.atomic
    def save(self, request):
        return super().save(request)

    @transaction.atomic
    def rehearse(self, request):
        """Create the account under another address, and undo it."""
        address = self.cleaned_data["email"]
        stand_in = f"{get_random_string(20).lower()}@{NOBODY.partition('@')[2]}"
        self.cleaned_data["email"], self.account_already_exists = stand_in, False
        try:
            super().save(request)
        finally:
            self.cleaned_data["email"], self.account_already_exists = address, True
            transaction.set_rollback(True)
