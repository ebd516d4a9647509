"""What all our admin pages share: history with restore, both languages side by side, nonces."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.models import DELETION, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db import connection, models
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import formats, timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from js_asset import Media

from . import history
from .fields import check_year

SOURCE = (gettext_lazy("Source"), {"fields": ["source", "facts_as_of", "is_example"]})
DATES = (gettext_lazy("Dates"), {"fields": [("created_at", "updated_at")]})
DATE_FIELDS = ["created_at", "updated_at"]


def both(*names):
    """Rows of a fieldset with the Swedish and the English column side by side."""
    return [tuple(f"{name}_{language}" for language in ("sv", "en")) for name in names]


def texts(*names):
    """The fieldset of short bilingual columns."""
    return (gettext_lazy("Texts"), {"fields": both(*names), "classes": ["bilingual"]})


def prose(*names):
    """The fieldset of rich texts: side by side only where the screen is wide."""
    return (gettext_lazy("Text"), {"fields": both(*names), "classes": ["bilingual", "long"]})


def moment_column(name, label):
    """A list column with a time in its short form."""

    @admin.display(description=label, ordering=name)
    def column(model_admin, obj):
        at = getattr(obj, name)
        return at and formats.date_format(timezone.localtime(at), "SHORT_DATETIME_FORMAT")

    return column


class Fields:
    """How our pages ask: check boxes for short lists, addresses that begin with https, days and
    times of our own century.

    `checkboxes` names lists of related things that are few enough to be ticked.
    """

    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}
    checkboxes = ("topics",)

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        if db_field.name in self.checkboxes:
            kwargs["widget"] = forms.CheckboxSelectMultiple
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if isinstance(db_field, ArrayField) and db_field.base_field.choices:
            return choices_field(db_field)
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if isinstance(db_field, models.DateField) and field:
            field.validators.append(check_year)
        return field


class StackedInline(Fields, admin.StackedInline):
    extra = 0


class TabularInline(Fields, admin.TabularInline):
    extra = 0


class ModelAdmin(Fields, admin.ModelAdmin):
    """The base of our admin pages.

    `never_restored` names fields that a restore leaves alone, since actions govern them.
    `list_defer` names long columns that the list does not read.
    """

    list_per_page = 50
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    never_restored = ()
    list_defer = ()

    # Lists

    def get_queryset(self, request):
        queryset = super().get_queryset(request)
        in_list = request.resolver_match.url_name == self.url_name("changelist")
        return queryset.defer(*self.list_defer) if in_list else queryset

    def changelist_view(self, request, extra_context=None):
        tools = {"deleted_url": self.address("deleted")}
        return super().changelist_view(request, tools | (extra_context or {}))

    # Forms

    def view_on_site(self, obj):
        """Straight to the page of the object, None while it has none that anyone may see."""
        return obj.get_absolute_url() if hasattr(obj, "get_absolute_url") else None

    def render_change_form(self, request, context, *args, **kwargs):
        """Scripts carry the nonce: the editor's import map cannot be a file."""
        media = Media.from_media(context["media"], nonce=request.csp_nonce)
        return super().render_change_form(request, context | {"media": media}, *args, **kwargs)

    def get_object(self, request, object_id, from_field=None):
        """Whoever saves waits for an action under way, and starts from what it wrote."""
        obj = super().get_object(request, object_id, from_field)
        if obj and self.saves(request):
            self.model._base_manager.select_for_update(no_key=True).filter(pk=obj.pk).first()
            obj = super().get_object(request, object_id, from_field)
            request.columns_before = dict(obj.__dict__) if obj else {}
        return obj

    def saves(self, request):
        """Whether the page's form is being saved, in its transaction; not an answer to a request,
        whose action takes its own.
        """
        is_page = request.resolver_match.url_name == self.url_name("change")
        return request.method == "POST" and is_page and connection.in_atomic_block

    def save_model(self, request, obj, form, change):
        """Only the columns that were changed here: actions own what they wrote into others."""
        before = getattr(request, "columns_before", None)
        if not change or before is None:
            super().save_model(request, obj, form, change)
        elif changed := changed_columns(obj, before):
            obj.save(update_fields=[*changed, *moments_of_saving(obj)])

    # History

    def construct_change_message(self, request, form, formsets, add=False):
        """With the lists of related things, before and after: versions do not hold them."""
        message = super().construct_change_message(request, form, formsets, add)
        lists = [] if add else changed_lists(form)
        return [*message, {"lists": lists}] if lists else message

    def get_urls(self):
        own = [
            self.route("deleted/", self.deleted_view, "deleted"),
            self.route("<path:object_id>/history/compare/", self.compare_view, "compare"),
            self.route(
                "<path:object_id>/history/<int:version>/restore/", self.restore_view, "restore"
            ),
        ]
        return own + super().get_urls()

    def route(self, address, view, page):
        """A page of our own beside Django's, behind the same log-in."""
        return path(address, self.admin_site.admin_view(view), name=self.url_name(page))

    def url_name(self, page):
        return f"{self.opts.app_label}_{self.opts.model_name}_{page}"

    def address(self, page, *args):
        return reverse(f"admin:{self.url_name(page)}", args=args)

    def history_view(self, request, object_id, extra_context=None):
        if not history.is_tracked(self.model):
            return super().history_view(request, object_id, extra_context)
        obj = self.seen(request, object_id)
        page = Paginator(history.versions(obj), 20).get_page(request.GET.get("page"))
        start = (page.number - 1) * 20
        context = {
            "title": _("History of %(name)s") % {"name": obj},
            "page": page,
            "entries": history.entries(obj, start, start + 20),
            "can_restore": self.has_change_permission(request, obj),
            **(extra_context or {}),
        }
        return self.page(request, "admin/versions.html", obj, context)

    def compare_view(self, request, object_id):
        obj = self.seen(request, object_id)
        old, new = (self.version(obj, request.GET.get(name)) for name in ("old", "new"))
        old, new = sorted((old, new), key=lambda row: (row.pgh_created_at, row.pgh_id))
        context = {
            "title": _("Compare versions"),
            "old": old,
            "new": new,
            "changes": history.compared(self.model, old, new),
        }
        return self.page(request, "admin/compare.html", obj, context)

    def restore_view(self, request, object_id, version):
        obj = self.seen(request, object_id)
        if not self.has_change_permission(request, obj):
            raise PermissionDenied
        row = self.version(obj, version)
        if request.method == "POST" and self.restored(request, obj, row):
            return redirect(self.address("change", obj.pk))
        now = history.versions(obj).first()
        context = {
            "title": _("Restore this version?"),
            "row": row,
            "changes": [
                one
                for one in history.compared(self.model, now, row)
                if one.name not in self.never_restored
            ],
        }
        return self.page(request, "admin/restore.html", obj, context)

    def restored(self, request, obj, row):
        try:
            obj = history.restore(obj, row, keep=self.never_restored)
        except ValidationError as error:
            for text in error.messages:
                messages.error(request, text)
            return False
        self.log_change(request, obj, _("Restored an earlier version"))
        messages.success(request, _("The version is restored. What was there before is kept too."))
        return True

    def deleted_view(self, request):
        """What has been deleted in the admin, by whom and when."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        log = LogEntry.objects.filter(
            content_type=ContentType.objects.get_for_model(self.model), action_flag=DELETION
        ).select_related("user")
        title = _("Deleted: %(names)s") % {"names": self.opts.verbose_name_plural}
        context = {"title": title, "page": Paginator(log, 50).get_page(request.GET.get("page"))}
        return self.page(request, "admin/deleted.html", None, context)

    def seen(self, request, object_id):
        obj = self.get_object(request, object_id)
        if obj is None:
            raise Http404
        if not self.has_view_or_change_permission(request, obj):
            raise PermissionDenied
        return obj

    def version(self, obj, key):
        if not str(key).isdecimal() or len(str(key)) > 18:
            raise Http404
        found = history.versions(obj).filter(pgh_id=key).first()
        if found is None:
            raise Http404
        return found

    def page(self, request, template, obj, context):
        request.current_app = self.admin_site.name
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "object": obj,
            "list_name": capfirst(self.opts.verbose_name_plural),
            **context,
        }
        return TemplateResponse(request, template, context)


def changed_columns(obj, before):
    """Names of columns that differ from what stood in the object's `__dict__`."""
    columns = [one for one in obj._meta.concrete_fields if one.attname in before]
    return [one.name for one in columns if obj.__dict__[one.attname] != before[one.attname]]


def moments_of_saving(obj):
    return [one.name for one in obj._meta.concrete_fields if getattr(one, "auto_now", False)]


def choices_field(db_field):
    """A list column with fixed choices as check boxes."""
    base = db_field.base_field
    return forms.TypedMultipleChoiceField(
        label=capfirst(db_field.verbose_name),
        help_text=db_field.help_text,
        choices=base.choices,
        coerce=base.to_python,
        required=not db_field.blank,
        widget=forms.CheckboxSelectMultiple,
    )


def changed_lists(form):
    """Many-to-many fields that a form has changed, with names before and after."""
    fields = {one.name: one for one in form._meta.model._meta.many_to_many}
    return [
        {
            "label": str(capfirst(fields[name].verbose_name)),
            "before": [str(one) for one in form.initial.get(name) or []],
            "after": [str(one) for one in form.cleaned_data[name]],
        }
        for name in form.changed_data
        if name in fields
    ]
