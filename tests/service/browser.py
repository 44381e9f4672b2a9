"""A real Chromium without a window, and what tests ask of any page: no complaint on the console, names for what is used, a focus that is seen."""
import os
import pathlib
import shutil
import sys
import time

try:
    from selenium import webdriver
    from selenium.common.exceptions import NoSuchElementException, StaleElementReferenceException
    from selenium.webdriver.chrome.service import Service
    from selenium.webdriver.common.by import By
    from selenium.webdriver.common.keys import Keys
except ImportError:
    sys.exit("the browser's driver is missing. Debian: apt-get install chromium chromium-driver python3-selenium")

# Elements that are used and have no name, and pictures without a text.
NAMELESS = """
const shown = (one) => one.checkVisibility();
const text = (one) => one.getAttribute("aria-label") || one.textContent.trim();
const bad = [...document.querySelectorAll("input, select, textarea")].filter((one) => shown(one) && !one.getAttribute("aria-label")
  && ![...one.labels].some(text));
bad.push(...[...document.querySelectorAll("button, a, dialog, section, nav")].filter((one) => shown(one) && !text(one)));
bad.push(...[...document.querySelectorAll("img")].filter((one) => !one.hasAttribute("alt")));
bad.push(...[...document.querySelectorAll("svg")].filter((one) => !one.getAttribute("aria-label")));
const ids = [...document.querySelectorAll("[id]")].map((one) => one.id);
const twice = ids.filter((id, i) => ids.indexOf(id) !== i);
const lost = [...document.querySelectorAll("[aria-describedby], [aria-labelledby]")].filter((one) =>
  (one.getAttribute("aria-describedby") ?? one.getAttribute("aria-labelledby")).split(" ").some((id) => id && !document.getElementById(id)));
return [...bad, ...lost].map((one) => one.outerHTML.slice(0, 200)).concat(twice.map((id) => `id twice: ${id}`),
  document.querySelectorAll("h1").length === 1 ? [] : ["not one h1"], document.documentElement.lang ? [] : ["no lang"]);
"""
# What has the focus: its place among all that can have it, whether it shows, and what it is.
FOCUS = """
const all = [...document.querySelectorAll("a[href], button:not(:disabled), input, select, textarea")].filter((one) => one.checkVisibility());
const one = document.activeElement, style = getComputedStyle(one), box = one.getBoundingClientRect();
return [all.indexOf(one), style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2 && box.width > 0 && box.left > -1, all.length,
  one.outerHTML.slice(0, 120)];
"""


