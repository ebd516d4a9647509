"""Short ways to what tests of invitations need."""

from django.utils.translation import override

from afori.accounts.models import User
from afori.notifications import registry
from afori.notifications.models import OutgoingMail


def mails():
    return list(OutgoingMail.objects.order_by("created_at").values_list("address", flat=True))


def letter_of(mail):
    with override(mail.language):
        return registry.get(mail.kind).letter(mail)


def fresh(user):
    return User.objects.get(pk=user.pk)


def look(client, invitation):
    return client.get(invitation.get_absolute_url())
