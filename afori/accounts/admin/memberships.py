from django.contrib import admin

from ..models import Membership


class Latest:
    """A read-only inline with the first few rows: a person or organisation may have thousands."""

    order = ["-pk"]
    limit = 50
    extra = 0
    can_delete = False
    view_on_site = False

    def get_queryset(self, request):
        rows = super().get_queryset(request)
        owner = str(request.resolver_match.kwargs.get("object_id", ""))
        if not owner.isdecimal():
            return rows.none()
        own = rows.filter(**{self.fk_name: owner}).order_by(*self.order)
        return rows.filter(pk__in=own.values("pk")[: self.limit]).order_by(*self.order)

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False


class MembershipInline(Latest, admin.TabularInline):
    """A person's organisations, to read: places are given and taken by actions alone."""

    model = Membership
    fk_name = "user"
    fields = readonly_fields = ["organisation", "role", "state", "requested_at", "decided_at"]
    order = ["state", "role", "-pk"]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("user", "organisation")


class MemberInline(MembershipInline):
    fk_name = "organisation"
    fields = readonly_fields = ["user", "role", "state", "requested_at", "decided_at"]
