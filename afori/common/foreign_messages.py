"""Words that other packages show and do not have in Swedish. Listed here, they are translated."""

from django.utils.translation import gettext_noop as _

EDITOR = [
    _("Add caption"),
    _("Alternative Text"),
    _("Browse..."),
    _("Cancel"),
    _("Caption"),
    _("Edit Figure"),
    _("Edit HTML"),
    _("Edit Image"),
    _("Edit Link"),
    _("Image URL"),
    _("Insert"),
    _("Insert Figure"),
    _("Remove caption"),
    _("Title"),
    _("URL"),
    _("Update"),
]
