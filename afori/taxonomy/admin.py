from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from afori.common.admin import DATE_FIELDS, DATES, ModelAdmin, texts

from .models import Topic


@admin.register(Topic)
class TopicAdmin(ModelAdmin):
    list_display = ["name_sv", "name_en", "slug", "is_programme"]
    list_filter = ["is_programme"]
    search_fields = ["name_sv", "name_en", "slug"]
    prepopulated_fields = {"slug": ["name_sv"]}
    readonly_fields = DATE_FIELDS
    fieldsets = [
        (None, {"fields": [("slug", "is_programme")]}),
        texts("name", "summary"),
        DATES,
    ]
    search_help_text = _("Searches names and addresses.")
