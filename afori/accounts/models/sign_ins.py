from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class SignIn(models.Model):
    """One attempt to sign in to an existing account, for its person and for staff to see."""

    class Method(models.TextChoices):
        PASSWORD = "password", _("Password")
        CODE = "code", _("Code by e-mail")
        PASSKEY = "passkey", _("Passkey")
        PROVIDER = "provider", _("The organisation's log-in")
        RESET = "reset", _("New password")
        SIGN_UP = "sign_up", _("New account")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("person"),
        on_delete=models.CASCADE,
        related_name="sign_ins",
    )
    at = models.DateTimeField(_("time"), auto_now_add=True)
    method = models.CharField(_("method"), max_length=10, choices=Method.choices)
    second_factor = models.BooleanField(_("with second factor"), default=False)
    succeeded = models.BooleanField(_("succeeded"), default=True)
    network_address = models.GenericIPAddressField(_("network address"), null=True, blank=True)
    device = models.CharField(_("device"), max_length=100, blank=True)

    class Meta:
        verbose_name = _("sign-in")
        verbose_name_plural = _("sign-ins")
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["user", "-at"], name="sign_in_of_user")]

    def __str__(self):
        return f"{self.user}: {self.get_method_display()}"
