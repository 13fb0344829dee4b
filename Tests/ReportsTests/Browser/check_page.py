#!/usr/bin/env python3
"""Opens a report in headless Chromium and holds it against the CSV files of its run.

    check_page.py REPORT.html RUN_DIR [--screenshots DIR]

Checks that the page loads without a message on the console and without a request for anything but
itself, sorts a table by click and by keyboard, switches its theme, fits a phone, and that figures of
its tables and heat maps are those of results.csv. Python's standard library alone; Chromium is spoken to by
the DevTools protocol over a pipe. Exit code 0 if all is well, 1 with what is not, 2 if Chromium can't
be started.
"""
import argparse
import base64
import csv
import json
import os
import pathlib
import select
import shutil
import subprocess
import sys
import tempfile
import time


class Browser:
    """A headless Chromium with one tab."""

    def __init__(self, executable):
        self.profile = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        to_browser, self.writer = os.pipe()
        self.reader, from_browser = os.pipe()

        def place_pipes():
            # Chromium reads commands from 3 and writes answers to 4; away from there first, as the
            # pipes themselves may lie on these numbers.
            source, target = os.dup(to_browser), os.dup(from_browser)
            os.dup2(source, 3)
            os.dup2(target, 4)

        self.process = subprocess.Popen(
            [executable, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
             "--no-first-run", "--disable-background-networking", "--remote-debugging-pipe",
             f"--user-data-dir={self.profile.name}", "about:blank"],
            preexec_fn=place_pipes, close_fds=False, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)
        os.close(to_browser)
        os.close(from_browser)
        self.number = 0
        self.rest = b""
        self.events = []
        self.session = None
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call(
            "Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")

    def message(self, deadline):
        while b"\0" not in self.rest:
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self.reader], [], [], left)[0]:
                raise TimeoutError("Chromium does not answer")
            data = os.read(self.reader, 1 << 20)
            if not data:
                raise TimeoutError("Chromium ended")
            self.rest += data
        text, self.rest = self.rest.split(b"\0", 1)
        return json.loads(text)

    def call(self, method, **parameters):
        self.number += 1
        request = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            request["sessionId"] = self.session
        data = json.dumps(request).encode() + b"\0"
        while data:
            data = data[os.write(self.writer, data):]
        deadline = time.monotonic() + 60
        while True:
            message = self.message(deadline)
            if message.get("id") == self.number:
                if "error" in message:
                    raise RuntimeError(f"{method}: {message['error']}")
                return message["result"]
            self.events.append(message)

    def wait(self, method):
        deadline = time.monotonic() + 60
        while not any(event.get("method") == method for event in self.events):
            self.events.append(self.message(deadline))

    def evaluate(self, script):
        result = self.call(
            "Runtime.evaluate", expression=f"(() => {{ {script} }})()", returnByValue=True)
        if "exceptionDetails" in result:
            raise RuntimeError(result["exceptionDetails"])
        return result["result"].get("value")

    def open(self, path):
        self.events.clear()
        self.call("Page.navigate", url=pathlib.Path(path).resolve().as_uri())
        self.wait("Page.loadEventFired")

    def view(self, width, height, is_dark=False):
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height,
                  deviceScaleFactor=1, mobile=width < 600)
        self.call("Emulation.setEmulatedMedia", features=[
            {"name": "prefers-color-scheme", "value": "dark" if is_dark else "light"}])

    def screenshot(self, path, is_whole=True):
        result = self.call("Page.captureScreenshot", format="png", captureBeyondViewport=is_whole)
        pathlib.Path(path).write_bytes(base64.b64decode(result["data"]))

    def key(self, key, code):
        for kind in ("keyDown", "keyUp"):
            self.call("Input.dispatchKeyEvent", type=kind, key=key, code=key,
                      windowsVirtualKeyCode=code, text="\r" if key == "Enter" else "")

    def close(self):
        try:
            self.session = None
            self.call("Browser.close")
            self.process.wait(timeout=10)
        except (TimeoutError, subprocess.TimeoutExpired, BrokenPipeError):
            self.process.kill()
            self.process.wait()
        self.profile.cleanup()


class Checks:
    def __init__(self):
        self.failures = []
        self.count = 0

    def that(self, is_so, what):
        self.count += 1
        if not is_so:
            self.failures.append(what)


