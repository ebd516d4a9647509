"""The same work for addresses with and without an account: time must not tell them apart."""

from functools import wraps

from allauth.account.internal.flows.password_reset_by_code import (
    PASSWORD_RESET_VERIFICATION_SESSION_KEY,
)
from allauth.account.internal.stagekit import LOGIN_SESSION_KEY
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.crypto import get_random_string

from .models import SignIn, User
from .sign_in_history import NO_PERSON, note_failure
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
            if waits_for_nobody(request):
                read_a_person()
            response = view(request, *args, **kwargs)
            led_on = response.get("Location", "").startswith(reverse(then))
            if request.method == "POST" and led_on:
                if hasattr(request, "mail_queued"):
                    look_in_the_second_place()
                else:
                    make_up_mail(template)
            return response

        return wrapped

    return decorate


def answers_alike(template, reads=1):
    """Pages that ask for a code: a wrong one is noted, a new one is mailed, or as if.

    `reads` is how many rows of the person allauth reads there.
    """

    def decorate(view):
        @wraps(view)
        def wrapped(request, *args, **kwargs):
            if not waits_for_nobody(request):
                return view(request, *args, **kwargs)
            for _number in range(reads):
                read_a_person()
            response = view(request, *args, **kwargs)
            if request.POST.get("action") == "resend":
                read_a_person()
                make_up_mail(template)
            elif request.method == "POST":
                note_failure(request, None, SignIn.Method.CODE)
            return response

        return wrapped

    return decorate


def waits_for_nobody(request):
    """Whether the code that this visitor is asked for was sent to nobody."""
    reset = request.session.get(PASSWORD_RESET_VERIFICATION_SESSION_KEY)
    if request.resolver_match.url_name == "account_confirm_password_reset_code":
        return bool(reset) and "user_id" not in reset
    login = request.session.get(LOGIN_SESSION_KEY)
    return bool(login) and login["user_pk"] is None


def make_up_mail(template):
    queue_mail(template, NOBODY, {"code": CODE_LOOKS})


def read_a_person():
    return User.objects.order_by("pk").first()


def look_in_the_second_place():
    """As allauth does for an address that it has not found among the confirmed ones."""
    return list(User.objects.filter(pk=NO_PERSON).iterator())


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
        """Create the account under another address, read what log-in then reads, and undo it."""
        address = self.cleaned_data["email"]
        stand_in = f"{get_random_string(20).lower()}@{NOBODY.partition('@')[2]}"
        self.cleaned_data["email"], self.account_already_exists = stand_in, False
        try:
            user = super().save(request)
            read_a_person()
            for _number in range(3):
                list(user.emailaddress_set.all())
        finally:
            self.cleaned_data["email"], self.account_already_exists = address, True
            transaction.set_rollback(True)
