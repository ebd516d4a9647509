from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from stdnum.se import orgnr


def clean_organisation_number(value):
    """Ten digits without separator, or None for nothing. Raises ValidationError."""
    if not value or not value.strip():
        return None
    compact = orgnr.compact(value.strip())
    if len(compact) == 12 and compact.startswith("16"):
        compact = compact[2:]
    if not orgnr.is_valid(compact):
        raise ValidationError(
            _("This is not a valid organisation number. Check the ten digits."), code="number"
        )
    return compact


def validate_organisation_number(value):
    if clean_organisation_number(value) != value:
        raise ValidationError(_("Write the organisation number as ten digits."), code="number")
