/** Everything without JavaScript: pages read, forms work, and a refusal stands beside the field it is about. */
import { address, expect, logIn, STRANGER, test } from "../fixtures/test.ts";
import { INSIDE } from "../fixtures/places.ts";

test.use({ javaScriptEnabled: false });

// The browser says that it does not run what the page offers.
test.beforeEach(({ complaints }) => {
  complaints.allow(/^request failed: GET \S+\/pkg\/(bellwether|page)\.\w+\.js: csp$/);
  complaints.allow(/was preloaded using link preload but not used/);
});

test("every page reads", async ({ page, anomaly, call }) => {
  for (const place of INSIDE) {
    await page.goto(address(place, { anomaly, call }));
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(place.heading);
    await expect(page.locator("main").locator("section, article, table").first()).toBeVisible();
    await expect(page.getByText("Loading")).toHaveCount(0);
    await expect(page.locator(".live")).toHaveText("As loaded");
  }
  await page.goto("/services/orders");
  await expect(page.locator('figure[data-metric="latency_p99"] .chart-static > svg')).toBeVisible();
});

test.describe("as a stranger", () => {
  test.use({ storageState: STRANGER });

  test("logging in goes on to where one wanted to go, out again, and not in with a wrong password", async ({ page, demo }) => {
    await page.goto("/services?q=ord");
    await expect(page).toHaveURL(/\/login\?next=/);
    await page.getByLabel("E-mail").fill(demo.admin.email);
    await page.getByLabel("Password").fill("not the password at all");
    await page.getByRole("button", { name: "Log in" }).click();
    await expect(page.getByRole("alert")).toContainText("the e-mail or the password is wrong");

    await page.getByLabel("E-mail").fill(demo.admin.email);
    await page.getByLabel("Password").fill(demo.admin.password);
    await page.getByRole("button", { name: "Log in" }).click();
    await expect(page).toHaveURL(/\/services\?q=ord$/);
    await expect(page.locator("tr[data-service]")).toHaveCount(1);

    await page.locator("summary", { hasText: "Account and theme" }).click();
    await page.getByRole("button", { name: "Log out" }).click();
    await expect(page).toHaveURL(/\/login$/);
  });
});

test("a target is added, changed and removed", async ({ page }) => {
  await page.goto("/settings/targets");
  const form = page.getByRole("region", { name: "Add a target" });
  await form.getByLabel("Service").fill("plain");
  await form.getByLabel("Address").fill("ftp://127.0.0.1/metrics");
  await form.getByRole("button", { name: "Add target" }).click();
  await expect(form.getByRole("alert")).toContainText("Not accepted: url");
  await expect(form.getByLabel("Address")).toHaveAccessibleDescription(/http/);
  await expect(form.getByLabel("Address")).toHaveAttribute("aria-invalid", "true");

  await form.getByLabel("Service").fill("plain");
  await form.getByLabel("Address").fill("http://127.0.0.1:9/metrics");
  await form.getByLabel("Interval in milliseconds").fill("60000");
  await form.getByRole("button", { name: "Add target" }).click();
  const row = page.locator('tr[data-target="plain"]');
  await expect(row).toContainText("1 min");

  await row.locator("summary", { hasText: "Edit" }).click();
  await row.getByLabel("Interval in milliseconds").fill("30000");
  await row.getByRole("button", { name: "Save plain" }).click();
  await expect(row).toContainText("30 s");

  await row.locator("summary", { hasText: "Remove" }).click();
  await expect(row).toContainText("Stops scraping plain from this address");
  await row.getByRole("button", { name: "Remove target plain" }).click();
  await expect(row).toHaveCount(0);
});

test("a key is shown once, and made only with a scope", async ({ page, request }) => {
  await page.goto("/settings/keys");
  const form = page.getByRole("region", { name: "Make a key" });
  await form.getByLabel("Name").fill("plain");
  await form.getByLabel("Requests a minute").fill("0");
  await form.getByLabel("read: see everything").check();
  await form.getByRole("button", { name: "Make key" }).click();
  await expect(form.getByLabel("Requests a minute")).toHaveAccessibleDescription(/must be/);

  await form.getByLabel("Name").fill("plain");
  await form.getByLabel("Requests a minute").fill("600");
  await form.getByLabel("read: see everything").check();
  await form.getByRole("button", { name: "Make key" }).click();
  const made = page.getByRole("status", { name: "The new key" });
  const key = (await made.locator("code").innerText()).trim();
  const answer = await request.get("/api/v1/health", { headers: { "X-API-Key": key } });
  expect(answer.status()).toBe(200);
  await page.reload();
  await expect(made).toHaveCount(0);
  await expect(page.locator('tr[data-key="plain"]')).toContainText(key.slice(0, 7));

  const row = page.locator('tr[data-key="plain"]');
  await row.locator("summary", { hasText: "Revoke" }).click();
  await row.getByRole("button", { name: "Revoke plain" }).click();
  await expect(row).toContainText("revoked");
  expect((await request.get("/api/v1/health", { headers: { "X-API-Key": key } })).status()).toBe(401);
});

