/** Every page with JavaScript: comes alive without a complaint, is accessible in both themes, and fits every width. */
import { readFile } from "node:fs/promises";
import { address, expect, test, STRANGER } from "../fixtures/test.ts";
import { expectAccessible, expectNoSidewaysScroll, expectUniqueIds, unfold, WIDTHS } from "../fixtures/look.ts";
import { API_DOCS, INSIDE, OUTSIDE } from "../fixtures/places.ts";

test("the list of places is the list of routes", async () => {
  const source = await readFile(new URL("../../app/src/routes.rs", import.meta.url), "utf8");
  const routes = [...source.matchAll(/<Route path=path!\("([^"]*)"\)/g)].map(([, route]) => route || "/");
  const known = [...INSIDE, ...OUTSIDE].map((place) => place.route);
  expect([...known, "/set-up"].sort()).toEqual(routes.sort());
});

for (const theme of ["light", "dark"] as const) {
  test.describe(`in ${theme}`, () => {
    test.use({ colorScheme: theme });

    for (const place of INSIDE) {
      test(`${place.route} comes alive, is accessible and fits`, async ({ page, anomaly, call }) => {
        await page.goto(address(place, { anomaly, call }));
        await expect(page.getByRole("heading", { level: 1 })).toHaveText(place.heading);
        await expect(page).toHaveTitle(new RegExp(` · Bellwether$`));
        await expectUniqueIds(page);

        await expect(page.locator(".live")).toHaveText("Live");
        const account = page.locator(".account");
        await account.locator("summary").click();
        await expect(account.getByRole("button", { name: "Auto" })).toHaveAttribute("aria-pressed", "true");
        await account.locator("summary").click();

        for (const width of WIDTHS) await expectNoSidewaysScroll(page, width);
        await unfold(page);
        for (const width of WIDTHS) await expectNoSidewaysScroll(page, width);
        // What a narrow window hides is the same in both themes, and so is what only colours can break.
        await page.setViewportSize({ width: theme === "light" ? 360 : 1280, height: 900 });
        await expectAccessible(page);
      });
    }

    test("the pages of strangers are accessible and fit", async ({ browser, baseURL, complaints }) => {
      const context = await browser.newContext({ baseURL, colorScheme: theme, storageState: STRANGER });
      complaints.watch(context);
      // The last address is one where nothing is.
      complaints.allow(/status of 404/);
      const page = await context.newPage();
      for (const { route, path, heading } of [...OUTSIDE, { route: "", path: "/nothing", heading: "There is nothing at this address" }]) {
        await page.goto(path ?? route);
        await expect(page.getByRole("heading", { level: 1 })).toHaveText(heading);
        for (const width of WIDTHS) await expectNoSidewaysScroll(page, width);
        await expectAccessible(page);
      }
      await context.close();
    });

    test("the API documentation is accessible and fits", async ({ page }) => {
      await page.goto(API_DOCS.path);
      await expect(page.getByRole("heading", { level: 1 })).toHaveText(API_DOCS.heading);
      for (const width of WIDTHS) await expectNoSidewaysScroll(page, width);
      await unfold(page);
      for (const width of WIDTHS) await expectNoSidewaysScroll(page, width);
      await expectAccessible(page);
    });
  });
}

test("charts come alive where the server drew them", async ({ page }) => {
  await page.goto("/services/host");
  const chart = page.locator('figure[data-metric="cpu_usage"]');
  await expect(chart).toHaveClass(/is-upgraded/);
  await expect(chart.locator(".chart-live svg").first()).toBeVisible();
});
