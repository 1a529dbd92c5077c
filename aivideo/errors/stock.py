"""Stock sources: searches that are refused, limited or not answered, and their downloads."""

from __future__ import annotations

from aivideo.errors.base import AIVideoError


class StockKeyMissing(AIVideoError):
    """A source is asked that wants a key, and there is none."""

    code = "STOCK_KEY_MISSING"

    def __init__(self, source: str, setting: str, address: str) -> None:
        super().__init__(
            f"{source} needs a key. Make a free one at {address} and set {setting}, or choose "
            "another source."
        )


class StockKeyRefused(AIVideoError):
    """A source does not accept the key."""

    code = "STOCK_KEY_REFUSED"

    def __init__(self, source: str, setting: str, address: str, *, detail: str = "") -> None:
        super().__init__(
            f"The key of {source} was not accepted: it is wrong or was withdrawn. Look it up at "
            f"{address} and correct {setting}.",
            detail=detail,
        )


class StockLimited(AIVideoError):
    """A source answers no more for a while, because it was asked often."""

    code = "STOCK_LIMITED"

    def __init__(self, source: str, returns_at: str, *, detail: str = "") -> None:
        super().__init__(
            f"{source} was asked as often as it allows; it answers again at {returns_at} your "
            "time. Clips found so far and the other sources still work.",
            detail=detail,
        )


class StockUnreachable(AIVideoError):
    """A source does not answer."""

    code = "STOCK_UNREACHABLE"

    def __init__(self, source: str, *, detail: str = "") -> None:
        super().__init__(
            f"{source} does not answer. Look at the internet connection and try again, or choose "
            "another source.",
            detail=detail,
        )


class StockAnswerBroken(AIVideoError):
    """Something answered for a source that is not the source, or not whole."""

    code = "STOCK_ANSWER_BROKEN"

    def __init__(self, source: str, *, detail: str = "") -> None:
        super().__init__(
            f"What came back from {source} cannot be read; it may be out of order. Try again "
            "later, or choose another source.",
            detail=detail,
        )


class StockRefused(AIVideoError):
    """A source refuses a search, for a reason that it does not tell."""

    code = "STOCK_REFUSED"

    def __init__(self, source: str, status: int, *, detail: str = "") -> None:
        super().__init__(
            f"{source} refuses this search (status {status}). Search with other words or choose "
            "another source; if it stays, report the details.",
            detail=detail,
        )


class StockContactWanted(AIVideoError):
    """A source answers only those who say who they are."""

    code = "STOCK_CONTACT_WANTED"

    def __init__(self, source: str, *, detail: str = "") -> None:
        super().__init__(
            f"{source} refuses searches from here; it wants to know whom to write to. Set CONTACT "
            "to an e-mail or web address of yours, or choose another source.",
            detail=detail,
        )


class DownloadRefused(AIVideoError):
    """A file that we will not, or may not, bring here."""

    code = "DOWNLOAD_REFUSED"

    def __init__(self, name: str, reason: str, *, lasts: bool = False, detail: str = "") -> None:
        super().__init__(
            f"{name} was not downloaded: {reason.rstrip('.')}. Choose another clip.", detail=detail
        )
        self.permanent = lasts


class DownloadBrokeOff(AIVideoError):
    """A download that did not come to its end."""

    code = "DOWNLOAD_BROKE_OFF"

    def __init__(self, name: str, *, detail: str = "") -> None:
        super().__init__(
            f"The download of {name} broke off. Look at the internet connection and try again: "
            "it goes on where it stopped.",
            detail=detail,
        )
