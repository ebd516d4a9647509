from django.contrib import admin, messages
from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from . import outbox
from .models import OutgoingMail
from .registry import kinds

SHOWN = [
    "kind",
    "domain",
    "language",
    "priority",
    "state",
    "attempts",
    "error",
    "created_at",
    "next_attempt_at",
    "lease_until",
    "sent_at",
]


@admin.register(OutgoingMail)
class OutgoingMailAdmin(admin.ModelAdmin):
    """What waits, went out or was given up. Read only; addresses are shown by domain."""

    list_display = ["kind", "domain", "state", "priority", "age", "attempts", "error"]
    list_filter = ["state", "priority", "kind", "created_at"]
    date_hierarchy = "created_at"
    ordering = ["-created_at"]
    actions = ["try_again"]
    fields = tuple(SHOWN)
    readonly_fields = SHOWN

    @admin.display(description=_("domain"))
    def domain(self, mail):
        return mail.address.rpartition("@")[2]

    @admin.display(description=_("age"), ordering="created_at")
    def age(self, mail):
        return timesince(mail.created_at, timezone.now())

    @admin.action(description=_("Try again"), permissions=["try_again"])
    def try_again(self, request, mails):
        number = outbox.try_again(mails)
        messages.success(
            request,
            ngettext(
                "%(number)d mail is queued again.", "%(number)d mails are queued again.", number
            )
            % {"number": number},
        )

    def has_try_again_permission(self, request):
        return request.user.has_perm("notifications.change_outgoingmail")

    def get_queryset(self, request):
        sealed = [kind.name for kind in kinds() if kind.sealed]
        return super().get_queryset(request).exclude(kind__in=sealed).defer("secret")

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
