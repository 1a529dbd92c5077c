"""Downloads of direct links: what is followed, what is refused, what is left when they end."""

from __future__ import annotations

import ipaddress
import itertools
import json
import os
import shutil
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import filelock
import pytest
from footage import Footage, Reel
from tls_host import HERE, Host, Served

from aivideo.engines import media
from aivideo.engines.guarded import FILM, HOPS, Load, Order, bring
from aivideo.engines.incoming import KEPT_PARTS
from aivideo.engines.network import (
    Forbidden,
    Network,
    Patience,
    Transport,
    Watch,
    addresses_of,
    client,
    is_public,
)
from aivideo.engines.resting import Rest
from aivideo.engines.stock_media import publish_media
from aivideo.errors import (
    AIVideoError,
    ClipUnusable,
    DiskFull,
    DownloadBrokeOff,
    DownloadRefused,
    StockLimited,
)
from aivideo.progress import Progress, Work, finish
from aivideo.workspace import Workspace

SEA = "https://videos.example.com/sea.mp4"
QUICK = Patience(connect=2, idle=0.4, total=20, pause=0.0, tries=3)
SMALL = Load("a video", ("video/",), 200_000, threading.BoundedSemaphore(2))
TAG = {"ETag": '"one"'}


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Footage:
    """A real clip to download."""
    return Reel(tmp_path_factory.mktemp("reel"))["plain"]


@pytest.fixture
def host(tmp_path: Path, clip: Footage) -> Iterator[Host]:
    """Hosts of example.com, with one video."""
    with Host(tmp_path, ["*.example.com", "example.com"]).running() as host:
        host.files[SEA] = Served(clip.path.read_bytes(), headers=TAG)
        yield host


def order(workspace: Workspace, address: str = SEA, load: Load = FILM) -> Order:
    """An order for a video of example.com."""
    return Order(
        address=address,
        name="Ocean waves",
        source="Example",
        hosts=("example.com",),
        load=load,
        final=workspace.artifact("videos", ".mp4", example=address),
        publish=partial(publish_media, "Ocean waves"),
        agent="test/1",
    )


def coming(
    workspace: Workspace, host: Host, wanted: Order | None = None, patience: Patience = QUICK
) -> Work[Path]:
    """The download of a file."""
    return bring(workspace, wanted or order(workspace), network=host.network, patience=patience)


def refused(workspace: Workspace, host: Host, address: str = SEA) -> str:
    """The sentence that refuses an address, for this once; nothing of it may be left here."""
    with pytest.raises(DownloadRefused) as raised:
        finish(coming(workspace, host, order(workspace, address)))
    assert parts(workspace) == []
    assert list(workspace.folder("videos").iterdir()) == []
    return raised.value.message


def parts(workspace: Workspace) -> list[Path]:
    """What has come of broken downloads."""
    return sorted(workspace.folder("incoming").glob("*.part"))


# --------------------------------------------------------------------------- the ordinary way
def test_a_file_arrives_whole_and_is_not_brought_again(
    workspace: Workspace, host: Host, clip: Footage
) -> None:
    """It is published after it was found to be a video, and the second time asks nobody."""
    path = finish(coming(workspace, host))
    assert path.read_bytes() == clip.path.read_bytes()
    assert media.probe(path).width == 320
    assert finish(coming(workspace, host)) == path
    assert len(host.asked) == 1
    assert parts(workspace) == []
    assert list(workspace.folder("incoming").glob("*.mark")) == []


def test_the_host_is_told_who_asks_and_asked_for_plain_bytes(
    workspace: Workspace, host: Host
) -> None:
    """No cookie, no key, no compression; its name is looked up once."""
    finish(coming(workspace, host))
    [asked] = host.asked
    assert asked.headers["user-agent"] == "test/1"
    assert asked.headers["accept-encoding"] == "identity"
    assert not {"cookie", "authorization", "range"} & asked.headers.keys()
    assert host.looked_up == ["videos.example.com"]


def test_the_one_who_waits_is_told_how_much_is_there(workspace: Workspace, host: Host) -> None:
    """In megabytes, of all of them, while a slow host stops for a while."""
    host.files[SEA] = Served(b"x" * 3_000_000, stalls=1_500_000)
    work = coming(workspace, host, patience=replace(QUICK, idle=5))
    told = list(itertools.islice(work, 4))
    assert told[-1].message == "Downloading, 1.5 of 3.0 MB"
    assert told[-1].fraction == pytest.approx(0.5, abs=0.01)
    work.close()


