"""Stand-ins for Pexels, Pixabay, Wikimedia Commons and Openverse, strict about what they are asked.

Every parameter is checked against what the service documents: its name, its choices and bounds,
and who asks. What they know and what is to go wrong next is put into the server.
"""

from __future__ import annotations

import json
import re
import time
from collections import deque
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from tls_host import Asked, Host, Served

PEXELS_KEY: Final = "pexels-key-0123456789abcdef"
PIXABAY_KEY: Final = "12345678-pixabay0123456789abcdef"

HOSTS: Final = (
    "*.pexels.com",
    "pixabay.com",
    "*.pixabay.com",
    "*.wikimedia.org",
    "*.openverse.org",
    "*.staticflickr.com",
)

Check = Callable[[str], bool]


def _one_of(*choices: str) -> Check:
    return lambda value: value in choices


def _some_of(separator: str, *choices: str) -> Check:
    return lambda value: bool(value) and set(value.split(separator)) <= set(choices)


def _number(low: int, high: int) -> Check:
    return lambda value: value.isdigit() and low <= int(value) <= high


def _text(longest: int) -> Check:
    return lambda value: 0 < len(value) <= longest


_TRUTH: Final = _one_of("true", "false")
_PEXELS: Final[Mapping[str, Check]] = {
    "query": _text(1000),
    "orientation": _one_of("landscape", "portrait", "square"),
    "size": _one_of("large", "medium", "small"),
    "locale": lambda value: re.fullmatch(r"[a-z]{2}-[A-Z]{2}", value) is not None,
    "page": _number(1, 1000),
    "per_page": _number(1, 80),
}
_PIXABAY: Final[Mapping[str, Check]] = {
    "key": _text(100),
    "q": _text(100),
    "lang": _text(2),
    "min_width": _number(0, 100_000),
    "min_height": _number(0, 100_000),
    "safesearch": _TRUTH,
    "editors_choice": _TRUTH,
    "order": _one_of("popular", "latest"),
    "page": _number(1, 1000),
    "per_page": _number(3, 200),
}
_PIXABAY_FILMS: Final = {**_PIXABAY, "video_type": _one_of("all", "film", "animation")}
_PIXABAY_PHOTOS: Final = {
    **_PIXABAY,
    "image_type": _one_of("all", "photo", "illustration", "vector"),
    "orientation": _one_of("all", "horizontal", "vertical"),
}
_COMMONS: Final[Mapping[str, Check]] = {
    "action": _one_of("query"),
    "format": _one_of("json"),
    "formatversion": _one_of("2"),
    "generator": _one_of("search"),
    "gsrnamespace": _one_of("6"),
    "gsrlimit": _number(1, 50),
    "gsrsearch": _text(300),
    "prop": _one_of("videoinfo"),
    "viprop": _some_of("|", "url", "size", "mime", "extmetadata", "derivatives", "timestamp"),
    "viurlwidth": _one_of("20", "40", "60", "120", "250", "330", "500", "960", "1280", "1920"),
    "viextmetadatafilter": _text(500),
    "viextmetadatalanguage": _text(10),
}
_OPENVERSE: Final[Mapping[str, Check]] = {
    "q": _text(200),
    "license": _some_of(",", "by", "by-sa", "by-nc", "by-nd", "by-nc-sa", "cc0", "pdm"),
    "license_type": _some_of(",", "all", "commercial", "modification"),
    "aspect_ratio": _some_of(",", "tall", "wide", "square"),
    "size": _some_of(",", "small", "medium", "large"),
    "page": _number(1, 12),
    "page_size": _number(1, 500),
}


class Refused(Exception):
    """An error answer of a service."""

    def __init__(self, status: int, said: Any) -> None:
        super().__init__(said)
        text = said if isinstance(said, str) else json.dumps(said)
        self.served = Served(text.encode(), "application/json", status=status)