def check_loading(browser, path, checks):
    complaints = []
    requests = []
    for event in browser.events:
        method, parameters = event.get("method"), event.get("params", {})
        if method == "Runtime.consoleAPICalled":
            complaints.append(str(parameters["args"]))
        elif method == "Runtime.exceptionThrown":
            complaints.append(str(parameters["exceptionDetails"]))
        elif method == "Log.entryAdded":
            complaints.append(parameters["entry"]["text"])
        elif method == "Network.requestWillBeSent":
            requests.append(parameters["request"]["url"])
    checks.that(not complaints, f"the console has messages: {complaints[:5]}")
    own = pathlib.Path(path).resolve().as_uri()
    others = [url[:80] for url in requests if url != own and not url.startswith("data:")]
    checks.that(not others, f"the page asks for {others}")


def check_structure(browser, checks):
    facts = browser.evaluate("""
      const ids = [...document.querySelectorAll("[id]")].map((element) => element.id);
      const broken = [...document.querySelectorAll("a[href^='#']")]
        .map((link) => link.getAttribute("href").slice(1))
        .filter((id) => !document.getElementById(id));
      const unnamed = [...document.querySelectorAll("svg[role=img]")].filter((svg) =>
        svg.getAttribute("aria-labelledby").split(" ")
          .some((id) => !(document.getElementById(id) || {}).textContent));
      return {
        repeated: ids.filter((id, index) => ids.indexOf(id) !== index),
        broken, unnamed: unnamed.length,
        landmarks: ["header", "nav", "main"].filter((name) => !document.querySelector(name)),
        headings: document.querySelectorAll("h1").length,
        bare: document.querySelectorAll("table:not(:has(caption))").length,
        images: [...document.images].filter((image) => !image.alt || !image.naturalWidth).length,
        scripts: document.scripts.length,
        handlers: [...document.querySelectorAll("*")].filter((element) =>
          [...element.attributes].some((attribute) => attribute.name.startsWith("on"))).length,
      };""")
    for name in ("repeated", "broken", "landmarks"):
        checks.that(not facts[name], f"{name}: {facts[name]}")
    for name in ("unnamed", "bare", "images", "handlers"):
        checks.that(facts[name] == 0, f"{name}: {facts[name]}")
    checks.that(facts["headings"] == 1, "one h1 is needed")
    checks.that(facts["scripts"] == 1, f"{facts['scripts']} scripts, where the page has one")


COLUMN = """
  const table = document.querySelector("table.paper");
  const rows = [...table.tBodies[0].rows];
  const values = rows.map((row) => row.cells[1].dataset.v)
    .filter((value) => value !== undefined).map(Number);
  return { values, sort: table.tHead.rows[0].cells[1].getAttribute("aria-sort") };"""


def check_sorting(browser, checks):
    if not browser.evaluate("return document.querySelector('table.paper') !== null;"):
        return
    before = browser.evaluate(COLUMN)["values"]
    browser.evaluate("document.querySelector('table.paper').tHead.rows[0].cells[1].firstChild.click();")
    down = browser.evaluate(COLUMN)
    checks.that(down["values"] == sorted(before, reverse=True), "a click does not sort downwards")
    checks.that(down["sort"] == "descending", "aria-sort does not say descending")
    browser.evaluate("document.querySelector('table.paper').tHead.rows[0].cells[1].firstChild.focus();")
    browser.key("Enter", 13)
    up = browser.evaluate(COLUMN)
    checks.that(up["values"] == sorted(before), "Enter does not sort upwards")
    checks.that(up["sort"] == "ascending", "aria-sort does not say ascending")
    status = browser.evaluate("return document.getElementById('status').textContent;")
    checks.that("ascending" in status, "the order is not announced")


def check_theme(browser, checks):
    color = "return getComputedStyle(document.body).backgroundColor;"
    press = "document.getElementById('theme').click();"
    browser.view(1280, 900)
    light = browser.evaluate(color)
    browser.evaluate(press)
    dark = browser.evaluate(color)
    checks.that(light == "rgb(255, 255, 255)" and dark != light, f"theme: {light}, then {dark}")
    browser.evaluate(press)
    checks.that(browser.evaluate(color) == light, "the theme does not switch back")
    browser.evaluate("""
      delete document.documentElement.dataset.theme;
      localStorage.removeItem("mergeshift-theme");""")
    browser.view(1280, 900, is_dark=True)
    checks.that(browser.evaluate(color) == dark, "the system's dark theme is not taken")
    browser.view(1280, 900)


def check_phone(browser, checks):
    browser.view(360, 740)
    width = browser.evaluate("return document.documentElement.scrollWidth;")
    checks.that(width <= 360, f"the page is {width} pixels wide on a phone of 360")
    browser.view(1280, 900)


