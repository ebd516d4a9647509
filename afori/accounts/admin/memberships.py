from django.contrib import admin

from ..models import Membership


class MembershipInline(admin.TabularInline):
    """A person's organisations, to read: places are given and taken by actions alone."""

    model = Membership
    fk_name = "user"
    fields = readonly_fields = ["organisation", "role", "state", "requested_at", "decided_at"]
    extra = 0
    can_delete = False
    view_on_site = False

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False


class MemberInline(MembershipInline):
    fk_name = "organisation"
    fields = readonly_fields = ["user", "role", "state", "requested_at", "decided_at"]