class StockServer(Host):
    """All four services and the hosts of their files.

    Attributes:
        films: What each knows, as rows of its answers.
        photos: The same.
        answers: What the services answer next instead of the right thing.
        left: How many more times each may be asked; everything not in it, for ever.
        wants_contact: Whether Commons turns away those who do not say whom to write to.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, HOSTS)
        self.films: dict[str, list[Any]] = {}
        self.photos: dict[str, list[Any]] = {}
        self.answers: deque[Served] = deque()
        self.left: dict[str, int] = {}
        self.wants_contact = False
        self._services: dict[str, tuple[str, Callable[[Asked], Any]]] = {
            "https://api.pexels.com/v1/videos/search": ("pexels", self._pexels_films),
            "https://api.pexels.com/v1/search": ("pexels", self._pexels_photos),
            "https://pixabay.com/api/videos/": ("pixabay", self._pixabay_films),
            "https://pixabay.com/api/": ("pixabay", self._pixabay_photos),
            "https://commons.wikimedia.org/w/api.php": ("commons", self._commons),
            "https://api.openverse.org/v1/images/": ("openverse", self._openverse),
        }

    @property
    def searches(self) -> list[Asked]:
        """The searches that came."""
        return [one for one in self.asked if one.address in self._services]

    def answer(self, asked: Asked) -> Served:
        """What is given to a request."""
        if asked.address not in self._services:
            return super().answer(asked)
        if self.answers:
            return self.answers.popleft()
        name, service = self._services[asked.address]
        if self.left.get(name, 1) <= 0:
            return Served(b"Too many", "text/plain", status=429, headers=_limits(name, 0))
        try:
            told = json.dumps(service(asked)).encode()
        except Refused as refusal:
            return refusal.served
        if name in self.left:
            self.left[name] -= 1
        return Served(told, "application/json", headers=_limits(name, self.left.get(name, 100)))

    def _pexels_films(self, asked: Asked) -> Any:
        self._pexels(asked)
        return {"page": 1, "per_page": 60, "total_results": 9, "videos": self.films["pexels"]}

    def _pexels_photos(self, asked: Asked) -> Any:
        self._pexels(asked)
        return {"page": 1, "per_page": 20, "total_results": 9, "photos": self.photos["pexels"]}

    def _pexels(self, asked: Asked) -> None:
        if asked.headers.get("authorization") != PEXELS_KEY:
            raise Refused(401, {"error": "Unauthorized"})
        _checked(asked, _PEXELS, ("query",), 400)

    def _pixabay_films(self, asked: Asked) -> Any:
        self._pixabay(asked, _PIXABAY_FILMS)
        return {"total": 9, "totalHits": 9, "hits": self.films["pixabay"]}

    def _pixabay_photos(self, asked: Asked) -> Any:
        self._pixabay(asked, _PIXABAY_PHOTOS)
        return {"total": 9, "totalHits": 9, "hits": self.photos["pixabay"]}

    def _pixabay(self, asked: Asked, rules: Mapping[str, Check]) -> None:
        if asked.parameters.get("key") != PIXABAY_KEY:
            said = "[ERROR 400] Invalid or missing API key (https://pixabay.com/api/docs/)."
            raise Refused(400, said)
        _checked(asked, rules, ("q",), 400)

    def _commons(self, asked: Asked) -> Any:
        agent = asked.headers.get("user-agent", "")
        contact = "@" in agent or "http" in agent
        if not re.match(r"[\w-]+/[\d.]+ \(.+\)", agent) or (self.wants_contact and not contact):
            raise Refused(403, "Please set a user-agent and respect our robot policy")
        _checked(asked, _COMMONS, ("action", "gsrsearch", "prop"), 200)
        found = re.search(r"filetype:(\w+)", asked.parameters["gsrsearch"])
        rows = {"video": self.films, "bitmap": self.photos}[found[1] if found else ""]["commons"]
        pages = [row for row in rows if _fits(row, asked.parameters["gsrsearch"])]
        # Pages come in the order of their numbers; the place in the search stands in each.
        return {"batchcomplete": True, **({"query": {"pages": pages[::-1]}} if pages else {})}

    def _openverse(self, asked: Asked) -> Any:
        _checked(asked, _OPENVERSE, ("q",), 400)
        if int(asked.parameters.get("page_size", 20)) > 20:
            raise Refused(401, {"detail": "Anonymous requests may not exceed 20 results"})
        return {"result_count": 9, "page_count": 1, "results": self.photos["openverse"]}


def _checked(
    asked: Asked, rules: Mapping[str, Check], required: tuple[str, ...], status: int
) -> None:
    wrong = [
        name
        for name, value in asked.parameters.items()
        if name not in rules or not rules[name](value)
    ]
    wrong += [name for name in required if name not in asked.parameters]
    if wrong:
        raise Refused(status, {"error": {"code": "badvalue", "info": f"Wrong: {wrong}"}})


def _fits(row: Any, search: str) -> bool:
    """Whether a page has all the words of a search, or any where it says OR."""
    words = [word for word in search.split() if ":" not in word]
    title = str(row.get("title", "")).lower() if isinstance(row, dict) else ""
    wanted = [word in title for word in words if word != "OR"]
    return not title or (any(wanted) if "OR" in words else all(wanted))


def _limits(name: str, left: int) -> dict[str, str]:
    reset = {"pexels": int(time.time()) + 600, "pixabay": 37}.get(name)
    if reset is None:
        return {} if left else {"Retry-After": "37"}
    return {
        "X-Ratelimit-Limit": "100",
        "X-Ratelimit-Remaining": str(left),
        "X-Ratelimit-Reset": str(reset),
    }


# --------------------------------------------------------------------------- what they know
def pexels_film(number: int = 1, **changed: Any) -> dict[str, Any]:
    """A film of Pexels."""
    return {
        "id": number,
        "width": 3840,
        "height": 2160,
        "url": f"https://www.pexels.com/video/ocean-waves-at-dawn-{number}/",
        "image": f"https://images.pexels.com/videos/{number}/free-video-{number}.jpg",
        "duration": 12,
        "user": {"id": 5, "name": "Ann Lee", "url": "https://www.pexels.com/@ann"},
        "video_files": [
            _pexels_file(number, "uhd", 3840, 2160),
            _pexels_file(number, "hd", 1920, 1080),
            _pexels_file(number, "hd", 1280, 720),
            _pexels_file(number, "sd", 640, 360),
            {
                "id": 9,
                "quality": "hls",
                "file_type": "application/x-mpegurl",
                "width": None,
                "height": None,
                "link": f"https://videos.pexels.com/video-files/{number}/x.m3u8",
            },
        ],
        "video_pictures": [],
        **changed,
    }


def _pexels_file(number: int, quality: str, width: int, height: int) -> dict[str, Any]:
    return {
        "id": width,
        "quality": quality,
        "file_type": "video/mp4",
        "width": width,
        "height": height,
        "fps": 29.97,
        "size": width * height,
        "link": f"https://videos.pexels.com/video-files/{number}/{width}.mp4",
    }


def pexels_photo(number: int = 2, **changed: Any) -> dict[str, Any]:
    """A photo of Pexels."""
    base = f"https://images.pexels.com/photos/{number}/pexels-photo-{number}.jpeg"
    return {
        "id": number,
        "width": 4000,
        "height": 3000,
        "url": f"https://www.pexels.com/photo/blue-sea-{number}/",
        "photographer": "Bo Wu",
        "photographer_url": "https://www.pexels.com/@bo",
        "avg_color": "#123456",
        "alt": "Waves on a beach",
        "src": {
            "original": base,
            "large2x": f"{base}?auto=compress&cs=tinysrgb&dpr=2&h=650&w=940",
            "medium": f"{base}?auto=compress&cs=tinysrgb&h=350",
        },
        **changed,
    }


def pixabay_film(number: int = 1, **changed: Any) -> dict[str, Any]:
    """A film of Pixabay; of its largest size there is none."""
    sizes = {"medium": (1920, 1080), "small": (1280, 720), "tiny": (960, 540)}
    there = {
        name: {
            "url": f"https://cdn.pixabay.com/video/2024/{number}_{name}.mp4",
            "width": size[0],
            "height": size[1],
            "size": 1000 * size[0],
            "thumbnail": f"https://cdn.pixabay.com/video/2024/{number}_{name}.jpg",
        }
        for name, size in sizes.items()
    }
    none = {"url": "", "width": 0, "height": 0, "size": 0, "thumbnail": ""}
    return {
        "id": number,
        "pageURL": f"https://pixabay.com/videos/id-{number}/",
        "type": "film",
        "tags": "ocean, waves, beach, sand, blue, summer",
        "duration": 14,
        "videos": {"large": none, **there},
        "user_id": 77,
        "user": "Cy Twombly",
        "userImageURL": "",
        **changed,
    }


def pixabay_photo(number: int = 2, **changed: Any) -> dict[str, Any]:
    """A photo of Pixabay."""
    return {
        "id": number,
        "pageURL": f"https://pixabay.com/photos/id-{number}/",
        "type": "photo",
        "tags": "ocean, sea",
        "previewURL": f"https://cdn.pixabay.com/photo/{number}_150.jpg",
        "webformatURL": f"https://pixabay.com/get/{number}_640.jpg",
        "largeImageURL": f"https://pixabay.com/get/{number}_1280.jpg",
        "imageWidth": 5120,
        "imageHeight": 2880,
        "imageSize": 4_000_000,
        "user_id": 78,
        "user": "Di",
        **changed,
    }


def commons_file(
    number: int, title: str, about: Mapping[str, Any], licence: str = "CC BY-SA 4.0"
) -> dict[str, Any]:
    """A file of Commons, with what stands about it."""
    told = {
        "LicenseShortName": licence,
        "LicenseUrl": "https://creativecommons.org/licenses/by-sa/4.0",
        "UsageTerms": "Creative Commons Attribution-Share Alike 4.0",
        "Artist": '<a href="//commons.wikimedia.org/wiki/User:Eve">Eve &amp; Co</a>',
        "Credit": '<span class="int-own-work">Own work</span>',
        "AttributionRequired": "true",
        "ImageDescription": "<p>Waves of the <b>Pacific</b></p><script>alert(1)</script>",
        "Restrictions": "",
        "Categories": "Ocean waves|Videos of beaches",
    }
    return {
        "pageid": number,
        "ns": 6,
        "title": f"File:{title}",
        "index": number,
        "videoinfo": [
            {
                "descriptionurl": f"https://commons.wikimedia.org/wiki/File:{number}",
                "extmetadata": {
                    name: {"value": value, "source": "commons-desc-page"}
                    for name, value in told.items()
                },
                **about,
            }
        ],
    }


def commons_film(number: int = 1, licence: str = "CC BY-SA 4.0", **changed: Any) -> dict[str, Any]:
    """A film of Commons: a large original, and versions of it."""
    base = "https://upload.wikimedia.org/wikipedia/commons"
    name = "Ocean_waves.webm"
    about = {
        "url": f"{base}/a/ab/{name}",
        "mime": "video/webm",
        "width": 3840,
        "height": 2160,
        "size": 90_000_000,
        "duration": 31.5,
        "thumburl": f"{base}/thumb/a/ab/{name}/500px--{name}.jpg",
        "derivatives": [
            {
                "src": f"{base}/a/ab/{name}",
                "type": 'video/webm; codecs="vp9"',
                "width": 3840,
                "height": 2160,
            },
            *(
                {
                    "src": f"{base}/transcoded/a/ab/{name}/{name}.{height}p.vp9.webm",
                    "type": 'video/webm; codecs="vp9, opus"',
                    "transcodekey": f"{height}p.vp9.webm",
                    "width": height * 16 // 9,
                    "height": height,
                }
                for height in (1080, 720, 240)
            ),
            {
                "src": f"{base}/transcoded/a/ab/{name}/{name}.144p.mjpeg.mov",
                "type": "video/quicktime",
                "width": 256,
                "height": 144,
            },
        ],
        **changed,
    }
    return commons_file(number, f"{number}_Ocean waves.webm", about, licence)


def commons_photo(number: int = 2, licence: str = "CC0", **changed: Any) -> dict[str, Any]:
    """A photo of Commons."""
    base = "https://upload.wikimedia.org/wikipedia/commons"
    about = {
        "url": f"{base}/c/cd/Ocean.jpg",
        "mime": "image/jpeg",
        "width": 6000,
        "height": 4000,
        "size": 12_000_000,
        "thumburl": f"{base}/thumb/c/cd/Ocean.jpg/500px-Ocean.jpg",
        **changed,
    }
    return commons_file(number, f"{number}_Ocean waves.jpg", about, licence)


def openverse_photo(name: str = "a1", **changed: Any) -> dict[str, Any]:
    """A photo that Openverse knows of."""
    return {
        "id": name,
        "title": "Ocean &amp; waves",
        "url": f"https://live.staticflickr.com/65535/{name}_b.jpg",
        "foreign_landing_url": "https://www.flickr.com/photos/fay/1",
        "creator": "Fay",
        "creator_url": "https://www.flickr.com/photos/fay",
        "license": "by",
        "license_version": "2.0",
        "license_url": "https://creativecommons.org/licenses/by/2.0/",
        "attribution": '"Ocean & waves" by Fay is licensed under CC BY 2.0.',
        "filetype": None,
        "filesize": None,
        "width": 2048,
        "height": 1365,
        "thumbnail": f"https://api.openverse.org/v1/images/{name}/thumb/",
        "tags": [{"name": "sea"}, {"name": "beach"}],
        **changed,
    }
