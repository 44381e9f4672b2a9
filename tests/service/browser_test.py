#!/usr/bin/env python3
"""The page as two people use it, in two browsers: by mouse, by keyboard, in two tabs."""
import sys
import tempfile
import time
import unittest

sys.dont_write_bytecode = True
from browser import Browser, Keys, contrast  # noqa: E402
from selenium.webdriver.common.action_chains import ActionChains  # noqa: E402
from start_service import Started, build_folder  # noqa: E402

BUILD = build_folder()


class Page(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.service = Started(BUILD)
        cls.addClassCleanup(cls.service.__exit__)
        cls.count = 0

    def browser(self, user=None):
        """Of its own, as that of another person; what it complains of fails the test."""
        browser = Browser(self.service.url)
        self.addCleanup(browser.close)
        self.addCleanup(lambda: self.assertEqual(browser.listen(), []))
        if user:
            type(self).count += 1
            browser.name = f"{user}{self.count}"
            browser.register(browser.name)
        return browser

    def add_item(self, browser, title, duration="5:00"):
        browser.go("items")
        browser.press("Add an item")
        browser.write("Title", title, "dialog")
        browser.write("Duration", duration, "dialog")
        browser.press("Add", "dialog")
        browser.heard(f"{title} is added")

    def make_routine(self, browser, name, titles):
        for title in titles:
            self.add_item(browser, title)
        browser.go("routines")
        browser.press("Add a routine")
        browser.write("Name", name, "dialog")
        browser.press("Add", "dialog")
        browser.sees("Nothing is in it yet.")
        for title in titles:
            browser.press("Add an item", "main")
            option = next(one for one in browser.until(lambda: browser.all("dialog option"), "no items to choose") if one.text == title)
            option.click()
            browser.press("Add", "dialog")
            browser.heard(f"{title} is added")

    def order(self, browser):
        return [row.get_attribute("data-name") for row in browser.all("ol.list > li")]

    def saved_order(self, browser):
        """As the service has it: after the page is read anew."""
        browser.driver.refresh()
        return browser.until(lambda: self.order(browser), "the list is empty")

    def assert_usable(self, browser, where):
        self.assertEqual(browser.nameless(), [], where)
        self.assertEqual(browser.tab_order(), [], where)
        browser.picture(where)

    # ---- Two people.

    def test_two_users_do_not_see_each_other(self):
        ada, bob = self.browser("ada"), self.browser("bob")
        self.add_item(ada, "Ada's scales")
        self.add_item(ada, "Ada's blues")
        bob.go("items")
        bob.sees("There is nothing here yet.")
        self.add_item(bob, "Bob's song")
        bob.go("account")
        bob.sees("Items: 1 of 15")
        ada.go("account")
        ada.sees("Items: 2 of 15")
        ada.go("items")
        ada.sees("Ada's blues")
        self.assertNotIn("Bob", ada.text())
        theirs = ada.one("ul.list li").get_attribute("data-id")
        bob.expected = {404}
        for what in (f"fetch('/api/items/{theirs}')", f"fetch('/api/items/{theirs}', {{method: 'DELETE', headers: {{'X-CSRF-Token': "
                     "document.cookie.split('csrf=')[1]}})"):
            self.assertEqual(bob.driver.execute_async_script(f"{what}.then((answer) => arguments[0](answer.status))"), 404, what)
        bob.go(f"chords/{theirs}")
        bob.sees("That did not work")
        bob.go("items")
        self.assertNotIn("Ada's", bob.text())
        ada.driver.refresh()
        ada.sees("Ada's scales")

    def test_text_is_never_markup(self):
        ada = self.browser("ada")
        evil = "<img src=x onerror=alert(1)><b>bold</b>"
        self.add_item(ada, evil)
        ada.go("items")
        ada.sees(evil)
        self.assertEqual(ada.all("main img, main b"), [])

    # ---- Items.

    def test_items_are_added_searched_changed_and_deleted(self):
        ada = self.browser("ada")
        ada.go("items")
        ada.press("Add an item")
        ada.expected = {422}
        ada.press("Add", "dialog")
        ada.until(lambda: ada.one("dialog [aria-invalid]"), "the wrong field is not marked")
        self.assertEqual(ada.driver.switch_to.active_element.get_attribute("name"), "title")
        self.assertEqual(ada.nameless(), [])
        ada.driver.switch_to.active_element.send_keys("Blues scale", Keys.ENTER)
        ada.heard("Blues scale is added")
        self.add_item(ada, "Major scale")
        ada.write("Search", "bLUES")
        ada.heard("1 items found")
        self.assertEqual(len(ada.all("ul.list > li")), 1)
        ada.press("Edit Blues scale")
        ada.write("Notes", "slowly", "dialog")
        ada.press("Save", "dialog")
        ada.heard("Blues scale is saved")
        self.assertEqual(ada.focused(), "Edit Blues scale")
        ada.press("Delete Blues scale")
        self.assert_focus_within_dialog(ada)
        ada.press("Delete", "dialog")
        ada.heard("Blues scale is deleted")
        self.assertEqual(ada.focused(), "Items")

    def assert_focus_within_dialog(self, browser):
        self.assertTrue(browser.driver.execute_script("return [...document.querySelectorAll('dialog')].at(-1).contains(document.activeElement)"))

    def test_lists_come_in_pages(self):
        admin = self.browser()
        admin.log_in("admin", "six strings")
        admin.go("items")
        self.assertEqual(len(admin.until(lambda: admin.all("ul.list > li"), "no items")), 20)
        first = admin.one("ul.list > li").text
        admin.press("Next")
        admin.heard("From item 21")
        self.assertEqual(admin.focused(), "Next")
        self.assertNotEqual(admin.one("ul.list > li").text, first)
        admin.press("Previous")
        admin.heard("From item 1")
        self.assertEqual(admin.one("ul.list > li").text, first)
        admin.go("account")
        admin.sees("Items: 340, without a limit")
        admin.go("chords")
        admin.until(lambda: len(admin.all("svg.chart")) == 24, "the charts are not drawn")
        self.assert_usable(admin, "chords")

    def test_the_limit_of_the_tier_says_which_tier_would_do(self):
        ada = self.browser("ada")
        self.make_routine(ada, "Warm-up", [])
        ada.go("routines")
        ada.press("Add a routine")
        ada.write("Name", "Second", "dialog")
        ada.expected = {402}
        ada.press("Add", "dialog")
        ada.sees("The tier “basic” (3 USD a month) has room for more.")

    # ---- Two tabs, and no session.

    def edit_in_two_tabs(self, ada, title):
        """The second tab has saved; the first one is told."""
        ada.go("items")
        ada.press(f"Edit {title}")
        ada.write("Notes", "mine", "dialog")
        first = ada.driver.current_window_handle
        ada.driver.switch_to.new_window("tab")
        ada.go("items")
        ada.press(f"Edit {title}")
        ada.write("Notes", "theirs", "dialog")
        ada.press("Save", "dialog")
        ada.heard(f"{title} is saved")
        ada.driver.close()
        ada.driver.switch_to.window(first)
        ada.expected = {412}
        ada.press("Save", "dialog")
        ada.sees("Changed in another tab")

    def notes(self, ada, title):
        ada.go("account")
        ada.go("items")
        ada.press(f"Edit {title}")
        notes = ada.field("Notes", "dialog").get_attribute("value")
        ada.press("Cancel", "dialog")
        return notes

    def test_what_another_tab_has_saved_is_shown_and_nothing_is_lost(self):
        ada = self.browser("ada")
        self.add_item(ada, "Blues")
        self.edit_in_two_tabs(ada, "Blues")
        cells = [cell.text for cell in ada.all("dialog td")]
        self.assertEqual(cells, ["mine", "theirs"])
        self.assertEqual(ada.nameless(), [])
        ada.picture("conflict")
        ada.press("Go on editing", "dialog:last-of-type")
        self.assertEqual(ada.field("Notes", "dialog").get_attribute("value"), "mine")
        ada.press("Save", "dialog")
        ada.press("Save mine", "dialog:last-of-type")
        ada.heard("Blues is saved")
        self.assertEqual(self.notes(ada, "Blues"), "mine")
        self.edit_in_two_tabs(ada, "Blues")
        ada.press("Take the other", "dialog:last-of-type")
        ada.heard("Blues is saved")
        self.assertEqual(self.notes(ada, "Blues"), "theirs")

    def test_a_session_that_ends_costs_nothing(self):
        ada = self.browser("ada")
        self.add_item(ada, "Blues")
        ada.press("Edit Blues")
        ada.write("Notes", "kept", "dialog")
        ada.driver.delete_cookie("session")
        ada.expected = {401}
        ada.press("Save", "dialog")
        ada.sees("Your session has ended.")
        self.assert_focus_within_dialog(ada)
        ada.write("Password", "correct horse battery", "dialog:last-of-type")
        ada.press("Log in", "dialog:last-of-type")
        ada.heard("Blues is saved")
        self.assertEqual(self.notes(ada, "Blues"), "kept")
        ada.press("Log out")
        ada.until(lambda: ada.one("h1").text == "Log in", "nobody is asked to log in")
        self.assertNotIn("Blues", ada.text())

    # ---- Routines.

    def test_a_routine_is_put_in_order_by_mouse_and_by_keyboard(self):
        ada = self.browser("ada")
        self.make_routine(ada, "Warm-up", ["One", "Two", "Three", "Four"])
        rows, handles = ada.all("ol.list > li"), ada.all("ol.list .handle")
        ActionChains(ada.driver).click_and_hold(handles[3]).move_to_element(rows[2]).move_to_element(rows[0]).move_by_offset(0, -15).release().perform()
        self.assertEqual(self.order(ada), ["Four", "One", "Two", "Three"])
        ada.heard("Four, position 1 of 4")
        self.assertEqual(self.saved_order(ada), ["Four", "One", "Two", "Three"])
        handle = ada.one("ol.list > li .handle")
        handle.send_keys(Keys.ARROW_DOWN)
        ada.heard("Four, position 2 of 4")
        ada.driver.switch_to.active_element.send_keys(Keys.ARROW_DOWN)
        ada.heard("Four, position 3 of 4")
        self.assertEqual(ada.driver.switch_to.active_element.get_attribute("aria-label"), "Move Four")
        ada.press("Move Two up")
        ada.heard("Two, position 1 of 4")
        time.sleep(0.5)
        self.assertEqual(self.saved_order(ada), ["Two", "One", "Four", "Three"])
        self.assert_usable(ada, "routine")
        # Escape while it is dragged: as it was.
        rows, handles = ada.all("ol.list > li"), ada.all("ol.list .handle")
        ActionChains(ada.driver).click_and_hold(handles[3]).move_to_element(rows[0]).send_keys(Keys.ESCAPE).release().perform()
        self.assertEqual(self.order(ada), ["Two", "One", "Four", "Three"])

    def test_a_routine_that_another_tab_has_changed_is_shown_anew(self):
        ada = self.browser("ada")
        self.make_routine(ada, "Warm-up", ["One", "Two", "Three"])
        address, first = ada.driver.current_url, ada.driver.current_window_handle
        ada.driver.switch_to.new_window("tab")
        ada.driver.get(address)
        ada.press("Take Two out")
        ada.heard("Two is taken out")
        ada.driver.close()
        ada.driver.switch_to.window(first)
        ada.expected = {409}
        ada.press("Move Three up")
        ada.sees("The routine was changed in another tab")
        self.assertEqual(self.order(ada), ["One", "Three"])

    def test_the_timer_goes_through_the_active_routine(self):
        ada = self.browser("ada")
        ada.go("practice")
        ada.sees("No routine is active.")
        self.make_routine(ada, "Warm-up", ["One", "Two"])
        ada.press("Practise it")
        ada.until(lambda: ada.one("[role=timer]").text == "5:00", "the timer does not begin at 5:00")
        self.assert_usable(ada, "practice")
        ada.press("Start")
        ada.until(lambda: ada.one("[role=timer]").text == "4:58", "the timer does not run")
        ada.press("Pause")
        shown = ada.one("[role=timer]").text
        time.sleep(1.2)
        self.assertEqual(ada.one("[role=timer]").text, shown)
        ada.press("Done, next item")
        ada.heard("Two, 5:00")
        self.assertEqual((ada.one("main h2").text, ada.one("[role=timer]").text), ("Two", "5:00"))
        ada.press("Done, next item")
        ada.sees("All done.")
        ada.go("routines")
        ada.sees("active")
        ada.go("practice")
        ada.sees("2 of 2 done")
        ada.press("Start over")
        ada.sees("0 of 2 done")

    # ---- Chords.

    def test_a_chord_chart_is_written_drawn_and_taken_from_the_library(self):
        ada = self.browser("ada")
        self.add_item(ada, "Song")
        ada.press("Chords Song")
        ada.press("Add a chord chart")
        ada.write("Title", "C", "dialog")
        for string, fret in {5: 3, 4: 2, 3: 0, 2: 1, 1: 0, 6: "x"}.items():
            ada.one(f"dialog input[name=string-{6 - string}]").send_keys(str(fret))
        self.assertEqual(len(ada.all("dialog svg circle.dot")), 3)
        self.assertEqual(ada.nameless(), [])
        ada.picture("chord-form")
        ada.press("Add", "dialog")
        ada.heard("C is added")
        self.assertEqual(ada.one("svg.chart").get_attribute("aria-label"), "Chord C: string 6 not played, string 5 fret 3, string 4 fret 2, "
                         "string 3 open, string 2 fret 1, string 1 open")
        ada.press("Add a chord chart")
        ada.write("Search the library of chords", "B7", "dialog")
        ada.press("Take B7", "dialog")
        ada.press("Add", "dialog")
        ada.heard("B7 is added")
        self.assertIn("string 6 fret 7", ada.all("svg.chart")[1].get_attribute("aria-label"))
        ada.press("Edit C")
        field = ada.until(lambda: ada.one("dialog input[name=string-0]"), "the chart is not there to be edited")
        field.clear()
        field.send_keys("3")
        ada.press("Save", "dialog")
        ada.heard("C is saved")
        self.assertIn("string 6 fret 3, string 5 fret 3", ada.one("svg.chart").get_attribute("aria-label"))

    # ---- For everybody.

    def test_each_part_is_usable_by_keyboard_and_screen_reader(self):
        ada = self.browser()
        ada.driver.get(ada.url)
        ada.field("User name")
        self.assert_usable(ada, "log-in")
        ada.expected = {401}
        ada.write("User name", "nobody")
        ada.write("Password", "wrong wrong wrong")
        ada.press("Log in", "main")
        ada.until(lambda: "no such user" in ada.one("[role=alert]:not(:empty)").text, "the refusal is not told")
        ada.log_in("admin", "six strings")
        for part in ("practice", "items", "routines", "account"):
            ada.go(part)
            self.assertEqual(ada.driver.switch_to.active_element.tag_name, "h1", part)
            ada.until(lambda: ada.all("main button"), f"{part} is empty")
            self.assert_usable(ada, part + "-of-admin")
        ada.driver.switch_to.active_element.send_keys(Keys.HOME)
        ada.one(".skip").send_keys(Keys.ENTER)
        self.assertEqual(ada.driver.switch_to.active_element.get_attribute("id"), "main")

    def test_colours_have_contrast_in_light_and_dark(self):
        ada = self.browser()
        ada.driver.get(ada.url)
        pairs = [("--text", "--ground", 4.5), ("--text", "--card", 4.5), ("--text", "--tint", 4.5), ("--faint", "--ground", 4.5), ("--faint", "--card", 4.5),
                 ("--accent", "--card", 4.5), ("--accent", "--ground", 4.5), ("--accent", "--tint", 4.5), ("--on-accent", "--accent", 4.5),
                 ("--bad", "--card", 4.5), ("--bad", "--bad-tint", 4.5), ("--text", "--note-tint", 4.5), ("--edge", "--card", 3), ("--edge", "--ground", 3)]
        for scheme in ("light", "dark"):
            ada.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": scheme}]})
            colour = {name: ada.driver.execute_script("return getComputedStyle(document.documentElement).getPropertyValue(arguments[0])", name)
                      for name in {name for pair in pairs for name in pair[:2]}}
            for one, other, least in pairs:
                self.assertGreaterEqual(contrast(colour[one], colour[other]), least, f"{one} on {other}, {scheme}")
            ada.picture(f"log-in-{scheme}")


class OneUser(unittest.TestCase):
    def test_sqlite_says_that_it_serves_one(self):
        with tempfile.TemporaryDirectory() as folder, Started(BUILD, "--sqlite", f"{folder}/one.db") as service:
            browser = Browser(service.url)
            self.addCleanup(browser.close)
            browser.go("items")
            browser.sees("the service has one user, and nobody logs in")
            self.assertFalse(browser.one("#log-out").is_displayed())
            browser.press("Add an item")
            browser.write("Title", "Scales", "dialog")
            browser.press("Add", "dialog")
            browser.heard("Scales is added")
            self.assertEqual(browser.listen(), [])


if __name__ == "__main__":
    unittest.main(verbosity=2)
