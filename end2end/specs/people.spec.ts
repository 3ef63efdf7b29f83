/** Who may do what, and how log-ins begin and end. Hiding is courtesy: that the server refuses too is tested beside it. */
import type { APIRequestContext, Browser, BrowserContext } from "@playwright/test";
import type { Person } from "../fixtures/bellwether.ts";
import type { Complaints } from "../fixtures/complaints.ts";
import { expect, logIn, STRANGER, test } from "../fixtures/test.ts";

async function add(api: APIRequestContext, role: "viewer" | "operator" | "admin", name: string): Promise<Person> {
  const person = { email: `${name}@example.org`, password: `the sentence of ${name}` };
  const made = await api.post("/api/v1/users", { data: { ...person, name, role } });
  expect(made.status(), await made.text()).toBe(201);
  return person;
}

async function enter(browser: Browser, baseURL: string | undefined, person: Person, complaints: Complaints): Promise<BrowserContext> {
  const context = await browser.newContext({ baseURL, storageState: STRANGER });
  complaints.watch(context);
  await logIn(context.request, person);
  return context;
}

/** Forms that change something of others; everybody may log out, choose a theme and govern their own log-ins. */
const WRITES = 'main form[method="post"]';

test("a viewer reads everything and is offered nothing to change", async ({ browser, baseURL, api, anomaly, complaints }) => {
  const context = await enter(browser, baseURL, await add(api, "viewer", "vera"), complaints);
  const page = await context.newPage();
  await page.goto("/");
  const main = page.getByRole("navigation", { name: "Main" });
  const gateway = ["Traffic", "Requests", "Breakers", "Chaos", "Costs and budgets", "Automation", "Providers and routes"];
  await expect(main.getByRole("link")).toHaveText(["Overview", "Services", "Anomalies", ...gateway, "Demo fleet", "Account", "API documentation"]);
  const places = ["/", "/services", "/services/orders", "/anomalies", `/anomalies/${anomaly}`, "/demo", "/settings/targets"];
  const ofGateway = ["", "/requests", "/breakers", "/chaos", "/costs", "/automation", "/providers"].map((path) => `/gateway${path}`);
  for (const path of [...places, ...ofGateway]) {
    await page.goto(path);
    await expect(page.locator(".live")).toHaveText("Live");
    await expect(page.locator(WRITES).filter({ visible: true }), path).toHaveCount(0);
  }
  complaints.allow(/status of 403/);
  for (const path of ["/settings/users", "/settings/keys", "/system"]) {
    const answer = await page.goto(path);
    expect(answer?.status(), path).toBe(403);
    await expect(page.getByRole("heading", { name: "Your role does not allow this" }).first()).toBeVisible();
    await expect(page.locator(WRITES)).toHaveCount(0);
  }
  await context.close();
});

test("an operator acts and does not govern", async ({ browser, baseURL, api, anomaly, complaints }) => {
  const context = await enter(browser, baseURL, await add(api, "operator", "otto"), complaints);
  const page = await context.newPage();
  await page.goto("/demo");
  await expect(page.getByRole("button", { name: "Inject into orders" })).toBeVisible();
  await expect(page.getByRole("link", { name: "Users and teams" })).toHaveCount(0);
  await page.goto(`/anomalies/${anomaly}`);
  await expect(page.getByRole("button", { name: "Useful" })).toBeVisible();
  await page.goto("/services/orders");
  await expect(page.getByRole("button", { name: "Save entry" })).toBeVisible();
  await context.close();
});

test("logging out everywhere ends the log-ins elsewhere", async ({ browser, baseURL, api, complaints }) => {
  const person = await add(api, "viewer", "everywhere");
  const here = await enter(browser, baseURL, person, complaints);
  const there = await enter(browser, baseURL, person, complaints);
  // The page elsewhere goes on refreshing until somebody looks at it.
  complaints.allow(/\/rpc\/overview: .* status of 401/);
  const elsewhere = await there.newPage();
  await elsewhere.goto("/");
  await expect(elsewhere.getByRole("heading", { level: 1 })).toHaveText("Overview");

  const page = await here.newPage();
  await page.goto("/settings/account");
  await expect(page.locator(".live")).toHaveText("Live");
  const sheet = page.getByRole("region", { name: "Log-ins" });
  await sheet.locator("summary").click();
  await expect(sheet).toContainText("Ends every log-in of yours, on every device, this one too.");
  await sheet.getByRole("button", { name: "Log out everywhere" }).click();
  await expect(page).toHaveURL(/\/login$/);
  await elsewhere.goto("/services");
  await expect(elsewhere).toHaveURL(/\/login\?next=/);
  await here.close();
  await there.close();
});

test("a password is changed, and the old one no longer opens", async ({ browser, baseURL, api, complaints }) => {
  const person = await add(api, "viewer", "paul");
  const context = await enter(browser, baseURL, person, complaints);
  const page = await context.newPage();
  complaints.allow(/status of 4(01|22)/);
  await page.goto("/settings/account");
  await expect(page.locator(".live")).toHaveText("Live");
  await page.getByLabel("Current password").fill("a wrong guess of it");
  await page.getByLabel("New password").fill("quite another sentence");
  await page.getByRole("button", { name: "Change password" }).click();
  await expect(page.getByLabel("Current password")).toHaveAccessibleDescription(/not/);
  await page.getByLabel("Current password").fill(person.password);
  await page.getByRole("button", { name: "Change password" }).click();
  await expect(page.getByText("Changed. Your other log-ins have ended.")).toBeVisible();
  await page.goto("/services");
  await expect(page.getByRole("heading", { level: 1 }), "this log-in goes on").toHaveText("Services");
  const old = await page.request.post("/api/v1/auth/login", { data: { ...person } });
  expect(old.status()).toBe(401);
  await context.close();
});

test.describe("a stranger", () => {
  test.use({ storageState: STRANGER });

  test("is told that the password is wrong, and keeps what was typed", async ({ page, demo, complaints }) => {
    complaints.allow(/status of 401/);
    await page.goto("/login");
    await page.evaluate(() => Object.assign(window, { isSamePage: true }));
    await page.getByLabel("E-mail").fill(demo.admin.email);
    await page.getByLabel("Password").fill("not the password at all");
    await page.getByRole("button", { name: "Log in" }).click();
    await expect(page.getByRole("alert")).toContainText("the e-mail or the password is wrong");
    await expect(page.getByLabel("E-mail")).toHaveValue(demo.admin.email);
    expect(await page.evaluate(() => "isSamePage" in window)).toBe(true);
  });
});
