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


class RoleForm(forms.Form):
    """What an administrator makes of a colleague."""

    role = forms.ChoiceField(choices=Membership.Role.choices)


class RemoveForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("The person will read it."),
        max_length=LONG,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class SuccessorForm(forms.Form):
    """Who administers the organisation when its last administrator leaves: a membership."""

    MOST = 200

    successor = forms.ChoiceField(
        label=_("New administrator"),
        error_messages={"required": _("Choose who takes over before you leave.")},
    )

    def __init__(self, *args, colleagues, **kwargs):
        super().__init__(*args, **kwargs)
        self.colleagues = {one.token: one for one in colleagues[: self.MOST]}
        people = [(token, one.user.name) for token, one in self.colleagues.items()]
        self.fields["successor"].choices = [("", _("Choose")), *people]

    def clean_successor(self):
        return self.colleagues[self.cleaned_data["successor"]]
