"""Submissions as sealed parts, and those parts read again once they are opened."""

import hashlib
import io
import json

from afori.common import files
from afori.common.models import storage_name

from . import seal
from .models import SealedPart

TEXT = 0


def manifest(draft):
    """The receipt's list of files as JSON: token, name, size in bytes and SHA-256."""
    return json.dumps(draft.content()["files"], ensure_ascii=False)


def sealed_parts(version, content, stored_files, key):
    """The version's parts, not saved yet: its text, then its files, which are on disk for good."""
    text = SealedPart(position=TEXT)
    text.text = b"".join(seal_part(text, version, content.encode(), key))
    return [text, *(sealed_file(*each, version, key) for each in enumerate(stored_files, start=1))]


def sealed_file(position, stored, version, key):
    part = SealedPart(position=position)
    chunks = seal_part(part, version, files.read(stored, decrypt=True), key)
    part.file = files.keep(storage_name(part, ""), chunks)
    return part


def seal_part(part, version, content, key):
    data_key, part.sealed_key = seal.new_part_key(key.public_key)
    return seal.sealed(data_key, content, place(version, part.position, key))


def place(version, position, key):
    return seal.place(key.token, version.submission.reference, version.number, position)


def plain_chunks(part, data_key, key):
    """The part's content, chunk by chunk. Raises `seal.Broken`, perhaps after some of it."""
    with part.file.open("rb") if part.file else io.BytesIO(part.text) as stream:
        yield from seal.unsealed(data_key, stream, place(part.version, part.position, key))


def opened_text(part, key):
    """The content of an opened text as a dict: see `content.Draft`."""
    return json.loads(b"".join(opened_chunks(part, key)))


def opened_chunks(part, key):
    """What an opened part holds, chunk by chunk. `key` is the challenge's."""
    return plain_chunks(part, bytes.fromhex(part.data_key), key)


def checksum(chunks):
    digest = hashlib.sha256()
    for chunk in chunks:
        digest.update(chunk)
    return digest.hexdigest()
