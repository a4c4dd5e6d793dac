"""The poster of a live code: brand, title, QR, subtitle on one sheet, ready to print on A5 and larger."""

from __future__ import annotations

import io
from dataclasses import dataclass

from PIL import Image, ImageDraw

from wellspring.acquisition.fonts import Weight, chinese_font

WIDTH, HEIGHT = 1080, 1680
MARGIN = 96
QR_SIDE = 620
QR_FRAME = 72


@dataclass(frozen=True)
class Look:
    paper: str
    ink: str
    quiet: str
    line: str


LOOKS = {
    "paper": Look("#F5F2EB", "#1C2B30", "#4A595F", "#D9D3C6"),
    "teal": Look("#0B5F63", "#FFFFFF", "#CFE1DF", "#3B8184"),
    "ink": Look("#1C2B30", "#FAF8F3", "#A5ADAF", "#4A595F"),
}


@dataclass(frozen=True)
class Words:
    """`title` falls back to the code's name by the caller; empty parts are left out."""

    brand: str
    title: str
    subtitle: str
    hint: str


def draw_poster(words: Words, qr: bytes, look: str = "paper") -> bytes:
    """PNG, 1080 x 1680. `qr`: the QR picture, put on white with a quiet zone of its own, so that every scanner reads
    it on any paper. Raises NoChineseFont."""
    colours = LOOKS.get(look, LOOKS["paper"])
    sheet = Image.new("RGB", (WIDTH, HEIGHT), colours.paper)
    draw = ImageDraw.Draw(sheet)
    if words.brand:
        _lines(draw, [words.brand], 150, 44, colours.quiet, "regular", spacing=10)
    title, size = _fit(words.title, 84, "bold", most_lines=2)
    block = len(title) * int(size * 1.35)
    _lines(draw, title, 330 - block // 2 + 40, size, colours.ink, "bold")
    box = QR_SIDE + 2 * QR_FRAME
    left, top = (WIDTH - box) // 2, 500
    draw.rounded_rectangle((left, top, left + box, top + box), 28, fill="#FFFFFF", outline=colours.line, width=2)
    code = _scaled(qr)
    sheet.paste(code, ((WIDTH - code.width) // 2, top + (box - code.height) // 2))
    at = top + box + 70
    subtitle, size = _fit(words.subtitle, 46, "regular", most_lines=2)
    _lines(draw, subtitle, at, size, colours.ink, "regular")
    _lines(draw, [words.hint] if words.hint else [], HEIGHT - 150, 34, colours.quiet, "regular")
    out = io.BytesIO()
    sheet.save(out, format="PNG")
    return out.getvalue()


def _scaled(qr: bytes) -> Image.Image:
    """The code without its white border, QR_SIDE wide. Enlarged by a whole number first, then reduced smoothly: the
    modules stay equally wide, which an odd enlargement alone would not keep."""
    code = Image.open(io.BytesIO(qr)).convert("L")
    dark = code.point(lambda level: 255 if level < 128 else 0).getbbox()
    if dark is not None:
        code = code.crop(dark)
    longest = max(code.size)
    factor = -(-2 * QR_SIDE // longest)
    large = code.resize((code.width * factor, code.height * factor), Image.Resampling.NEAREST)
    share = QR_SIDE / max(large.size)
    return large.resize((round(large.width * share), round(large.height * share)), Image.Resampling.LANCZOS)


def _fit(text: str, size: int, weight: Weight, most_lines: int) -> tuple[list[str], int]:
    """Broken into lines, the letters smaller until they fit; Chinese breaks anywhere, Latin words at spaces."""
    while True:
        lines = _broken(text.strip(), size, weight)
        if len(lines) <= most_lines or size <= 24:
            return lines[:most_lines], size
        size -= 4


def _broken(text: str, size: int, weight: Weight) -> list[str]:
    font = chinese_font(size, weight)
    room = WIDTH - 2 * MARGIN
    lines: list[str] = []
    current = ""
    for word in _pieces(text):
        if current and font.getlength((current + word).rstrip()) > room:
            lines.append(current.rstrip())
            current = word.lstrip()
        else:
            current += word
    return [*lines, current.rstrip()] if current.strip() else lines


def _pieces(text: str) -> list[str]:
    """What may not be broken: a Latin word with the space after it, or one Chinese character."""
    pieces: list[str] = []
    for character in text:
        joins = pieces and ord(character) < 0x2E80 and ord(pieces[-1][-1]) < 0x2E80 and not pieces[-1].endswith(" ")
        if joins:
            pieces[-1] += character
        else:
            pieces.append(character)
    return pieces


def _lines(
    draw: ImageDraw.ImageDraw, lines: list[str], top: int, size: int, colour: str, weight: Weight, spacing: int = 0
) -> None:
    font = chinese_font(size, weight)
    for number, line in enumerate(lines):
        width = font.getlength(line) + spacing * (len(line) - 1)
        x, y = (WIDTH - width) / 2, top + number * size * 1.35
        if not spacing:
            draw.text((x, y), line, fill=colour, font=font)
            continue
        for character in line:
            draw.text((x, y), character, fill=colour, font=font)
            x += font.getlength(character) + spacing
