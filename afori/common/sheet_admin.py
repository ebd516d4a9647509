"""Import and export of tables in the admin: choose a file, look at what would change, confirm."""

from django import forms
from django.contrib import messages
from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from . import files
from .sheets import FORMATS, read_sheet

SHEET_BYTES = 5 * 1024 * 1024
KEPT_SECONDS = 3600


class SheetForm(forms.Form):
    upload = files.UploadField(
        label=gettext_lazy("File"),
        extensions=["xlsx", "csv"],
        help_text=gettext_lazy("XLSX or CSV in UTF-8, at most 5 MB and 2 000 rows."),
    )

    def clean_upload(self):
        upload = self.cleaned_data["upload"]
        if upload.size > SHEET_BYTES:
            raise forms.ValidationError(_("The file is larger than 5 MB. Split it."))
        read_sheet(upload.name, upload.content)
        return upload


class SheetAdmin:
    """Adds the two pages to a ModelAdmin. `resource_class` says which columns there are."""

    def get_urls(self):
        own = [
            self.route("import/", self.import_view, "import"),
            self.route("export/", self.export_view, "export"),
        ]
        return own + super().get_urls()

    def has_import_permission(self, request):
        return self.has_add_permission(request) and self.has_change_permission(request)

    def changelist_view(self, request, extra_context=None):
        query = request.GET.urlencode()
        tools = {"export_url": f"{self.address('export')}{'?' if query else ''}{query}"}
        if self.has_import_permission(request):
            tools["import_url"] = self.address("import")
        return super().changelist_view(request, tools | (extra_context or {}))

    # Out

    def export_view(self, request):
        """The rows that the list shows with the same filters, as a file or with a choice of one."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        query = request.GET.copy()
        kind = (query.pop("format", None) or [""])[0]
        request.GET = query
        queryset = self.get_changelist_instance(request).get_queryset(request)
        if kind in FORMATS:
            return self.file(queryset, kind)
        context = {
            "title": _("Export %(names)s") % {"names": self.opts.verbose_name_plural},
            "number": queryset.count(),
            "query": query.urlencode(),
            "columns": self.columns(),
        }
        return self.page(request, "admin/export.html", None, context)

    def file(self, queryset, kind):
        resource = self.resource_class()
        write, content_type = FORMATS[kind]
        content = write(resource.export(resource.get_export_queryset(queryset)))
        name = f"{self.opts.model_name}-{timezone.localdate()}.{kind}"
        return HttpResponse(
            content,
            content_type=content_type,
            headers={
                "Content-Disposition": f'attachment; filename="{name}"',
                "X-Content-Type-Options": "nosniff",
            },
        )

    def columns(self):
        return [field.column_name for field in self.resource_class().get_import_fields()]

    # In

    def import_view(self, request):
        if not self.has_import_permission(request):
            raise PermissionDenied
        if "confirm" in request.POST:
            return self.confirmed(request)
        form = SheetForm(request.POST or None, request.FILES or None)
        result = None
        if request.method == "POST" and form.is_valid():
            upload = form.cleaned_data["upload"]
            result = self.run(upload.name, upload.content, dry_run=True)
            cache.set(self.kept_key(request), (upload.name, upload.content), KEPT_SECONDS)
        context = {
            "title": _("Import %(names)s") % {"names": self.opts.verbose_name_plural},
            "form": form,
            "columns": self.columns(),
            **(preview(result, upload) if result else {}),
        }
        return self.page(request, "admin/import.html", None, context)

    def confirmed(self, request):
        """Do what the preview showed: the same file, all rows or none."""
        name, content = cache.get(self.kept_key(request), ("", b""))
        cache.delete(self.kept_key(request))
        if not content or files.Upload(name, "", content).sha256 != request.POST["confirm"]:
            messages.error(request, _("The file is no longer here. Choose it again."))
            return redirect(self.address("import"))
        result = self.run(name, content, dry_run=False)
        if problems(result):
            messages.error(request, _("Nothing was imported: something has changed meanwhile."))
            return redirect(self.address("import"))
        self.log_rows(request, result)
        totals = result.totals
        text = _("Imported: %(new)d new, %(update)d changed, %(skip)d unchanged.")
        messages.success(request, text % {kind: totals[kind] for kind in ("new", "update", "skip")})
        return redirect(self.address("changelist"))

    def run(self, name, content, *, dry_run):
        return self.resource_class().import_data(
            read_sheet(name, content),
            dry_run=dry_run,
            rollback_on_validation_errors=True,
            retain_instance_in_row_result=True,
        )

    def kept_key(self, request):
        return f"sheet:{self.opts.label_lower}:{request.user.pk}"

    def log_rows(self, request, result):
        for kind, flag in (("new", ADDITION), ("update", CHANGE)):
            rows = [row.instance for row in result.rows if row.import_type == kind]
            if rows:
                LogEntry.objects.log_actions(
                    request.user.pk, rows, flag, change_message=_("Imported from a file")
                )


def preview(result, upload):
    """What the page shows of a trial run."""
    return {
        "result": result,
        "problems": problems(result),
        "rows": [row for row in result.rows if row.import_type in ("new", "update")],
        "unchanged": result.totals["skip"],
        "sha256": upload.sha256,
        "summary": ngettext("%d row read.", "%d rows read.", result.total_rows) % result.total_rows,
    }


def problems(result):
    """[(row number or None, column, text)], in words for the person who made the file."""
    if result.base_errors:
        return [(None, "", str(error.error)) for error in result.base_errors]
    found = [
        (row.number + 1, "", str(error.error)) for row in result.error_rows for error in row.errors
    ]
    for row in result.invalid_rows:
        for column, texts in row.field_specific_errors.items():
            found += [(row.number + 1, column, text) for text in texts]
        found += [(row.number + 1, "", text) for text in row.non_field_specific_errors]
    return sorted(found)