def test_a_redirect_within_the_source_is_followed(
    workspace: Workspace, host: Host, clip: Footage
) -> None:
    """Many hosts send one on, with a whole address or a part of one."""
    host.files[SEA] = Served(status=302, headers={"Location": "https://cdn.example.com/a"})
    host.files["https://cdn.example.com/a"] = Served(status=307, headers={"Location": "/b"})
    host.files["https://cdn.example.com/b"] = Served(clip.path.read_bytes())
    assert finish(coming(workspace, host)).stat().st_size == clip.path.stat().st_size


# --------------------------------------------------------------------------- hostile addresses
@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("http://videos.example.com/sea.mp4", "encrypted"),
        ("file:///etc/passwd", "encrypted"),
        ("ftp://videos.example.com/sea.mp4", "encrypted"),
        ("https://example.org/sea.mp4", "example.org"),
        ("https://evilexample.com/sea.mp4", "evilexample.com"),
        ("https://example.com.evil.org/sea.mp4", "example.com.evil.org"),
        ("https://127.0.0.1/sea.mp4", "127.0.0.1"),
        ("https://[::1]/sea.mp4", "no host"),
        ("https://169.254.169.254/latest", "169.254.169.254"),
        ("https://2130706433/sea.mp4", "2130706433"),
        ("https://videos.example.com:8443/sea.mp4", "port"),
        ("https://me:secret@videos.example.com/sea.mp4", "user"),
        ("https://example.org\\@videos.example.com/sea.mp4", ""),
        ("https:///sea.mp4", ""),
        ("https://exa mple.com/", ""),
        ("https://[videos.example.com/", ""),
        ("https://videos.example.com./sea.mp4", "no host"),
        ("", ""),
    ],
    ids=itertools.count(),
)
def test_an_address_that_leads_elsewhere_is_not_asked(
    workspace: Workspace, host: Host, address: str, reason: str
) -> None:
    """Neither by itself nor behind a redirect does a request go out to it."""
    assert reason in refused(workspace, host, address)
    assert host.asked == []
    host.files[SEA] = Served(status=302, headers={"Location": address})
    assert reason in refused(workspace, host)
    assert {one.address for one in host.asked} == {SEA}


def test_an_address_that_cannot_be_read_is_refused(workspace: Workspace, host: Host) -> None:
    """Behind a redirect it is the host that speaks nonsense."""
    nonsense = "https://videos.example.com:port/sea.mp4"
    assert "cannot be read" in refused(workspace, host, nonsense)
    host.files[SEA] = Served(status=302, headers={"Location": nonsense})
    with pytest.raises(DownloadBrokeOff):
        finish(coming(workspace, host))


def test_redirects_end(workspace: Workspace, host: Host) -> None:
    """Two addresses that lead to one another are left."""
    host.files[SEA] = Served(status=301, headers={"Location": SEA})
    assert "without end" in refused(workspace, host)
    assert len(host.asked) == HOPS + 1


@pytest.mark.parametrize(
    "address",
    ["10.0.0.7", "127.0.0.1", "192.168.1.1", "169.254.169.254", "::1", "fd00::1", "100.64.0.1"],
)
def test_a_name_that_leads_into_ones_own_network_is_not_followed(
    workspace: Workspace, host: Host, address: str
) -> None:
    """With the rule that holds outside of tests, nobody is connected to."""
    guarded = Network(look_up=lambda _: [address])
    with pytest.raises(DownloadRefused, match="no place on the internet"):
        finish(bring(workspace, order(workspace), network=guarded, patience=QUICK))
    assert host.asked == []


