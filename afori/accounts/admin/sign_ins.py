from django.contrib import admin

from ..models import SignIn


@admin.register(SignIn)
class SignInAdmin(admin.ModelAdmin):
    """Attempts to log in, to read. Nobody adds, changes or takes away what has happened."""

    list_display = ["at", "user", "method", "second_factor", "succeeded", "device"]
    list_filter = ["succeeded", "method", "second_factor", "at"]
    list_select_related = ["user"]
    search_fields = ["user__email"]
    date_hierarchy = "at"
    show_full_result_count = False

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
