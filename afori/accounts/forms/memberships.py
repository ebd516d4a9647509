from django import forms
from django.utils.translation import gettext_lazy as _

from ..models import Membership

SHORT, LONG = 600, 2000


class JoinForm(forms.Form):
    message = forms.CharField(
        label=_("Message to the organisation's administrators"),
        help_text=_("Say who you are, so that they recognise you."),
        max_length=SHORT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class AnswerForm(forms.Form):
    """An answer to a request: `accept` is true or false, `reason` is needed to decline."""

    answer = forms.ChoiceField(
        label=_("Your answer"),
        choices=[("accept", _("Yes, let in")), ("decline", _("No, decline"))],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("Reason, if you decline"),
        help_text=_("The person will read it."),
        max_length=LONG,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    @property
    def accept(self):
        return self.cleaned_data["answer"] == "accept"


class MemberForm(forms.Form):
    """What an administrator does with a colleague's membership."""

    ADMIN, MEMBER, REMOVE = Membership.Role.ADMIN, Membership.Role.MEMBER, "remove"
    change = forms.ChoiceField(choices=[(value, value) for value in (ADMIN, MEMBER, REMOVE)])
