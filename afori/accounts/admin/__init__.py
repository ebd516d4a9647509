from allauth.account.decorators import secure_admin_login
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import admin

from . import organisations, people, providers, sign_ins, verifications

__all__ = ["organisations", "people", "providers", "sign_ins", "verifications"]

admin.site.login = secure_admin_login(admin.site.login)
# Secrets of second factors and people's devices are nobody's to browse, and an address that is
# added to an account, or called verified, is a way into it.
admin.site.unregister([Authenticator, EmailAddress, UserSession])