def test_what_was_checked_is_what_is_connected_to(workspace: Workspace, host: Host) -> None:
    """A name that leads elsewhere at the second look is looked up once, and then checked again."""
    host.leads_to["videos.example.com"] = [HERE, "10.0.0.7"]
    finish(coming(workspace, host))
    assert len(host.looked_up) == 1
    other = order(workspace, "https://videos.example.com/other.mp4")
    with pytest.raises(DownloadRefused, match="no place on the internet"):
        finish(coming(workspace, host, other))
    assert len(host.asked) == 1


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.215.14", True),
        ("2606:2800:21f:cb07:6820:80da:af6b:8b2c", True),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("0.0.0.0", False),  # noqa: S104 - it is refused
        ("224.0.1.1", False),
        ("255.255.255.255", False),
        ("::", False),
        ("fe80::1%eth0", False),
        ("::ffff:127.0.0.1", False),
        ("::ffff:93.184.215.14", True),
        ("2002:7f00:1::", False),
        ("64:ff9b::7f00:1", False),
        ("64:ff9b::5db8:d70e", True),
    ],
)
def test_public_addresses_are_told_from_others(address: str, public: bool) -> None:  # noqa: FBT001 - a case
    """Also where one address is wrapped into another."""
    assert is_public(address) is public


def test_a_certificate_for_another_name_is_not_believed(workspace: Workspace, host: Host) -> None:
    """A host that cannot prove its name gets no request."""
    wanted = replace(order(workspace, "https://example.net/sea.mp4"), hosts=("example.net",))
    with pytest.raises(DownloadBrokeOff) as raised:
        finish(coming(workspace, host, wanted))
    assert "certificate" in raised.value.detail.lower()
    assert host.asked == []


def test_a_certificate_that_nobody_vouches_for_is_not_believed(
    workspace: Workspace, host: Host
) -> None:
    """With those that are believed outside of tests."""
    outside = Network(look_up=lambda _: [HERE], permits=lambda _: True, port=host.network.port)
    with pytest.raises(DownloadBrokeOff, match="broke off"):
        finish(bring(workspace, order(workspace), network=outside, patience=QUICK))
    assert host.asked == []


def test_a_name_that_leads_nowhere_is_a_matter_of_the_connection(
    workspace: Workspace, host: Host
) -> None:
    """As without any network."""

    def nobody(_name: str) -> list[str]:
        raise OSError("Name or service not known")

    network = replace(host.network, look_up=nobody)
    with pytest.raises(DownloadBrokeOff, match="internet connection"):
        finish(bring(workspace, order(workspace), network=network, patience=QUICK))


def test_a_host_with_several_addresses_is_tried_at_each(workspace: Workspace, host: Host) -> None:
    """One that nobody listens at is no end."""
    network = replace(
        host.network, look_up=lambda _: ["10.0.0.7", "127.0.0.9", HERE], permits=is_loopback
    )
    assert finish(bring(workspace, order(workspace), network=network, patience=QUICK)).is_file()
    deaf = replace(network, look_up=lambda _: ["127.0.0.9"])
    other = order(workspace, "https://videos.example.com/other.mp4")
    with pytest.raises(DownloadBrokeOff):
        finish(bring(workspace, other, network=deaf, patience=QUICK))


def is_loopback(address: str) -> bool:
    """Whether an address is one of this machine."""
    return ipaddress.ip_address(address).is_loopback


def test_no_other_port_is_connected_to(host: Host) -> None:
    """Not even where the address was not looked at before."""
    transport = Transport(host.network, Watch(threading.Event(), 5))
    with (
        client(transport, QUICK, {}) as asked,
        pytest.raises(Forbidden, match="port 8443"),
    ):
        asked.get("https://videos.example.com:8443/")
    assert host.looked_up == []


def test_a_name_is_looked_up_by_the_system() -> None:
    """As every program here does."""
    assert HERE in addresses_of("localhost")


# --------------------------------------------------------------------------- hostile answers
@pytest.mark.parametrize(
    ("served", "reason"),
    [
        (Served(b"<html>no</html>", "text/html; charset=utf-8"), "text/html"),
        (Served(b"MZ", "application/x-msdownload"), "not a video"),
        (Served(b"#EXTM3U", "application/vnd.apple.mpegurl"), "not a video"),
        (Served(b"x", ""), "no kind"),
        (Served(b"x" * 99, headers={"Content-Encoding": "gzip"}), "packed"),
        (Served(b"x", told=999_999_999_999), "larger than 500 MB"),
        (Served(b"", status=403), "status 403"),
        (Served(b"", status=401), "status 401"),
        (Served(b"", status=300), "status 300"),
        (Served(b"", status=204), "status 204"),
    ],
    ids=itertools.count(),
)
def test_what_is_not_what_was_asked_for_is_not_taken(
    workspace: Workspace, host: Host, served: Served, reason: str
) -> None:
    """Its headers are enough to refuse it, and it is asked for once."""
    host.files[SEA] = served
    assert reason in refused(workspace, host)
    assert len(host.asked) == 1


