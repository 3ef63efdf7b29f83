/** The story of the first issue: a fault, an anomaly that appears by itself everywhere, a verdict, and its end. */
import { expect, test, STRANGER } from "../fixtures/test.ts";
import { follow } from "../fixtures/stream.ts";

// Not logged in: the story begins at the front door.
test.use({ storageState: STRANGER });

test("a fault is found, told and resolved while one watches", async ({ page, demo }) => {
  // Latency is computed over a minute: so long it takes to learn what is usual, and to forget the fault.
  test.setTimeout(280_000);

  await page.goto("/");
  await expect(page).toHaveURL(/\/login$/);
  await page.getByLabel("E-mail").fill(demo.admin.email);
  await page.getByLabel("Password").fill(demo.admin.password);
  await page.getByRole("button", { name: "Log in" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Overview" })).toBeVisible();

  await page.getByRole("link", { name: "API keys" }).click();
  await page.getByLabel("Name").fill("story");
  await page.getByLabel("read: see everything").check();
  await page.getByRole("button", { name: "Make key" }).click();
  const made = page.getByRole("status", { name: "The new key" });
  const key = (await made.locator("code").innerText()).trim();
  expect(key).toMatch(/^rp_/);
  await using stream = await follow(demo.url, key);
  expect(await stream.next("connected")).toHaveProperty("last_event_id");

  await test.step("the series learns what is usual", async () => {
    await expect
      .poll(async () => samplesOf(await page.request.get("/api/v1/query", { params: { query: USUAL } })), { timeout: 100_000 })
      .toBeGreaterThan(30);
  });

  await page.getByRole("link", { name: "Demo fleet" }).click();
  const orders = page.locator('[data-demo="orders"]');
  await orders.getByLabel("Fault").selectOption("latency");
  await orders.getByRole("button", { name: "Inject into orders" }).click();
  await expect(orders.locator('[data-fault="latency"]')).toContainText("latency at 50 %, ends in 9 min");

  // From here on nothing is loaded again: what changes, changes by itself.
  await page.getByRole("link", { name: "Overview" }).click();
  await page.evaluate(() => Object.assign(window, { isSamePage: true }));
  const newest = page.getByTestId("newest-anomalies");
  const row = newest.getByRole("row").filter({ hasText: "orders · latency_p99" });
  await expect(row).toBeVisible({ timeout: 60_000 });
  await expect(row).toContainText("open");
  await expect(row).toContainText("simulated");
  await expect(page.getByTestId("verdict")).toContainText("orders");
  await expect(page.locator('article[data-service="orders"]')).toContainText(/degraded|unhealthy/);

  const told = await stream.next("anomaly.detected", (event) => event.anomaly?.service === "orders" && event.anomaly.metric === "latency_p99");
  expect(told.anomaly).toMatchObject({ status: "open", is_simulated: true, trend: "rising" });
  const id = String(told.anomaly?.id);

  await row.getByRole("link").click();
  await expect(page).toHaveURL(new RegExp(`/anomalies/${id}$`));
  await expect(page.getByRole("heading", { level: 1, name: "orders · latency_p99" })).toBeVisible();
  await expect(page.getByText("Look at first:")).toBeVisible();
  await expect(page.getByText("The threshold of this series is 1 times the usual one.")).toBeVisible();
  await page.getByRole("button", { name: "Useful" }).click();
  await expect(page.getByRole("button", { name: "Useful" })).toHaveAttribute("aria-pressed", "true");
  await expect(page.getByText("Marked as useful.")).toBeVisible();

  await page.getByRole("link", { name: "Demo fleet" }).click();
  await orders.getByRole("button", { name: "Clear latency" }).click();
  await expect(orders.locator("[data-fault]")).toHaveCount(0);
  await page.getByRole("link", { name: "Overview" }).click();
  await expect(newest.locator(`[data-anomaly="${id}"]`)).toHaveAttribute("data-status", "resolved", { timeout: 120_000 });
  const ended = await stream.next("anomaly.resolved", (event) => event.anomaly?.id === id);
  expect(ended.anomaly?.status).toBe("resolved");
  expect(await page.evaluate(() => "isSamePage" in window), "the page was never loaded again").toBe(true);
});

/** How many times the signal has been computed: a series alarms after 30 samples. */
const USUAL = 'count_over_time(latency_p99{service="orders"}[5m])';

async function samplesOf(answer: { json(): Promise<unknown> }): Promise<number> {
  const body = (await answer.json()) as { data: { result: { value: [number, string] }[] } };
  return Number(body.data.result[0]?.value[1] ?? 0);
}
