from allauth.usersessions.models import UserSession
from django import forms
from django.utils.translation import gettext_lazy as _

from ..models import User


class SettingsForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ["name", "profession", "language"]
        labels = {
            "name": _("Your name"),
            "profession": _("Your profession or role"),
            "language": _("Language of e-mails to you"),
        }
        help_texts = {"profession": _("For example procurer, care manager or developer.")}


class DeletionForm(forms.Form):
    understood = forms.BooleanField(
        label=_("I understand that my account is erased and cannot be brought back."),
        error_messages={"required": _("Tick the box if you want your account to be erased.")},
    )


class SessionForm(forms.Form):
    """One of the places where the person is logged in."""

    session = forms.ModelChoiceField(UserSession.objects.none())

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["session"].queryset = UserSession.objects.filter(user=user)
