import re

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from ..domains import address_key
from ..models import Membership
from .memberships import SHORT

MOST_ADDRESSES = 20
LINK = re.compile(r"://|\bwww\.", re.IGNORECASE)


class InviteForm(forms.Form):
    """Whom to invite. `addresses` becomes a list, each once; `known` are members' addresses."""

    addresses = forms.CharField(
        label=_("E-mail addresses"),
        help_text=_("One on each line, at most 20 at a time."),
        max_length=MOST_ADDRESSES * 260,
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false", "autocapitalize": "none"}),
    )
    role = forms.ChoiceField(
        label=_("Role"),
        choices=[
            (Membership.Role.MEMBER, _("Member: acts for the organisation")),
            (Membership.Role.ADMIN, _("Administrator: also decides who is a member")),
        ],
        initial=Membership.Role.MEMBER,
        widget=forms.RadioSelect,
    )
    message = forms.CharField(
        label=_("Message in the e-mail"),
        max_length=SHORT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args, known, **kwargs):
        super().__init__(*args, **kwargs)
        self.known = known

    def clean_addresses(self):
        lines = [line.strip() for line in self.cleaned_data["addresses"].splitlines()]
        lines = [line for line in lines if line]
        if len(lines) > MOST_ADDRESSES:
            raise ValidationError(
                _("You have written %(number)d addresses. Invite at most %(most)d at a time.")
                % {"number": len(lines), "most": MOST_ADDRESSES}
            )
        keys = {line: address_key(line) for line in lines}
        members = self.known({key for key in keys.values() if key})
        problems = [problem(line, key, members) for line, key in keys.items()]
        if problems := [one for one in problems if one]:
            raise ValidationError(problems)
        return list(dict.fromkeys(keys.values()))

    def clean_message(self):
        message = self.cleaned_data["message"]
        if LINK.search(message):
            raise ValidationError(_("Leave out links: the e-mail has the one that is needed."))
        return message


def problem(line, key, members):
    if not key:
        return _("“%(line)s” is not an e-mail address.") % {"line": line[:100]}
    if key in members:
        return _("%(address)s is a member already.") % {"address": line}
    return None
