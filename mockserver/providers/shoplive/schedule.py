"""Campaigns made up from a seed, a few every day, for ever: a function of the day, so nothing is stored."""

from collections.abc import Iterator

from mockserver.fingerprint import fingerprint, hex_fingerprint
from mockserver.providers.shoplive.activity import Spread
from mockserver.providers.shoplive.records import Campaign, Customer, Figures

DAY = 24 * 3600
LONGEST = 3 * 3600
_SLOTS = (10 * 3600, 13 * 3600, 19 * 3600)
_SUBJECTS = ("Autumn knits", "Kitchen tools", "Skin care basics", "Garden week", "Sneaker drop", "Coffee corner", "Toy box")


def generated(customer: Customer, start: float, end: float, seed: int) -> Iterator[Campaign]:
    """The made-up campaigns of a customer that may be live in, or be scheduled for, an interval. Seconds since 1970."""
    if not customer.generate:
        return
    for day in range(max(int((start - LONGEST) // DAY), 0), int(end // DAY) + 1):
        for slot, hour in enumerate(_SLOTS):
            key = f"campaign {customer.access_key} {day} {slot}"
            if fingerprint(seed, key) % 5 > 0:
                yield _campaign(customer, key, day * DAY + hour, _id(customer, day, slot, seed), seed)


def _campaign(customer: Customer, key: str, scheduled: float, number: int, seed: int) -> Campaign:
    started = scheduled + fingerprint(seed, f"{key} start") % 600 - 120
    ended = started + 1800 + fingerprint(seed, f"{key} length") % (LONGEST - 3000)
    subject = _SUBJECTS[fingerprint(seed, f"{key} subject") % len(_SUBJECTS)]
    activity = Spread(_total(key, ended - started, seed), started, ended)
    name = hex_fingerprint(seed, key)[:12]
    return Campaign(number, name, customer.access_key, subject, scheduled, started, ended, activity)


def _id(customer: Customer, day: int, slot: int, seed: int) -> int:
    """Far above those of campaigns that are written, and no other customer's."""
    return (100_000 + fingerprint(seed, f"customer {customer.access_key}") % 900_000) * 10**8 + day * 10 + slot


def _total(key: str, seconds: float, seed: int) -> Figures:
    def part(of: int, name: str, least: int, most: int) -> int:
        """Between `least` and `most` per cent of something."""
        return of * (least + fingerprint(seed, f"{key} {name}") % (most - least + 1)) // 100

    viewers = 400 + fingerprint(seed, f"{key} viewers") % 20_000
    login = part(viewers, "login", 30, 80)
    likers, chatters, clickers = (
        part(viewers, "likers", 5, 30),
        part(viewers, "chatters", 2, 12),
        part(viewers, "clickers", 8, 35),
    )
    return Figures(
        viewers=viewers,
        login_viewers=login,
        peak_viewers=part(viewers, "peak", 15, 45),
        new_login_viewers=part(login, "new", 5, 40),
        viewing_time=viewers * part(int(seconds), "watched", 8, 35),
        likes=likers * (1 + fingerprint(seed, f"{key} likes") % 12),
        like_viewers=likers,
        chats=chatters * (1 + fingerprint(seed, f"{key} chats") % 5),
        chat_viewers=chatters,
        product_clicks=clickers * (1 + fingerprint(seed, f"{key} clicks") % 4),
        product_click_viewers=clickers,
        banner_clicks=part(viewers, "banner", 1, 20),
    )