test("a person is added with a one-time link, sets a password and comes in", async ({ page, browser, baseURL }) => {
  await page.goto("/settings/users");
  const form = page.getByRole("region", { name: "Add a person" });
  await form.getByLabel("E-mail").fill("admin@demo.local");
  await form.getByRole("button", { name: "Add person" }).click();
  await expect(form.getByRole("alert")).toContainText("there is a user with this e-mail already");

  await form.getByLabel("E-mail").fill("plain@example.org");
  await form.getByLabel("Role").selectOption("operator");
  await form.getByRole("button", { name: "Add person" }).click();
  const made = page.getByRole("status", { name: "The one-time link" });
  const link = (await made.locator("code").innerText()).trim();
  expect(link).toContain(`${baseURL}/reset-password?token=`);
  await page.reload();
  await expect(made).toHaveCount(0);

  const theirs = await browser.newContext({ baseURL, storageState: STRANGER, javaScriptEnabled: false });
  const other = await theirs.newPage();
  await other.goto(link);
  await other.getByLabel("New password").fill("short");
  await other.getByRole("button", { name: "Set password" }).click();
  await expect(other.getByLabel("New password")).toHaveAccessibleDescription(/12/);
  await other.getByLabel("New password").fill("a sentence is easier to keep");
  await other.getByRole("button", { name: "Set password" }).click();
  await expect(other.getByText("Your new password is set.")).toBeVisible();
  await logIn(other.request, { email: "plain@example.org", password: "a sentence is easier to keep" });
  await other.goto("/");
  await expect(other.getByRole("heading", { level: 1 })).toHaveText("Overview");
  // It works once.
  await other.goto(link);
  await other.getByLabel("New password").fill("another sentence to keep");
  await other.getByRole("button", { name: "Set password" }).click();
  await expect(other.getByRole("alert")).toContainText("link");
  await theirs.close();

  const row = page.locator('tr[data-user="plain@example.org"]');
  await row.locator("summary", { hasText: "Remove" }).click();
  await row.getByRole("button", { name: "Remove plain@example.org" }).click();
  await expect(row).toHaveCount(0);
});

test("a service is described and promised something", async ({ page }) => {
  await page.goto("/services/users");
  const entry = page.getByRole("region", { name: "Catalogue entry" });
  await entry.getByLabel("Labels").fill("no equals sign");
  await entry.getByRole("button", { name: "Save entry" }).click();
  await expect(entry.getByLabel("Labels")).toHaveAccessibleDescription(/=/);
  await entry.getByLabel("Description").fill("Who is who");
  await entry.getByLabel("Labels").fill("tier=1");
  await entry.getByRole("button", { name: "Save entry" }).click();
  await expect(page.getByTestId("health")).toContainText("Who is who");
  await expect(page.getByTestId("health")).toContainText("tier=1");

  const objectives = page.getByRole("region", { name: "Objectives" });
  await objectives.getByLabel("Metric").first().fill("latency_p99");
  await objectives.getByLabel("Threshold").first().fill("250");
  await objectives.getByLabel("Percent of the time").first().fill("101");
  await objectives.getByRole("button", { name: "Save objectives" }).click();
  await expect(objectives.getByLabel("Percent of the time").first()).toHaveAccessibleDescription(/100/);
  await objectives.getByLabel("Metric").first().fill("latency_p99");
  await objectives.getByLabel("Threshold").first().fill("250");
  await objectives.getByLabel("Percent of the time").first().fill("99.9");
  await objectives.getByRole("button", { name: "Save objectives" }).click();
  await expect(page.locator('figure[data-metric="latency_p99"] .legend')).toContainText("objective");
});

test("feedback is given, lists are filtered, the theme is kept", async ({ page, anomaly }) => {
  await page.goto(`/anomalies/${anomaly}`);
  await page.getByRole("button", { name: "Noise" }).click();
  await expect(page.getByText("Marked as noise.")).toBeVisible();

  await page.goto("/anomalies");
  await page.getByLabel("Service", { exact: true }).fill("nobody");
  await page.getByRole("button", { name: "Filter" }).click();
  await expect(page.getByText("No anomaly fits these filters")).toBeVisible();
  await page.getByRole("link", { name: "Clear the filters" }).click();
  await expect(page.locator(`tr[data-anomaly="${anomaly}"]`)).toBeVisible();

  await page.locator("summary", { hasText: "Account and theme" }).click();
  await page.getByRole("button", { name: "Dark" }).click();
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
});

test("a fault is injected and cleared", async ({ page }) => {
  await page.goto("/demo");
  const payments = page.locator('[data-demo="payments"]');
  await payments.getByLabel("Fault").selectOption("errors");
  await payments.getByLabel("Intensity").fill("7");
  await payments.getByRole("button", { name: "Inject into payments" }).click();
  await expect(payments.getByLabel("Intensity")).toHaveAccessibleDescription(/between 0.01 and 1/);
  await payments.getByLabel("Fault").selectOption("errors");
  await payments.getByLabel("Intensity").fill("0.1");
  await payments.getByRole("button", { name: "Inject into payments" }).click();
  await expect(payments.locator('[data-fault="errors"]')).toContainText("errors at 10 %");
  await payments.getByRole("button", { name: "Clear errors" }).click();
  await expect(payments.locator("[data-fault]")).toHaveCount(0);
});
