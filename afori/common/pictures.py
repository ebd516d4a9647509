"""Pictures from people, drawn anew: only what is seen is kept, whatever else the file held."""

import io

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

MOST_PIXELS = 16_000_000
FORMATS = ("PNG", "JPEG")


def drawn_anew(content, size):
    """The picture as the bytes of a new PNG, no larger than `size`. Raises ValidationError.

    No metadata, no colour profile, no further frames, nothing after the end of the picture.
    """
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as image:
            return png(image, size) if image.width * image.height <= MOST_PIXELS else too_large()
    except ValidationError:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        return too_large()
    except Exception as error:  # decoders raise whatever a broken file leads them to
        raise ValidationError(
            _("The picture cannot be read. Save it again as PNG or JPG and retry."), code="picture"
        ) from error


def too_large():
    raise ValidationError(
        _("The picture has too many pixels. Make it smaller, 1,000 wide is plenty."), code="pixels"
    )


def png(image, size):
    image.draft("RGB", (size[0] * 2, size[1] * 2))
    upright = ImageOps.exif_transpose(image)
    plain = upright.convert("RGBA" if upright.has_transparency_data else "RGB")
    plain.thumbnail(size, Image.Resampling.LANCZOS)
    drawn = Image.new(plain.mode, plain.size)
    drawn.paste(plain)
    stream = io.BytesIO()
    drawn.save(stream, "PNG", optimize=True)
    return stream.getvalue()
