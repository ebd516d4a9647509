"""Documents in a network's room."""

from django.db import transaction

from afori.common.files import fill

from ..models import NetworkDocument


@transaction.atomic
def add_document(network, *, by, title, upload):
    """Put an `Upload` into the room under a title."""
    document = fill(NetworkDocument(network=network, title=title, uploaded_by=by), upload)
    document.save()
    return document


@transaction.atomic
def remove_document(document, *, by):
    """Take a document away; the file goes once the row is surely gone."""
    file = document.file
    document.delete()
    transaction.on_commit(lambda: file.storage.delete(file.name), robust=True)
