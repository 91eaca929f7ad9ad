"""A real Chromium, asked over a pipe (its DevTools protocol): no driver, no port, no network.

``chromium`` or ``google-chrome`` on the machine is started without a window. Whatever a page loads
is answered from what it is given, else it fails, as where pictures are blocked.
"""

import base64
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import IO, Any

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_FLAGS = (
    "--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--no-first-run",
    "--hide-scrollbars", "--mute-audio", "--disable-background-networking", "--disable-extensions",
    "--force-color-profile=srgb", "--remote-debugging-pipe",
)  # fmt: skip
# Chromium reads the pipe from descriptor 3 and writes to 4, whatever ours are.
_HANDED_ON = (
    "import os,sys; r,w=map(int,sys.argv[1:3]); r=os.dup(r) if r==4 else r;"
    "os.dup2(w,4); os.dup2(r,3); os.execvp(sys.argv[3],sys.argv[3:])"
)
_LOADED = (
    "Promise.all([...document.images].map(i => i.complete || new Promise(r => "
    "{ i.onload = i.onerror = r }))).then(() => document.fonts.ready).then(() => true)"
)
_HERE = "http://mail.test/"
Json = dict[str, Any]


class NoBrowserError(Exception):
    """There is no Chromium on this machine: apt-get install chromium."""


def found() -> str:
    """Return the browser of this machine."""
    path = next((one for one in map(shutil.which, NAMES) if one), None)
    if path is None:
        raise NoBrowserError("no Chromium here; on Debian: apt-get install chromium")
    return path


@dataclass
class Browser:
    """One browser with one page at a time. ``pictures``: what is loaded, by URL; else it fails."""

    to: IO[bytes]
    came: IO[bytes]
    pictures: Mapping[str, bytes] = field(default_factory=dict)
    shown: str = ""
    number: int = 0
    session: str = ""

    def ask(self, method: str, **params: Any) -> Json:
        """Ask the browser, or the page if there is one, and return the answer."""
        number = self._send(method, params)
        while True:
            told = json.loads(self._next())
            if told.get("method") == "Fetch.requestPaused":
                self._load(told["params"])
            elif told.get("id") == number:
                if "error" in told:
                    raise RuntimeError(f"{method}: {told['error']}")
                return dict(told["result"])

    @contextmanager
    def page(
        self, html: str, width: int, *, dark: bool = False, turned: bool = False
    ) -> Iterator[None]:
        """Show a page in a window so wide and as high as it is, in light or in dark.

        ``turned``: the browser makes a dark page of a light one by itself.
        """
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        try:
            self.ask("Page.enable")
            self.ask("Fetch.enable", patterns=[{"urlPattern": "http*"}])
            scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
            self.ask("Emulation.setEmulatedMedia", media="screen", features=[scheme])
            if turned:
                self.ask("Emulation.setAutoDarkModeOverride", enabled=True)
            self._sized(width, 600)
            # What is written into an empty page would be laid out by the rules of the last century.
            self.shown = html
            self.ask("Page.navigate", url=_HERE)
            self.value(_LOADED)
            self._sized(width, self.value("document.documentElement.scrollHeight"))
            yield
        finally:
            self.session = ""
            self.ask("Target.closeTarget", targetId=target)

    def value(self, script: str) -> Any:
        """Return what a script of the page says."""
        told = self.ask(
            "Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True
        )
        if "exceptionDetails" in told:
            raise RuntimeError(str(told["exceptionDetails"]))
        return told["result"].get("value")

    def picture(self) -> bytes:
        """Return what is seen, as a PNG."""
        told = self.ask("Page.captureScreenshot", format="png")
        return base64.b64decode(told["data"])

    def _sized(self, width: int, height: int) -> None:
        self.ask(
            "Emulation.setDeviceMetricsOverride",
            width=width, height=height, deviceScaleFactor=1, mobile=False,
        )  # fmt: skip

    def _send(self, method: str, params: Json) -> int:
        self.number += 1
        asked = {"id": self.number, "method": method, "params": params}
        if self.session:
            asked["sessionId"] = self.session
        self.to.write(json.dumps(asked).encode() + b"\0")
        self.to.flush()
        return self.number

    def _next(self) -> bytes:
        said = bytearray()
        while (one := self.came.read(1)) != b"\0":
            if not one:
                raise RuntimeError("the browser is gone")
            said += one
        return bytes(said)

    def _load(self, params: Json) -> None:
        """Answer what the page loads; nobody waits for what the browser says to that."""
        url = params["request"]["url"]
        body = self.shown.encode() if url == _HERE else self.pictures.get(url)
        if body is None:
            said = {"requestId": params["requestId"], "errorReason": "BlockedByClient"}
            self._send("Fetch.failRequest", said)
            return
        kind = "text/html; charset=utf-8" if url == _HERE else "image/png"
        self._send(
            "Fetch.fulfillRequest",
            {"requestId": params["requestId"], "responseCode": 200,
             "responseHeaders": [{"name": "Content-Type", "value": kind}],
             "body": base64.b64encode(body).decode()},
        )  # fmt: skip


@contextmanager
def browser(pictures: Mapping[str, bytes] | None = None) -> Iterator[Browser]:
    """Start a browser, in a folder of its own, and end it."""
    path = found()
    with tempfile.TemporaryDirectory(prefix="browser-", ignore_cleanup_errors=True) as folder:
        theirs_in, ours_out = os.pipe()
        ours_in, theirs_out = os.pipe()
        words = [sys.executable, "-c", _HANDED_ON, str(theirs_in), str(theirs_out), path, *_FLAGS]
        process = subprocess.Popen(
            [*words, f"--user-data-dir={folder}"], pass_fds=(theirs_in, theirs_out),
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
        os.close(theirs_in)
        os.close(theirs_out)
        try:
            with os.fdopen(ours_out, "wb") as to, os.fdopen(ours_in, "rb") as came:
                yield Browser(to, came, pictures or {})
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
