"""What `manage.py check` says about the seal."""

from django.core import checks

from . import opener, seal


@checks.register(deploy=True)
def check_pin(app_configs, **kwargs):
    if len(opener.pinned()) == opener.BYTES:
        return []
    return [
        checks.Warning(
            "AFORI_OPENER_VERIFY_KEY is missing or malformed: no answer can be received.",
            hint="manage.py opener_verify_key prints it where AFORI_OPENER_KEK is.",
            id="challenges.W001",
        )
    ]


@checks.register
def check_opener(app_configs, **kwargs):
    """With another verify key than its own, nobody would use the keys that the opener makes."""
    if not opener.has_kek() or not opener.pinned():
        return []
    try:
        if seal.verify_key(opener.kek()) == opener.pinned():
            return []
    except opener.NotTheOpener as error:
        return [checks.Error(str(error), id="challenges.E001")]
    return [
        checks.Error(
            "AFORI_OPENER_VERIFY_KEY is not that of AFORI_OPENER_KEK.",
            hint="manage.py opener_verify_key prints it.",
            id="challenges.E002",
        )
    ]