def test_what_does_not_say_how_large_it_is_is_stopped_when_it_is_too_large(
    workspace: Workspace, host: Host
) -> None:
    """The limit holds for what comes, not for what is told."""
    host.files[SEA] = Served(b"x" * 1_000_000, told=-1)
    with pytest.raises(DownloadRefused, match="larger than 0 MB"):
        finish(coming(workspace, host, order(workspace, load=SMALL)))
    assert parts(workspace) == []


def test_what_its_source_says_is_too_large_is_not_asked_for(
    workspace: Workspace, host: Host
) -> None:
    """The size is often known from the search."""
    with pytest.raises(DownloadRefused, match="larger than 500 MB") as raised:
        finish(coming(workspace, host, replace(order(workspace), size=600_000_000)))
    assert raised.value.permanent
    assert host.asked == []


@pytest.mark.parametrize("status", [404, 410])
def test_what_is_gone_is_gone_for_good(workspace: Workspace, host: Host, status: int) -> None:
    """It is not asked for again, and another clip is to be chosen."""
    host.files[SEA] = Served(status=status)
    with pytest.raises(ClipUnusable, match="Example does not have it any more") as raised:
        finish(coming(workspace, host))
    assert raised.value.permanent
    assert len(host.asked) == 1


@pytest.mark.parametrize(
    ("status", "headers"),
    [
        (429, {}),
        (429, {"Retry-After": "120"}),
        (429, {"X-RateLimit-Reset": "120"}),
        (503, {"Retry-After": "120"}),
    ],
    ids=itertools.count(),
)
def test_a_host_that_was_asked_too_often_is_left_alone(
    workspace: Workspace, host: Host, status: int, headers: dict[str, str]
) -> None:
    """It says for how long, we say until when, and do not ask before; other hosts serve."""
    whole, host.files[SEA] = host.files[SEA], Served(status=status, headers=headers)
    for _ in range(3):
        with pytest.raises(StockLimited, match=r"answers again at \d\d:\d\d"):
            finish(coming(workspace, host))
    assert len(host.asked) == 1
    host.files["https://cdn.example.com/sea.mp4"] = whole
    finish(coming(workspace, host, order(workspace, "https://cdn.example.com/sea.mp4")))


def test_what_is_no_video_is_not_kept(workspace: Workspace, host: Host) -> None:
    """Whatever its host says that it is; the next try begins anew."""
    host.files[SEA] = Served(b"<html>no</html>" * 100, headers=TAG)
    with pytest.raises(ClipUnusable, match="no video or picture"):
        finish(coming(workspace, host))
    assert parts(workspace) == []
    assert list(workspace.folder("videos").iterdir()) == []


# --------------------------------------------------------------------------- broken connections
def test_a_download_that_breaks_off_goes_on_where_it_stopped(
    workspace: Workspace, host: Host, clip: Footage
) -> None:
    """By itself, with what the host tells the file from another by."""
    host.files[SEA].breaks = [5_000]
    path = finish(coming(workspace, host))
    assert path.read_bytes() == clip.path.read_bytes()
    assert host.ranges == ["", "bytes=5000-"]
    assert host.asked[1].headers["if-range"] == '"one"'


def test_it_goes_on_the_next_day_too(workspace: Workspace, host: Host, clip: Footage) -> None:
    """What has come is kept when it was tried often enough."""
    host.files[SEA].breaks = [5_000, 100, 100]
    with pytest.raises(DownloadBrokeOff, match="goes on where it stopped"):
        finish(coming(workspace, host))
    assert finish(coming(workspace, host)).read_bytes() == clip.path.read_bytes()
    assert host.ranges == ["", "bytes=5000-", "bytes=5100-", "bytes=5200-"]


def test_a_file_that_has_changed_meanwhile_is_brought_from_its_start(
    workspace: Workspace, host: Host, clip: Footage
) -> None:
    """Two halves of two files would be no video."""
    host.files[SEA].breaks = [5_000, 0, 0]
    with pytest.raises(DownloadBrokeOff):
        finish(coming(workspace, host))
    host.files[SEA].headers = {"ETag": '"two"'}
    assert finish(coming(workspace, host)).read_bytes() == clip.path.read_bytes()


