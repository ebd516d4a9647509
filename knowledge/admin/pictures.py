from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.shortcuts import redirect, render
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from afori.common import files
from afori.common.admin import (
    ModelAdmin,
)

from ..models import ArticleImage
from .uploads import UploadForm

PICTURE_BYTES = 3 * 1024 * 1024


class PictureForm(UploadForm):
    upload = files.UploadField(
        label=_("Picture"),
        extensions=files.IMAGES,
        help_text=_("JPG or PNG, at most 3 MB."),
    )

    class Meta:
        model = ArticleImage
        fields = ["alt_sv", "alt_en"]

    def clean_upload(self):
        upload = self.cleaned_data["upload"]
        if upload and upload.size > PICTURE_BYTES:
            raise ValidationError(_("The picture is too large: at most 3 MB. Save it smaller."))
        return upload


@admin.register(ArticleImage)
class ArticleImageAdmin(ModelAdmin):
    """Pictures of articles. The file stays; only the words that stand for it are changed."""

    form = PictureForm
    list_display = ["preview", "name", "alt_sv", "alt_en", "created_at"]
    list_display_links = ["name"]
    search_fields = ["name", "alt_sv", "alt_en"]
    readonly_fields = ["preview", "name", "size", "used_in"]

    def get_fields(self, request, obj=None):
        words = ["alt_sv", "alt_en"]
        return ["preview", *words, "used_in", "name", "size"] if obj else ["upload", *words]

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        if obj:
            form.base_fields.pop("upload", None)
        return form

    def get_urls(self):
        return [self.route("pick/", self.pick_view, "pick"), *super().get_urls()]

    def pick_view(self, request):
        """The window in which an editor chooses or adds a picture for a text."""
        if not self.has_add_permission(request):
            return redirect("admin:index")
        form = PictureForm(request.POST or None, request.FILES or None)
        chosen = None
        if request.method == "POST" and form.is_valid():
            chosen = form.save()
            self.log_addition(request, chosen, [{"added": {}}])
        terms = request.GET.get("q", "").strip()
        words = Q(alt_sv__icontains=terms) | Q(alt_en__icontains=terms) | Q(name__icontains=terms)
        context = {
            **self.admin_site.each_context(request),
            "is_popup": True,
            "form": form,
            "chosen": chosen,
            "pictures": ArticleImage.objects.filter(words)[:48],
            "terms": terms,
            "title": _("Choose a picture"),
        }
        return render(request, "admin/knowledge/articleimage/pick.html", context)

    def has_delete_permission(self, request, obj=None):
        """A picture that an article shows stays."""
        return super().has_delete_permission(request, obj) and (obj is None or not obj.articles)

    def get_actions(self, request):
        return {}

    @admin.display(description=_("picture"))
    def preview(self, picture):
        if not picture.pk:
            return None
        return format_html(
            '<img class="thumbnail" src="{}" alt="{}">', picture.get_absolute_url(), picture.alt
        )

    @admin.display(description=_("used in"))
    def used_in(self, picture):
        return ", ".join(str(article.title) for article in picture.articles) or None
