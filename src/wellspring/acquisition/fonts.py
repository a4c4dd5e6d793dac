"""A font that can write Chinese, found on the system."""

from __future__ import annotations

import os
import subprocess
from functools import lru_cache
from pathlib import Path
from typing import Literal

from PIL import ImageFont

from wellspring.acquisition.errors import NoChineseFont

Weight = Literal["regular", "bold"]
# Most wanted first; the index picks Simplified Chinese inside a collection.
KNOWN: dict[Weight, tuple[tuple[str, int], ...]] = {
    "regular": (
        ("NotoSansCJK-Regular.ttc", 2),
        ("NotoSansCJKsc-Regular.otf", 0),
        ("NotoSansSC-Regular.otf", 0),
        ("SourceHanSansSC-Regular.otf", 0),
        ("SourceHanSansCN-Regular.otf", 0),
        ("PingFang.ttc", 0),
        ("Hiragino Sans GB.ttc", 0),
        ("STHeiti Light.ttc", 0),
        ("msyh.ttc", 0),
        ("wqy-microhei.ttc", 0),
        ("wqy-zenhei.ttc", 0),
        ("DroidSansFallbackFull.ttf", 0),
        ("DroidSansFallback.ttf", 0),
        ("NotoSerifCJK-Regular.ttc", 2),
    ),
    "bold": (
        ("NotoSansCJK-Bold.ttc", 2),
        ("NotoSansCJKsc-Bold.otf", 0),
        ("NotoSansSC-Bold.otf", 0),
        ("SourceHanSansSC-Bold.otf", 0),
        ("SourceHanSansCN-Bold.otf", 0),
        ("STHeiti Medium.ttc", 0),
        ("msyhbd.ttc", 0),
    ),
}
FOLDERS = (
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    "/System/Library/Fonts",
    "/Library/Fonts",
    "~/.local/share/fonts",
    "~/.fonts",
    "~/Library/Fonts",
    "C:/Windows/Fonts",
)


def chinese_font(size: int, weight: Weight = "regular") -> ImageFont.FreeTypeFont:
    """Raises NoChineseFont when the system has none. `WELLSPRING_FONT` names a file and goes first."""
    path, index = find_chinese_font(weight)
    return ImageFont.truetype(path, size, index=index)


@lru_cache
def find_chinese_font(weight: Weight = "regular") -> tuple[str, int]:
    """File and index inside it. Raises NoChineseFont."""
    named = os.environ.get("WELLSPRING_FONT")
    if named and Path(named).is_file():
        return named, 0
    files = _font_files()
    # No bold one: the regular weight is better than none.
    for wish in (weight, "regular"):
        for name, index in KNOWN[wish]:
            if path := files.get(name.lower()):
                return path, index
    if found := _ask_fontconfig():
        return found, 0
    raise NoChineseFont()


def _font_files() -> dict[str, str]:
    found: dict[str, str] = {}
    for folder in FOLDERS:
        for root, _, names in os.walk(Path(folder).expanduser()):
            for name in names:
                found.setdefault(name.lower(), os.path.join(root, name))
    return found


def _ask_fontconfig() -> str | None:
    """Whatever font covers 活, where fontconfig is installed."""
    try:
        answer = subprocess.run(
            ["fc-list", ":charset=6d3b", "file"],  # noqa: S607 - found on the PATH like any tool
            capture_output=True,
            text=True,
            timeout=10,
            check=True,
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return None
    files = sorted(line.strip().rstrip(":").strip() for line in answer.splitlines() if line.strip())
    return files[0] if files else None