@pytest.mark.parametrize(
    ("headers", "second"),
    [
        ({}, ""),
        ({"ETag": 'W/"weak"'}, ""),
        ({"Last-Modified": "Thu, 26 Nov 2026 10:00:00 GMT"}, "bytes=5000-"),
        ({"ETag": 'W/"weak"', "Last-Modified": "Thu, 26 Nov 2026 10:00:00 GMT"}, "bytes=5000-"),
    ],
    ids=itertools.count(),
)
def test_only_what_can_be_told_from_another_is_gone_on_with(
    workspace: Workspace, host: Host, headers: dict[str, str], second: str
) -> None:
    """A weak tag does not promise the same bytes."""
    host.files[SEA].headers = headers
    host.files[SEA].breaks = [5_000]
    finish(coming(workspace, host))
    assert host.ranges == ["", second]


def test_a_host_that_knows_no_parts_sends_all_of_it_again(
    workspace: Workspace, host: Host, clip: Footage
) -> None:
    """What it sends from the start is not put behind what is here."""
    host.files[SEA].breaks, host.files[SEA].ranges = [5_000], False
    assert finish(coming(workspace, host)).read_bytes() == clip.path.read_bytes()


def test_another_part_than_was_asked_for_is_not_put_together(
    workspace: Workspace, host: Host, clip: Footage
) -> None:
    """A host that begins elsewhere is asked for all of it."""
    host.files[SEA].breaks, host.files[SEA].shift = [5_000], 7
    assert finish(coming(workspace, host)).read_bytes() == clip.path.read_bytes()
    assert host.ranges == ["", "bytes=5000-", ""]


def test_a_part_that_does_not_fit_any_more_is_given_up(
    workspace: Workspace, host: Host, clip: Footage
) -> None:
    """The host says so with a status of its own."""
    host.files[SEA].breaks = [5_000, 0, 0]
    with pytest.raises(DownloadBrokeOff):
        finish(coming(workspace, host))
    whole, host.files[SEA] = host.files[SEA], Served(status=416)
    with pytest.raises(DownloadBrokeOff):
        finish(coming(workspace, host))
    assert parts(workspace) == []
    host.files[SEA] = whole
    assert finish(coming(workspace, host)).read_bytes() == clip.path.read_bytes()


def test_a_host_that_is_out_of_order_for_a_moment_is_asked_again(
    workspace: Workspace, host: Host
) -> None:
    """Three times in all."""
    host.files[SEA] = Served(status=502)
    with pytest.raises(DownloadBrokeOff) as raised:
        finish(coming(workspace, host))
    assert raised.value.detail.count("status 502") == 3


def test_a_silent_host_is_given_up(workspace: Workspace, host: Host) -> None:
    """Nothing for as long as is waited for a byte is a connection that broke off."""
    host.files[SEA].stalls = 5_000
    with pytest.raises(DownloadBrokeOff) as raised:
        finish(coming(workspace, host, patience=replace(QUICK, tries=1)))
    assert "ReadTimeout" in raised.value.detail
    assert parts(workspace)[0].stat().st_size == 5_000


def test_a_host_that_takes_for_ever_is_given_up(workspace: Workspace, host: Host) -> None:
    """However often it is tried, and however patient we are with each byte."""
    host.files[SEA].stalls = 5_000
    with pytest.raises(DownloadBrokeOff) as raised:
        finish(coming(workspace, host, patience=Patience(idle=60, total=0.5)))
    assert "too long in all" in raised.value.detail


# --------------------------------------------------------------------------- ends and neighbours
def test_closing_it_stops_it_and_keeps_what_has_come(
    workspace: Workspace, host: Host, clip: Footage
) -> None:
    """The connection is let go, the part stays, and the next time it goes on from there."""
    host.files[SEA].stalls = 5_000
    work = coming(workspace, host, patience=Patience(idle=60))
    list(itertools.islice(work, 3))
    work.close()
    lock = filelock.FileLock(next(workspace.folder("incoming").glob("*.lock")))
    lock.acquire(timeout=5)
    lock.release()
    assert parts(workspace)[0].stat().st_size == 5_000
    host.files[SEA].stalls = -1
    assert finish(coming(workspace, host)).read_bytes() == clip.path.read_bytes()
    assert host.ranges == ["", "bytes=5000-"]


