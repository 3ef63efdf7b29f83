/** What moves by itself: figures tick, a lost connection is seen at once and heals, new rows wait until one looks. */
import { Bellwether } from "../fixtures/bellwether.ts";
import { seedAnomaly } from "../fixtures/seed.ts";
import { expect, STRANGER, test } from "../fixtures/test.ts";

test("new anomalies wait behind a button, so that nothing moves under the pointer", async ({ page, api, anomaly }) => {
  await page.goto("/anomalies");
  await expect(page.locator(".live")).toHaveText("Live");
  await expect(page.locator(`tr[data-anomaly="${anomaly}"]`)).toBeVisible();
  const later = await seedAnomaly(api, "billing");
  const fresh = page.getByRole("link", { name: /^\d+ new$/ });
  await expect(fresh).toBeVisible();
  await expect(page.locator(`tr[data-anomaly="${later}"]`)).toHaveCount(0);
  await fresh.click();
  await expect(page.locator(`tr[data-anomaly="${later}"]`)).toBeVisible();
  await expect(fresh).toHaveCount(0);
});

test.describe("a server of its own", () => {
  const live = test.extend<{ server: Bellwether }>({
    server: async ({}, use) => {
      const server = await Bellwether.start("empty", { BELLWETHER__SCRAPE__HOST_INTERVAL_MS: "0" });
      await use(server);
      await server.remove();
    },
    baseURL: ({ server }, use) => use(server.url),
    storageState: STRANGER,
  });

  live("figures tick, and a lost connection shows and heals", async ({ page, server, complaints }) => {
    const made = await page.request.post("/api/v1/auth/setup", { data: { email: "live@example.org", password: "a sentence for the live test" } });
    expect(made.status(), await made.text()).toBe(200);
    const push = async (value: number) => {
      const pushed = await page.request.post("/api/v1/ingest/samples", { data: { samples: [{ service: "pulse", metric: "cpu_usage", value }] } });
      expect(pushed.status(), await pushed.text()).toBe(200);
    };
    await page.goto("/");
    await expect(page.getByRole("heading", { name: "Nothing is watched yet" })).toBeVisible();
    await page.evaluate(() => Object.assign(window, { isSamePage: true }));

    const cpu = page.locator('article[data-service="pulse"] .mini-facts div').filter({ hasText: "CPU" }).locator("dd");
    await push(12.5);
    await expect(cpu, "the first sample makes the service appear").toHaveText("12.5 %");
    await push(34);
    await expect(cpu, "the figure ticks").toHaveText("34 %");

    complaints.allow(/ERR_CONNECTION_REFUSED|ERR_CONNECTION_RESET|ERR_EMPTY_RESPONSE|WebSocket connection/);
    await server.stop("SIGKILL");
    const badge = page.locator(".live");
    await expect(badge).toHaveText("Reconnecting");
    await expect(page.getByText("This is not being refreshed at the moment")).toBeVisible();
    await expect(cpu, "what was shown stays").toHaveText("34 %");

    await server.run();
    await expect(badge).toHaveText("Live", { timeout: 30_000 });
    await expect(page.getByText("This is not being refreshed at the moment")).toHaveCount(0);
    await push(56);
    await expect(cpu).toHaveText("56 %");
    const id = await seedAnomaly(page.request);
    await expect(page.locator(`tr[data-anomaly="${id}"]`), "events flow again").toBeVisible();
    expect(await page.evaluate(() => "isSamePage" in window), "without loading the page again").toBe(true);
  });
});
