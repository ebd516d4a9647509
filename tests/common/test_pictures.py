"""Pictures from people: only what is seen survives, and nothing they send does harm."""

import io
import struct
import zlib

import pytest
from django.core.exceptions import ValidationError
from PIL import Image, PngImagePlugin

from afori.common import pictures
from afori.common.pictures import drawn_anew

SIZE = (480, 240)


def saved(image, kind="PNG", **options):
    stream = io.BytesIO()
    image.save(stream, kind, **options)
    return stream.getvalue()


def read(content):
    return Image.open(io.BytesIO(content))


def chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png_of(width, height, data=b""):
    """A PNG that says it is so large, whatever it holds."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("size", "drawn"),
    [
        ((960, 480), (480, 240)),
        ((2400, 300), (480, 60)),
        ((10, 10), (10, 10)),
        ((1, 5000), (1, 240)),
    ],
)
@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_pictures_fit(kind, size, drawn):
    content = drawn_anew(saved(Image.new("RGB", size, "teal"), kind), SIZE)
    assert (read(content).format, read(content).size) == ("PNG", drawn)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_mode_of_png_is_read(mode):
    assert read(drawn_anew(saved(Image.new(mode, (40, 20))), SIZE)).size == (40, 20)


def test_colours_for_print_are_read():
    assert read(drawn_anew(saved(Image.new("CMYK", (40, 20)), "JPEG"), SIZE)).mode == "RGB"


def test_transparency_stays():
    image = Image.new("RGBA", (40, 20), (0, 0, 0, 0))
    assert read(drawn_anew(saved(image), SIZE)).getpixel((5, 5))[3] == 0


def test_metadata_is_gone():
    plain, exif = Image.new("RGB", (40, 20)), Image.Exif()
    exif[0x010F] = "Hemlig kamera"
    exif.get_ifd(0x8825)[1] = "N"
    jpeg = drawn_anew(saved(plain, "JPEG", exif=exif, comment=b"Hemligt"), SIZE)
    text = PngImagePlugin.PngInfo()
    text.add_text("Author", "Hemlig person")
    png = drawn_anew(saved(plain, pnginfo=text, icc_profile=b"Hemlig"), SIZE)
    for content in (jpeg, png):
        assert b"Hemlig" not in content
        assert not read(content).getexif()
        assert set(read(content).info) <= {"transparency"}


def test_a_turned_photo_is_upright():
    exif = Image.Exif()
    exif[0x0112] = 6
    content = saved(Image.new("RGB", (40, 20)), "JPEG", exif=exif)
    assert read(drawn_anew(content, SIZE)).size == (20, 40)


def test_what_follows_the_picture_is_gone():
    content = saved(Image.new("RGB", (40, 20))) + b"<script>alert(1)</script>PK\x03\x04"
    assert b"script" not in drawn_anew(content, SIZE)


def test_of_a_film_the_first_picture_is_kept():
    frames = [Image.new("RGB", (40, 20), colour) for colour in ("red", "green", "blue")]
    film = saved(frames[0], save_all=True, append_images=frames[1:])
    assert getattr(read(film), "n_frames", 1) == 3
    assert getattr(read(drawn_anew(film, SIZE)), "n_frames", 1) == 1


GIF = saved(Image.new("RGB", (4, 4)), "GIF")
TIFF = saved(Image.new("RGB", (4, 4)), "TIFF")
REFUSED = {
    "nothing": b"",
    "text": b"hello",
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    "gif": GIF,
    "tiff": TIFF,
    "only the beginning": b"\x89PNG\r\n\x1a\n",
    "cut off": saved(Image.effect_noise((200, 200), 90))[:2000],
    "cut off jpeg": saved(Image.effect_noise((200, 200), 90), "JPEG")[:1200],
    "no pixels": png_of(4, 4, zlib.compress(b"")),
    "broken stream": png_of(4, 4, b"\x78\x9c" + b"\xff" * 40),
    "no width": png_of(0, 10),
    "long text": saved(Image.new("RGB", (4, 4)))[:33]
    + chunk(b"zTXt", b"a\x00\x00" + zlib.compress(b"a" * 70_000_000))
    + saved(Image.new("RGB", (4, 4)))[33:],
    "html with a png in it": b"<html>" + saved(Image.new("RGB", (4, 4))),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_picture_is_refused(name):
    with pytest.raises(ValidationError) as refusal:
        drawn_anew(REFUSED[name], SIZE)
    assert refusal.value.code == "picture"


@pytest.mark.parametrize(
    ("width", "height"), [(4001, 4000), (10_000, 10_000), (50_000, 50_000), (2**31 - 1, 2**31 - 1)]
)
def test_too_many_pixels_are_refused_before_they_are_read(width, height):
    assert width * height > pictures.MOST_PIXELS
    with pytest.raises(ValidationError) as refusal:
        drawn_anew(png_of(width, height, zlib.compress(b"\0" * 1000)), SIZE)
    assert refusal.value.code in ("pixels", "picture")