def test_two_processes_do_not_bring_the_same_file_twice(
    workspace: Workspace, host: Host, clip: Footage
) -> None:
    """The second waits for the first and takes what it brought."""
    wanted = order(workspace)
    other = filelock.FileLock(workspace.folder("incoming") / f"{wanted.final.stem}.lock")
    other.acquire()
    work = coming(workspace, host)
    told = [next(work).message for _ in range(4)]
    shutil.copyfile(clip.path, wanted.final)
    other.release()
    assert finish(work) == wanted.final
    assert "Another window is bringing this" in told
    assert host.asked == []


def test_only_a_few_come_at_a_time(workspace: Workspace, host: Host) -> None:
    """The next waits for its turn, and can be closed while it does."""
    load = replace(FILM, turns=threading.BoundedSemaphore(1))
    load.turns.acquire()
    work = coming(workspace, host, order(workspace, load=load))
    told: list[Progress] = [next(work) for _ in range(4)]
    assert told[-1].message == "Waiting for other downloads"
    assert host.asked == []
    load.turns.release()
    finish(work)
    assert load.turns.acquire(timeout=5)


def test_a_full_disk_is_noticed_before_the_download(
    workspace: Workspace, host: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half a gigabyte may come; without room for it nothing begins."""
    full = SimpleNamespace(total=10**9, used=10**9, free=10**6)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: full)
    with pytest.raises(DiskFull):
        finish(coming(workspace, host))
    assert host.asked == []


def test_a_file_for_which_there_is_no_room_is_not_begun(
    workspace: Workspace, host: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the host says of its size counts as well."""
    nearly = SimpleNamespace(total=10**9, used=10**9, free=10**6)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: nearly)
    host.files[SEA] = Served(b"x" * 2_000_000)
    with pytest.raises(DiskFull):
        finish(coming(workspace, host, replace(order(workspace), size=500_000)))
    assert parts(workspace) == []


def test_old_parts_are_given_up(workspace: Workspace, host: Host) -> None:
    """A download that nobody went on with for a week is removed."""
    folder = workspace.folder("incoming")
    then = time.time() - KEPT_PARTS - 1
    for name in ("old.part", "old.mark"):
        (folder / name).write_bytes(b"x")
        os.utime(folder / name, (then, then))
    finish(coming(workspace, host))
    assert sorted(path.suffix for path in folder.iterdir()) == [".lock"]


# --------------------------------------------------------------------------- until when
@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "120"}, 120),
        ({"x-ratelimit-reset": "37"}, 37),
        ({"x-ratelimit-reset": "37.5"}, 37),
        ({"retry-after": "0"}, 1),
        ({"retry-after": "-5"}, None),
        ({"retry-after": "nan"}, None),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "Thu, 01 Jan 1970 00:00:00 GMT"}, 0),
        ({"retry-after": "1e300"}, 31 * 24 * 3600),
        ({}, None),
    ],
    ids=json.dumps,
)
def test_the_end_of_a_rest_is_read(headers: dict[str, str], seconds: int | None) -> None:
    """In each way in which services write it; nonsense is nothing."""
    rest = Rest.told(headers)
    left = None if rest is None else rest.until - time.time()
    assert left is None if seconds is None else left == pytest.approx(seconds, abs=30)


def test_a_rest_tells_its_end_as_a_clock_does() -> None:
    """With the date when it ends on another day; a moment is told from a length of time."""
    assert len(Rest.of(60).clock) == len("12:34")
    moment = Rest.told({"x-ratelimit-reset": str(int(time.time()) + 5 * 24 * 3600)})
    assert moment is not None
    assert not moment.is_over
    assert len(moment.clock) == len("2026-12-01 12:34")


def test_every_failure_of_a_download_is_one_of_ours() -> None:
    """So that each ends as a sentence, with a code that stays."""
    kinds = (DownloadRefused, DownloadBrokeOff, StockLimited)
    assert all(issubclass(kind, AIVideoError) for kind in kinds)
    assert len({kind.code for kind in kinds}) == len(kinds)