def read_accuracies(run):
    """The mean accuracy of (experiment, method title, task, domain) over seeds."""
    sums = {}
    with open(pathlib.Path(run) / "results.csv", newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if not row["accuracy"] or row.get("boundary"):
                continue
            options = row.get("method_options") or ""
            title = row["method"] + (f" ({options})" if options else "")
            key = (row.get("experiment") or "results", title, row["task"],
                   row["corruption"].replace("_", " "), float(row["severity"]))
            sums.setdefault(key, []).append(float(row["accuracy"]))
    return {key: sum(values) / len(values) for key, values in sums.items()}


def check_figures(browser, run, checks):
    """Every cell of the task tables of the page: the mean over seeds of the rows of the CSV."""
    tables = browser.evaluate("""
      return [...document.querySelectorAll("table.paper")].map((table) => ({
        caption: table.caption.textContent,
        columns: [...table.tHead.rows[0].cells].map((cell) => cell.textContent),
        rows: [...table.tBodies[0].rows].map((row) => ({
          kind: row.className, title: row.cells[0].textContent,
          cells: [...row.cells].slice(1).map((cell) => [cell.dataset.v, cell.textContent]),
        })),
      }));""")
    accuracies = read_accuracies(run)
    seen = 0
    for table in tables:
        experiment, _, rest = table["caption"].partition(": accuracy in %, ")
        for row in table["rows"]:
            if row["kind"] not in ("method", "reference"):
                continue
            for column, (value, text) in zip(table["columns"][1:], row["cells"]):
                expected = [
                    accuracy for (name, method, task, domain, severity), accuracy
                    in accuracies.items()
                    if name == experiment and method == row["title"] and (
                        (rest == f"{domain} images" and task == column)
                        or (rest == task and column in (domain, f"{domain} {severity:g}")))]
                if len(expected) != 1 or value is None:
                    continue
                seen += 1
                same = abs(float(value) - expected[0]) < 1e-9
                shown = text.split()[0] == f"{float(value) * 100:.1f}"
                checks.that(same and shown,
                            f"{table['caption']}, {row['title']}, {column}: {text}, not {expected[0]}")
    checks.that(not accuracies or seen > 0, "no table of the page could be held against the CSV")


def check_heat_maps(browser, checks):
    """The text of every cell of the heat maps is among the figure's own data."""
    maps = browser.evaluate("""
      return [...document.querySelectorAll("#heat-maps figure")].map((figure) => ({
        title: figure.querySelector("figcaption").textContent,
        texts: [...figure.querySelectorAll("svg text")].map((text) => text.lastChild.textContent),
        data: [...figure.querySelectorAll("table td.n[data-v]")].map((cell) => cell.dataset.v),
      }));""")
    for figure in maps:
        shown = {text.lstrip("+").replace("−", "-") for text in figure["texts"]}
        for value in figure["data"][:1]:
            text = f"{float(value) * 100:.1f}"
            checks.that(text in shown or text == "-0.0", f"{figure['title']}: {text} is not on the map")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("page")
    parser.add_argument("run")
    parser.add_argument("--screenshots")
    arguments = parser.parse_args()
    executable = next(filter(None, map(shutil.which, (
        "chromium", "chromium-browser", "google-chrome", "google-chrome-stable"))), None)
    if not executable:
        print("Chromium is not installed (Debian: script/setup --browser)", file=sys.stderr)
        return 2
    try:
        browser = Browser(executable)
    except (TimeoutError, OSError) as error:
        print(f"{executable}: {error}", file=sys.stderr)
        return 2
    checks = Checks()
    try:
        browser.view(1280, 900)
        browser.open(arguments.page)
        check_structure(browser, checks)
        check_figures(browser, arguments.run, checks)
        check_heat_maps(browser, checks)
        if arguments.screenshots:
            for name, width, is_dark in (("desktop-light", 1280, False), ("desktop-dark", 1280, True),
                                         ("phone-light", 390, False), ("phone-dark", 390, True)):
                browser.view(width, 900, is_dark)
                browser.open(arguments.page)
                browser.screenshot(f"{arguments.screenshots}/{name}.png")
            browser.view(1280, 900)
            browser.open(arguments.page)
        check_sorting(browser, checks)
        check_theme(browser, checks)
        check_phone(browser, checks)
        check_loading(browser, arguments.page, checks)
    finally:
        browser.close()
    for failure in checks.failures:
        print(f"FAILED: {failure}")
    print(f"{checks.count - len(checks.failures)} of {checks.count} checks passed")
    return 1 if checks.failures else 0


if __name__ == "__main__":
    sys.exit(main())
