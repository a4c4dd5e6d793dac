"""What is read of pictures and videos: how large, how long."""

import struct

_FRAMES = {0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF}


def picture_pixels(body: bytes) -> int:
    """Width x height of a PNG or JPG; 0 where the file does not tell."""
    if body.startswith(b"\x89PNG") and len(body) >= 24 and body[12:16] == b"IHDR":
        width, height = struct.unpack(">II", body[16:24])
        return int(width * height)
    at = 2
    while body.startswith(b"\xff\xd8") and at + 9 <= len(body) and body[at] == 0xFF:
        marker, length = body[at + 1], int.from_bytes(body[at + 2 : at + 4], "big")
        if marker in _FRAMES:
            height, width = struct.unpack(">HH", body[at + 5 : at + 9])
            return int(width * height)
        at += 2 + length
    return 0


def video_seconds(body: bytes) -> float | None:
    """The length of an MP4 (0 where its header does not tell); None for anything else."""
    if body[4:8] != b"ftyp":
        return None
    at = body.find(b"mvhd")
    if at < 0 or at + 36 > len(body):
        return 0.0
    if body[at + 4] == 1:
        scale, length = struct.unpack(">IQ", body[at + 24 : at + 36])
    else:
        scale, length = struct.unpack(">II", body[at + 16 : at + 24])
    return float(length / scale) if scale else 0.0
