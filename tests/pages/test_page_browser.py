"""The pages in a real browser: what moves by itself, what a click does, what a keyboard reaches, how it looks."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from shutil import which
from threading import Event, Thread
from time import monotonic

import pytest
from conftest import Client
from selenium.webdriver import Chrome, ChromeOptions, ChromeService, Keys
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import Select, WebDriverWait
from visiting import Site, opened

BROWSER = next(filter(None, map(which, ("chromium", "chromium-browser", "google-chrome"))), None)
DRIVER = which("chromedriver")
pytestmark = pytest.mark.skipif(not (BROWSER and DRIVER), reason="no chromium with its chromedriver is installed here")

FLAGS = """--headless=new --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking
    --disable-component-update --disable-sync --disable-dev-shm-usage --window-size=1280,900""".split()
PAGES = (
    "/_mock/",
    "/_mock/pages/calls/1",
    "/_mock/pages/state",
    "/_mock/pages/state/criteo/segment/225702933721171456",
    "/_mock/pages/faults",
    "/_mock/pages/readings",
    "/_mock/pages/coverage",
    "/_mock/pages/realtime?hours=24",
    "/_mock/pages/worlds",
    "/_mock/docs",
    "/_mock/docs/criteo/preview",
)
PATIENCE = 10.0


class Visitor:
    """Somebody at a browser, and the site that is looked at."""

    def __init__(self, browser: Chrome, site: Site):
        self.browser = browser
        self.site = site

    @property
    def client(self) -> Client:
        return self.site.client

    def go(self, path: str) -> None:
        self.browser.get(self.site.url + path)

    def find(self, selector: str) -> WebElement:
        return self.browser.find_element(By.CSS_SELECTOR, selector)

    def text(self, selector: str) -> str:
        return str(self.browser.execute_script("return document.querySelector(arguments[0])?.textContent ?? ''", selector))

    def until(self, claim: Callable[[], object]) -> None:
        WebDriverWait(self.browser, PATIENCE, poll_frequency=0.05).until(lambda _: claim())

    def press(self, label: str) -> None:
        self.browser.find_element(By.XPATH, f"//button[starts-with(normalize-space(), '{label}')]").click()

    def rows(self) -> int:
        return int(self.browser.execute_script("return document.getElementById('rows').rows.length"))


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    options = ChromeOptions()
    options.binary_location = BROWSER or ""
    for flag in (*FLAGS, f"--user-data-dir={tmp_path_factory.mktemp('chromium')}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    browser = Chrome(options, ChromeService(DRIVER))
    yield browser
    browser.quit()


@pytest.fixture(scope="module")
def running_site() -> Iterator[Site]:
    with opened(rate_limit=250) as site:
        yield site


@pytest.fixture
def visitor(browser: Chrome, running_site: Site) -> Iterator[Visitor]:
    """Somebody before a world as it began, with one call in its journal; nothing may be wrong when they leave."""
    browser.get("about:blank")
    browser.get_log("browser")
    browser.get_log("performance")
    running_site.worlds.default.world.reset()
    running_site.client.search("?limit=1")
    visitor = Visitor(browser, running_site)
    yield visitor
    wrong = [entry["message"] for entry in browser.get_log("browser") if entry["level"] in ("SEVERE", "WARNING")]
    assert not [each for each in wrong if "status of 400" not in each]  # a form's mistake, which the page tells
    requests = (json.loads(entry["message"])["message"] for entry in browser.get_log("performance"))
    urls = [each["params"]["request"]["url"] for each in requests if each["method"] == "Network.requestWillBeSent"]
    assert not [url for url in urls if not url.startswith((running_site.url, "data:", "about:"))]


def test_a_call_appears_without_a_reload(visitor: Visitor) -> None:
    visitor.go("/_mock/")
    visitor.until(lambda: visitor.text("#state") == "Live")
    assert visitor.rows() == 1
    visitor.client.create({"name": "<b>new</b>", "retailerId": "99"})
    visitor.until(lambda: visitor.rows() == 2)
    assert "retailer-not-found" in visitor.text("#rows tr")
    assert visitor.text("#kept") == "2 calls"
    assert "2 of 250" in visitor.text("#windows")
    for _ in range(3):  # the stream ends every two seconds, and goes on
        before = visitor.rows()
        visitor.client.search("?limit=1")
        visitor.until(lambda: visitor.rows() == before + 1)  # noqa: B023 - asked at once


def test_paused_nothing_moves_until_it_goes_on(visitor: Visitor) -> None:
    visitor.go("/_mock/")
    visitor.until(lambda: visitor.text("#state") == "Live")
    visitor.press("Pause")
    assert visitor.text("#state") == "Paused"
    assert visitor.find("#pause").get_attribute("aria-pressed") == "true"
    visitor.client.search("?limit=1")
    visitor.browser.execute_async_script("setTimeout(arguments[0], 600)")
    assert visitor.rows() == 1
    visitor.press("Go on")
    visitor.until(lambda: visitor.rows() == 2)


def test_the_clock_advances_by_a_click_without_a_reload(visitor: Visitor) -> None:
    clock = visitor.site.worlds.default.world
    visitor.go("/_mock/")
    visitor.browser.execute_script("window.stayed = true")
    before = clock.clock.now()
    visitor.press("15 minutes")
    visitor.until(lambda: clock.clock.now() == before + 900)
    visitor.until(lambda: "10:15:00" in visitor.text("#clock-now"))
    visitor.until(lambda: visitor.text("#done") == "Advanced by 15 minutes")
    visitor.press("Resume")
    visitor.until(lambda: "runs" in visitor.text("#clock-now"))
    visitor.press("Freeze")
    visitor.until(lambda: "stands still" in visitor.text("#clock-now"))
    visitor.find("#now").send_keys("noon", Keys.ENTER)
    visitor.until(lambda: "a time is written like" in visitor.text("#clock [role=alert]"))
    assert visitor.find("#now").get_attribute("value") == "noon"
    assert visitor.browser.execute_script("return window.stayed") is True


def test_a_fault_is_set_strikes_and_is_taken_back(visitor: Visitor) -> None:
    visitor.go("/_mock/pages/faults")
    visitor.press("Set the fault")
    visitor.until(lambda: "needs 'status'" in visitor.text("#new [role=alert]"))
    visitor.find("input[name=status]").send_keys("503")
    Select(visitor.find("select[name=operation]")).select_by_visible_text("searchAudienceSegments")
    visitor.press("Set the fault")
    visitor.until(lambda: "fault-1" in visitor.text("#set"))
    assert visitor.client.search().status == 503
    visitor.go("/_mock/")
    assert "struck 1 of 1" in visitor.text("#faults")
    visitor.go("/_mock/pages/faults")
    visitor.press("Take back")
    visitor.until(lambda: "fault-1" not in visitor.text("#set"))
    assert visitor.client.search().status == 200


def test_a_reading_is_changed(visitor: Visitor) -> None:
    visitor.go("/_mock/pages/readings")
    form = "#reading-contact-list-clear"
    visitor.find(f"{form} input[value='204']").click()
    visitor.find(f"{form} button").click()
    visitor.until(lambda: "contact-list-clear is chosen" in visitor.text("#done"))
    assert visitor.client.clear(225702933721171456).status == 204
    assert visitor.find(f"{form} input[value='204']").is_selected()


def test_state_is_searched(visitor: Visitor) -> None:
    visitor.go("/_mock/pages/state")
    visitor.find("input[name=search]").send_keys("segment descr", Keys.ENTER)
    visitor.until(lambda: "among" in visitor.text("main"))
    visitor.find("tbody a").click()
    visitor.until(lambda: visitor.text("h1") == "Segment 225702933721171456")


def test_a_keyboard_alone_reaches_everything(visitor: Visitor) -> None:
    visitor.go("/_mock/")
    visitor.until(lambda: visitor.text("#state") == "Live")
    body = visitor.find("body")
    body.send_keys(Keys.TAB)
    assert visitor.browser.switch_to.active_element.text == "To the content"
    visitor.browser.switch_to.active_element.send_keys(Keys.ENTER)
    assert visitor.browser.switch_to.active_element.get_attribute("id") == "main"
    reached = []
    for _ in range(40):
        visitor.browser.switch_to.active_element.send_keys(Keys.TAB)
        at = visitor.browser.switch_to.active_element
        reached.append(at.get_attribute("id") or at.get_attribute("name") or at.text)
        if reached[-1] == "by-900":
            break
        outlined = "return getComputedStyle(document.activeElement).outlineStyle"
        assert visitor.browser.execute_script(outlined) != "none"
    assert {"pause", "operation", "status", "Filter", "1", "run"} <= set(reached)
    visitor.browser.switch_to.active_element.send_keys(Keys.SPACE)
    visitor.until(lambda: "10:15:00" in visitor.text("#clock-now"))
    visitor.until(lambda: visitor.browser.switch_to.active_element.get_attribute("id") == "by-900")


@pytest.mark.parametrize("path", PAGES)
def test_a_page_fits_a_narrow_screen(visitor: Visitor, path: str) -> None:
    narrow = {"width": 360, "height": 740, "deviceScaleFactor": 1, "mobile": True}
    visitor.browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", narrow)
    visitor.go(path)
    root = "document.documentElement"
    over = visitor.browser.execute_script(f"return {root}.scrollWidth - {root}.clientWidth")
    visitor.browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    assert over == 0


CONTRASTS = (Path(__file__).parent / "contrast.js").read_text("utf-8")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_is_told_from_its_ground(visitor: Visitor, scheme: str) -> None:
    visitor.client.create({"name": "x" * 300, "retailerId": "99"})
    visitor.site.post("/_mock/pages/faults", do="add", effect="status", status="503")
    visitor.client.search()
    media = {
        "features": [{"name": "prefers-color-scheme", "value": scheme}, {"name": "prefers-reduced-motion", "value": "reduce"}]
    }
    visitor.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", media)
    grounds = set()
    for path in (*PAGES, "/_mock/pages/calls/2"):
        visitor.go(path)
        assert visitor.browser.execute_script(CONTRASTS) == [], path
        grounds.add(visitor.browser.execute_script("return getComputedStyle(document.body).backgroundColor"))
    visitor.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})
    (ground,) = grounds
    bright = max(map(int, re.findall("[0-9]+", ground)))
    assert bright < 64 if scheme == "dark" else bright > 192


def test_under_a_load_of_calls_a_click_is_answered_and_the_page_says_what_it_shows(visitor: Visitor) -> None:
    visitor.site.worlds.default.world.rate_limit = None
    visitor.go("/_mock/")
    visitor.until(lambda: visitor.text("#state") == "Live")
    client, enough = visitor.client, Event()

    def call() -> None:
        until = monotonic() + PATIENCE
        while not enough.is_set() and monotonic() < until:
            for _ in range(200):
                client.search("?limit=1")
            enough.wait(0.1)

    calling = Thread(target=call)
    calling.start()
    try:
        visitor.until(lambda: re.search(r"Showing [0-9,]+ of [0-9,]+ calls of the last second", visitor.text("#sampled")))
        shown, came = map(int, re.findall("[0-9]+", visitor.text("#sampled").replace(",", "")))
        assert shown <= 125 < came
        visitor.press("1 hour")
        visitor.until(lambda: "11:00:00" in visitor.text("#clock-now"))
        assert visitor.rows() <= 100
    finally:
        enough.set()
        calling.join()
    last = visitor.site.worlds.default.world.journal.count
    visitor.until(lambda: visitor.find("#rows tr").get_attribute("data-number") == str(last))


def test_without_a_script_the_forms_do_the_same(visitor: Visitor) -> None:
    visitor.browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    visitor.go("/_mock/")
    visitor.press("1 day")
    visitor.until(lambda: visitor.browser.current_url == f"{visitor.site.url}/_mock/#clock")
    visitor.browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})
    visitor.until(lambda: "2026-11-23" in visitor.text("#clock-now"))
