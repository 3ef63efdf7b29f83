/** The pictures of the documentation: every page in both themes, some of them narrow, and the story while it happens. */
import { mkdir } from "node:fs/promises";
import type { Browser, Page } from "@playwright/test";
import sharp from "sharp";
import type { Bellwether } from "../fixtures/bellwether.ts";
import { expect, STRANGER, test } from "../fixtures/test.ts";

const IMAGES = new URL("../../docs/images/", import.meta.url).pathname;
/** So long the demo runs before the fault: long enough for a course to be seen. */
const HISTORY_S = Number(process.env.SCREENSHOT_HISTORY_S ?? "420");

const THEMES = ["light", "dark"] as const;

const PAGES: Record<string, string> = {
  overview: "/?range=15m",
  services: "/services",
  service: "/services/orders?range=15m",
  anomalies: "/anomalies",
  demo: "/demo",
  targets: "/settings/targets",
  users: "/settings/users",
  keys: "/settings/keys",
  account: "/settings/account",
  system: "/system",
  "api-docs": "/api/docs",
};
const ALSO_NARROW = ["overview", "services", "service", "demo"];

/** Few colours are enough for a page: a third of the bytes, and no difference one sees. */
async function shoot(page: Page, name: string): Promise<void> {
  await page.mouse.move(0, 0);
  const png = await page.screenshot({ fullPage: true, animations: "disabled" });
  await sharp(png).png({ palette: true, quality: 90, effort: 10, compressionLevel: 9 }).toFile(`${IMAGES}${name}.png`);
}

async function arrive(page: Page, path: string): Promise<void> {
  await page.goto(path);
  if (path.startsWith("/api/")) return;
  await expect(page.locator(".live")).toHaveText("Live");
  for (const chart of await page.locator("figure.chart").all()) await expect(chart).toHaveClass(/is-upgraded/);
}

async function visit(browser: Browser, demo: Bellwether, cookies: typeof STRANGER, theme: "light" | "dark", width: number): Promise<Page> {
  const context = await browser.newContext({ baseURL: demo.url, storageState: cookies, colorScheme: theme, viewport: { width, height: 900 } });
  return context.newPage();
}

test("take", async ({ browser, demo, adminCookies, api }) => {
  await mkdir(IMAGES, { recursive: true });
  const cookies = adminCookies as unknown as typeof STRANGER;

  // A house that is lived in: teams, people, a key, a promise.
  const made = async (path: string, data: object) => {
    const answer = await api.post(path, { data });
    expect(answer.ok(), await answer.text()).toBe(true);
    return (await answer.json()) as { id: string };
  };
  const team = await made("/api/v1/teams", { name: "shop" });
  await made("/api/v1/users", { email: "noor@example.org", name: "Noor", role: "operator", password: "a sentence for the picture", team_id: team.id });
  await made("/api/v1/keys", { name: "ci", scopes: ["read"] });
  const services = (await (await api.get("/api/v1/services")).json()) as { items: { id: string; name: string }[] };
  const orders = services.items.find((service) => service.name === "orders");
  expect(orders).toBeDefined();
  const objectives = [{ metric: "latency_p99", comparison: "below", threshold: 500, target_percent: 99.9 }];
  expect((await api.put(`/api/v1/services/${orders?.id}`, { data: { team_id: team.id, objectives } })).ok()).toBe(true);

  await new Promise((resolve) => setTimeout(resolve, HISTORY_S * 1000));
  await made("/api/v1/demo/inject", { service: "orders", fault: "latency", intensity: 0.5, duration_secs: 600 });
  let anomaly = "";
  await expect(async () => {
    const list = (await (await api.get("/api/v1/anomalies", { params: { service: "orders" } })).json()) as { anomalies: { id: string; metric: string }[] };
    anomaly = list.anomalies.find((found) => found.metric === "latency_p99")?.id ?? "";
    expect(anomaly).not.toBe("");
  }).toPass({ timeout: 120_000 });
  // Until the fault fills the minute that latency is computed over.
  await new Promise((resolve) => setTimeout(resolve, 45_000));

  for (const theme of THEMES) {
    const page = await visit(browser, demo, cookies, theme, 1280);
    for (const [name, path] of Object.entries({ ...PAGES, anomaly: `/anomalies/${anomaly}` })) {
      await arrive(page, path);
      await shoot(page, `${name}-${theme}`);
    }
    await arrive(page, "/");
    await page.keyboard.press("Control+k");
    await expect(page.getByRole("option", { name: "orders Service" })).toBeVisible();
    await shoot(page, `palette-${theme}`);
    await page.context().close();

    const stranger = await visit(browser, demo, STRANGER, theme, 1280);
    await stranger.goto("/login");
    await shoot(stranger, `login-${theme}`);
    await stranger.context().close();
  }

  const narrow = await visit(browser, demo, cookies, "light", 360);
  for (const name of ALSO_NARROW) {
    await arrive(narrow, PAGES[name] ?? "/");
    await shoot(narrow, `${name}-narrow`);
  }
  await arrive(narrow, `/anomalies/${anomaly}`);
  await shoot(narrow, "anomaly-narrow");
});
