"""The order in which people look for words: whatever the case, with the letters of the North after z."""

from __future__ import annotations

import functools
import unicodedata

LAST = {"å": "\ue000", "ä": "\ue001", "æ": "\ue001", "ö": "\ue002", "ø": "\ue002"}
"""The letters that come after z in Swedish, Finnish, Norwegian and Danish, to private code points in their order."""
_LAST = str.maketrans({**LAST, "ß": "ss"})


@functools.lru_cache(maxsize=65_536)
def order_of(text: str) -> str:
    """What a text is sorted by."""
    folded = text.casefold()
    if folded.isascii():
        return folded
    parted = unicodedata.normalize("NFKD", unicodedata.normalize("NFC", folded).translate(_LAST))
    return "".join(c for c in parted if not unicodedata.combining(c))


def single_letters() -> tuple[str, str]:
    """Letters of Latin alphabets, and for each the one that it is sorted as: for engines that replace one by one."""
    letters = [chr(n) for n in range(0xC0, 0x250)]
    lower = [one for one in letters if one.lower() == one and len(order_of(one)) == 1]
    return "".join(lower), "".join(order_of(one) for one in lower)
