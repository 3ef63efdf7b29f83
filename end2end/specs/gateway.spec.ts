/** The gateway from the browser: ask a model, break a provider on purpose, say who may spend what. */
import { expect, test } from "../fixtures/test.ts";

test("the playground streams an answer and leads to its record", async ({ page }) => {
  await page.goto("/gateway/playground");
  await expect(page.locator(".live")).toHaveText("Live");
  await page.getByLabel("Prompt").fill("How many sheep?");
  await page.getByRole("button", { name: "Ask" }).click();
  const answer = page.getByRole("region", { name: "Answer" });
  await expect(answer).toContainText("This is a simulated answer. You asked: How many sheep?");
  await expect(answer).toContainText("simulation/simulated-chat");
  await answer.getByRole("link", { name: /of this call/ }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("playground · simulated");
  await expect(page.getByText("succeeded").first()).toBeVisible();
});

test("an experiment is started, seen by callers and stopped", async ({ page, api }) => {
  await page.goto("/gateway/chaos");
  const form = page.getByRole("region", { name: "Start an experiment" });
  await form.getByLabel("Fault").selectOption("unavailability");
  await form.getByLabel("Seconds", { exact: true }).fill("0");
  await form.getByRole("button", { name: "Start experiment" }).click();
  await expect(form.getByLabel("Seconds", { exact: true })).toHaveAccessibleDescription(/1 to 86400/);
  await expect(form.getByLabel("Fault"), "what was chosen stays").toHaveValue("unavailability");
  await form.getByLabel("Seconds", { exact: true }).fill("60");
  await form.getByRole("button", { name: "Start experiment" }).click();
  const row = page.locator('tr[data-running="true"]');
  await expect(row).toContainText("unavailability");

  const call = await api.post("/api/v1/ai", { data: { service: "simulated", prompt: "Are you there?" } });
  expect(call.status()).toBeGreaterThanOrEqual(500);
  await row.getByRole("button", { name: "Stop" }).click();
  await expect(page.locator('tr[data-running="false"]').first()).toContainText("stopped");
  await expect(row).toHaveCount(0);
});

test("a budget, a price and a route are made and removed", async ({ page }) => {
  await page.goto("/gateway/costs");
  const budget = page.getByRole("region", { name: "Add a budget" });
  await budget.getByLabel("Name").fill("trial");
  await budget.getByLabel("Dollars").fill("much");
  await budget.getByRole("button", { name: "Add budget" }).click();
  await expect(budget.getByLabel("Dollars")).toHaveAccessibleDescription(/amount in dollars/);
  await budget.getByLabel("Dollars").fill("2.50");
  await budget.getByRole("button", { name: "Add budget" }).click();
  const row = page.locator('tr[data-budget="trial"]');
  await expect(row).toContainText("$2.50 a day");
  await row.locator("summary").click();
  await row.getByRole("button", { name: "Remove budget trial" }).click();
  await expect(row).toHaveCount(0);

  const price = page.getByRole("region", { name: "Enter a price" });
  await price.getByLabel("Provider").fill("openai");
  await price.getByLabel("Model", { exact: true }).fill("our-own");
  await price.getByLabel("Dollars for a million tokens in").fill("1");
  await price.getByLabel("Dollars for a million tokens out").fill("2");
  await price.getByRole("button", { name: "Enter price" }).click();
  await page.getByLabel("A part of the model's name").fill("our-own");
  await page.getByRole("button", { name: "Find prices" }).click();
  await page.getByRole("button", { name: "Remove openai/our-own" }).click();
  await expect(page.locator('tr[data-price="openai/our-own"]')).toHaveCount(0);

  await page.goto("/gateway/providers");
  const route = page.getByRole("region", { name: "Add a route" });
  await route.getByLabel("Name").fill("trial");
  await route.getByLabel("Targets").fill("nobody/none");
  await route.getByRole("button", { name: "Add route" }).click();
  await expect(route.getByRole("alert")).toContainText("nobody");
  await route.getByLabel("Targets").fill("simulation/simulated-instant");
  await route.getByRole("button", { name: "Add route" }).click();
  const made = page.locator('tr[data-route="trial"]');
  await expect(made).toContainText("simulation/simulated-instant");
  await made.locator("summary", { hasText: "Remove" }).click();
  await made.getByRole("button", { name: "Remove trial" }).click();
  await expect(made).toHaveCount(0);
});
