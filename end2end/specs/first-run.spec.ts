/** The first minute with an empty database: who comes first becomes the administrator, and every empty page says what to do. */
import { Bellwether } from "../fixtures/bellwether.ts";
import { expectAccessible, expectNoSidewaysScroll } from "../fixtures/look.ts";
import { expect, STRANGER, test as base } from "../fixtures/test.ts";

const test = base.extend<{ fresh: Bellwether }>({
  // Without measuring this machine there is nothing at all to see.
  fresh: async ({}, use) => {
    const server = await Bellwether.start("empty", { BELLWETHER__SCRAPE__HOST_INTERVAL_MS: "0" });
    await use(server);
    await server.remove();
  },
  baseURL: ({ fresh }, use) => use(fresh.url),
  storageState: STRANGER,
});

const EMPTY = [
  { path: "/", title: "Nothing is watched yet", step: "Add a target" },
  { path: "/services", title: "No services yet", step: "Add a target" },
  { path: "/anomalies", title: "No anomalies yet", step: "inject a fault" },
  { path: "/demo", title: "The demo fleet is not running", step: "bellwether serve --demo" },
  { path: "/settings/targets", title: "No targets yet", step: "then add http://127.0.0.1:9100/metrics" },
  { path: "/settings/users", title: "No teams yet", step: "Add the first below" },
  { path: "/settings/keys", title: "No keys yet", step: "Make one below" },
];

test("the first visitor sets up, and finds the next step on every page", async ({ page, complaints }) => {
  await page.goto("/services");
  await expect(page).toHaveURL(/\/set-up$/);
  await expectAccessible(page);
  await expectNoSidewaysScroll(page, 360);
  await page.setViewportSize({ width: 1280, height: 900 });

  complaints.allow(/status of 422/);
  await page.evaluate(() => Object.assign(window, { isSamePage: true }));
  await page.getByLabel("E-mail").fill("first@example.org");
  await page.getByLabel("Password").fill("short");
  await page.getByRole("button", { name: "Create administrator" }).click();
  await expect(page.getByLabel("Password")).toHaveAccessibleDescription(/12/);
  await expect(page.getByLabel("E-mail"), "what was typed stays").toHaveValue("first@example.org");
  expect(await page.evaluate(() => "isSamePage" in window), "refused without loading the page again").toBe(true);
  await page.getByLabel("Password").fill("the first sentence of all");
  await page.getByRole("button", { name: "Create administrator" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Overview");

  for (const { path, title, step } of EMPTY) {
    await page.goto(path);
    const empty = page.locator(".empty").filter({ has: page.getByRole("heading", { name: title }) });
    await expect(empty).toContainText(step);
    await expect(page.locator(".live")).toHaveText("Live");
    await expectAccessible(page);
    await expectNoSidewaysScroll(page, 360);
    await page.setViewportSize({ width: 1280, height: 900 });
  }

  await page.goto("/set-up");
  await expect(page).toHaveURL(/\/$/);
});
