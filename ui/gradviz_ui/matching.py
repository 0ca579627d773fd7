"""How well a few typed letters fit a name: one way for the palette and the library."""


def match_score(typed: str, name: str) -> int:
    """0 where `typed` does not fit; the larger, the better it does.

    Every letter must come, in order. Letters that begin a word, or follow each other, count
    more, and so does a name that is short or begins with what was typed. Nothing typed fits
    everything equally.
    """
    wanted, text = typed.casefold().replace(" ", ""), name.casefold()
    if not wanted:
        return 1
    whole = text.find(typed.strip().casefold())
    if whole >= 0:
        begins = whole == 0 or not text[whole - 1].isalnum()
        return 1000 + (500 if begins else 0) + (300 if whole == 0 else 0) - len(text)
    return max(0, _in_order(wanted, text))


def _in_order(wanted: str, text: str) -> int:
    score, place, last = 100, 0, -2
    for letter in wanted:
        starts = [
            i for i in range(place, len(text))
            if text[i] == letter and (i == 0 or not text[i - 1].isalnum())
        ]  # fmt: skip
        if text.startswith(letter, last + 1):
            found = last + 1
        elif starts:
            found = starts[0]
        else:
            found = text.find(letter, place)
        if found < 0:
            return 0
        score += 12 if found == last + 1 else 8 if found in starts else -found + place
        place, last = found + 1, found
    return max(1, score - len(text) // 4)