class Browser:
    def __init__(self, url):
        programs = {name: shutil.which(name) for name in ("chromium", "chromedriver")}
        missing = [name for name, path in programs.items() if path is None]
        if missing:
            sys.exit(f"missing: {', '.join(missing)}. Debian: apt-get install chromium chromium-driver python3-selenium")
        options = webdriver.ChromeOptions()
        options.binary_location = programs["chromium"]
        for argument in ("--headless=new", "--disable-dev-shm-usage", "--window-size=1100,900", "--no-first-run", "--disable-gpu",
                         "--disable-background-networking", *(["--no-sandbox"] if os.getuid() == 0 else [])):
            options.add_argument(argument)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        self.driver = webdriver.Chrome(options=options, service=Service(programs["chromedriver"]))
        self.driver.set_script_timeout(30)
        self.url, self.complaints, self.expected = url, [], set()

    def close(self):
        self.driver.quit()

    def go(self, part):
        """A part of the app, and the wait until it is there."""
        self.driver.execute_script("document.querySelector('h1')?.setAttribute('data-old', '')")
        address = f"{self.url}/#/{part}"
        if self.driver.current_url == address:
            self.driver.refresh()
        else:
            self.driver.get(address)
        self.until(lambda: self.one("h1:not([data-old])"), f"{part} is not shown")

    def until(self, true, why, seconds=20):
        deadline = time.monotonic() + seconds
        while True:
            try:
                if value := true():
                    return value
            except (NoSuchElementException, StaleElementReferenceException):
                pass
            if time.monotonic() > deadline:
                raise AssertionError(f"{why}; the page says:\n{self.text()}")
            time.sleep(0.05)

    def text(self):
        return self.driver.find_element(By.TAG_NAME, "body").text

    def sees(self, text):
        self.until(lambda: text in self.text(), f"{text!r} is not seen")

    def heard(self, text):
        self.until(lambda: text in self.one("#announcer").get_attribute("textContent"), f"{text!r} is not announced")

    def one(self, css):
        return self.driver.find_element(By.CSS_SELECTOR, css)

    def all(self, css):
        return self.driver.find_elements(By.CSS_SELECTOR, css)

    def focused(self):
        return self.driver.switch_to.active_element.get_attribute("textContent")

    def button(self, name, within="body"):
        """By what it says, or what it is called."""
        def find():
            found = [one for one in self.all(f":is({within}) :is(button, a)")
                     if one.is_displayed() and name in ((one.get_attribute("aria-label") or ""), one.text.strip(), one.get_attribute("textContent").strip())]
            return found[0] if found else None
        return self.until(find, f"there is no {name!r}")

    def press(self, name, within="body"):
        self.button(name, within).click()

    def field(self, label, within="body"):
        def find():
            return next((self.one(f"#{one.get_attribute('for')}") for one in self.all(f":is({within}) label") if one.text == label), None)
        return self.until(find, f"there is no field {label!r}")

    def write(self, label, text, within="body"):
        field = self.field(label, within)
        field.clear()
        field.send_keys(text)

    def log_in(self, username, password):
        self.go("log-in")
        self.write("User name", username)
        self.write("Password", password)
        self.press("Log in", "main")
        self.button("Log out")

    def register(self, username):
        self.driver.get(f"{self.url}/#/register")
        for label, text in {"User name": username, "E-mail address": f"{username}@example.com", "First name": username, "Last name": "Test",
                            "Password": "correct horse battery"}.items():
            self.write(label, text)
        self.press("Make the account")
        self.button("Log out")

    def listen(self):
        """Gathers the console; answers that a test provokes are `expected`: their statuses."""
        for entry in self.driver.get_log("browser"):
            is_expected = entry["source"] == "network" and any(f"status of {status} " in entry["message"] for status in self.expected)
            if entry["level"] in ("SEVERE", "WARNING") and not is_expected:
                self.complaints.append(f"{entry['level']} {entry['source']}: {entry['message']}")
        return self.complaints

    def nameless(self):
        return self.driver.execute_script(NAMELESS)

    def tab_order(self):
        """What is wrong when one goes through the page by Tab: in the order of the page, each seen."""
        self.driver.execute_script("document.activeElement.blur(); document.body.focus(); getSelection().removeAllRanges();"
                                   "document.body.tabIndex = -1; document.body.focus(); document.body.removeAttribute('tabindex')")
        wrong, last = [], -1
        count = self.driver.execute_script(FOCUS)[2]
        for _ in range(count):
            self.driver.switch_to.active_element.send_keys(Keys.TAB)
            place, is_seen, _, what = self.driver.execute_script(FOCUS)
            if place != last + 1:
                wrong.append(f"{place} after {last}: {what}")
            if not is_seen:
                wrong.append(f"its focus is not seen: {what}")
            last = place
        return wrong

    def picture(self, name):
        """For a person to look at, if a folder was named."""
        if folder := os.environ.get("GPRA_PICTURES"):
            self.driver.save_screenshot(str(pathlib.Path(folder) / f"{name}.png"))


def contrast(one, other):
    """Of two colours, each `#rrggbb`, as WCAG has it."""
    def light(colour):
        digits = colour.strip().lstrip("#")
        digits = "".join(2 * digit for digit in digits) if len(digits) == 3 else digits
        parts = [int(digits[i:i + 2], 16) / 255 for i in (0, 2, 4)]
        parts = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]
    lights = sorted((light(one), light(other)))
    return (lights[1] + 0.05) / (lights[0] + 0.05)
