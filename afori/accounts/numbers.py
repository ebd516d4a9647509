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
    if not (compact.isascii() and orgnr.is_valid(compact)):
        raise ValidationError(
            _("This is not a valid organisation number. Check the ten digits."), code="number"
        )
    if is_personal(compact):
        raise ValidationError(
            _("This is a person's identity number. Leave the field empty."), code="personal"
        )
    return compact


def is_personal(compact):
    """A person's number begins with a date; organisations have 20 or more in place of the month."""
    return int(compact[2:4]) < 20


def validate_organisation_number(value):
    if clean_organisation_number(value) != value:
        raise ValidationError(_("Write the organisation number as ten digits."), code="number")
