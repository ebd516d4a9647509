"""The test database is emptied, also of rows that are only ever added."""

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import ProgrammingError, transaction
from django.utils import timezone

from challenges.models import AuditEntry
from tests import tables


@pytest.mark.django_db(transaction=True)
def test_rows_that_cannot_be_deleted_do_not_reach_the_next_test():
    AuditEntry.objects.create(id=1, at=timezone.now(), event="x", facts="{}", hash="a")
    with pytest.raises(ProgrammingError), transaction.atomic():
        AuditEntry.objects.all()._raw_delete("default")

    tables.empty()

    assert not AuditEntry.objects.exists()
    assert ContentType.objects.exists()
