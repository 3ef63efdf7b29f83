/** By keyboard alone: everything is reached in a sensible order, one sees where one is, and the keys of `?` do what it says. */
import type { Page } from "@playwright/test";
import { expect, test } from "../fixtures/test.ts";

async function open(page: Page, path: string): Promise<void> {
  await page.goto(path);
  await expect(page.locator(".live")).toHaveText("Live");
}

interface Focus {
  what: string;
  isInView: boolean;
  isMarked: boolean;
}

/** Where the focus is, whether one can see that, and whether it is in sight at all. */
function focus(page: Page): Promise<Focus | undefined> {
  return page.evaluate(() => {
    const element = document.activeElement;
    if (!element || element === document.body) return undefined;
    const box = element.getBoundingClientRect();
    const isOutlined = (style: CSSStyleDeclaration) => style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
    return {
      what: `${element.localName} ${element.getAttribute("aria-label") ?? element.textContent?.trim().replace(/\s+/g, " ").slice(0, 40) ?? ""}`,
      isInView: box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
      isMarked: isOutlined(getComputedStyle(element)) || isOutlined(getComputedStyle(element, "::after")),
    };
  });
}

test("the skip link comes first and leads to the content", async ({ page }) => {
  await open(page, "/services");
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "Skip to content" })).toBeFocused();
  expect(await focus(page)).toMatchObject({ isInView: true });
  await page.keyboard.press("Enter");
  await expect(page.locator("main")).toBeFocused();
  await page.keyboard.press("Tab");
  await expect(page.getByRole("textbox", { name: "Name, team or label" })).toBeFocused();
});

for (const path of ["/", "/services/orders", "/settings/keys", "/demo"]) {
  test(`on ${path} every stop of the tab key is seen, header before navigation before content`, async ({ page }) => {
    await open(page, path);
    const stops: Focus[] = [];
    for (let i = 0; i < 150; i++) {
      await page.keyboard.press("Tab");
      const stop = await focus(page);
      if (!stop) break;
      stops.push(stop);
    }
    expect(stops.filter((stop) => !stop.isInView || !stop.isMarked)).toEqual([]);
    const order = ["a Skip to content", "a Bellwether", "summary Account and theme", "a Overview", "a API documentation"];
    const places = order.map((what) => stops.findIndex((stop) => stop.what === what));
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(places).not.toContain(-1);
    expect(stops.length, "content comes after the navigation").toBeGreaterThan((places.at(-1) ?? 0) + 1);
  });
}

test("Ctrl-K goes to a service by a few letters", async ({ page }) => {
  await open(page, "/");
  await page.keyboard.press("Control+k");
  const palette = page.getByRole("dialog", { name: "Go to" });
  const input = palette.getByRole("combobox");
  await expect(input).toBeFocused();
  await expect(palette.getByRole("option", { name: "orders Service" })).toBeVisible();
  await input.pressSequentially("s");
  await page.keyboard.press("ArrowDown");
  await expect(palette.getByRole("option").nth(1)).toHaveAttribute("aria-selected", "true");
  await input.fill("order");
  await expect(palette.getByRole("option")).toHaveCount(1);
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/services\/orders$/);
  await expect(palette).toBeHidden();
  await expect(page.locator("main"), "the focus is where the new content is").toBeFocused();

  await page.keyboard.press("Control+k");
  await input.fill("there is no such thing");
  await expect(palette).toContainText("Nothing has that name.");
  await page.keyboard.press("Escape");
  await expect(palette).toBeHidden();
});

test("? lists the keys, and not while one types", async ({ page }) => {
  await open(page, "/services");
  const keys = page.getByRole("dialog", { name: "Keys" });
  await page.keyboard.press("?");
  await expect(keys).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(keys).toBeHidden();
  const filter = page.getByRole("textbox", { name: "Name, team or label" });
  await filter.focus();
  await page.keyboard.type("?jk");
  await expect(filter).toHaveValue("?jk");
  await expect(keys).toBeHidden();
});

test("j and k walk through the rows, Enter opens one, g a goes to the anomalies", async ({ page }) => {
  await open(page, "/services?sort=name");
  const row = (name: string) => page.getByRole("link", { name, exact: true });
  await expect(row("users")).toBeVisible();
  const names = await page.locator("tr[data-service]").evaluateAll((rows) => rows.map((row) => row.getAttribute("data-service") ?? ""));
  await page.keyboard.press("j");
  await expect(row(names[0] ?? "")).toBeFocused();
  await page.keyboard.press("j");
  await expect(row(names[1] ?? "")).toBeFocused();
  expect(await focus(page)).toMatchObject({ isInView: true, isMarked: true });
  await page.keyboard.press("k");
  await expect(row(names[0] ?? "")).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(new RegExp(`/services/${names[0]}$`));
  await page.keyboard.press("g");
  await page.keyboard.press("a");
  await expect(page).toHaveURL(/\/anomalies$/);
});

test("on a narrow window the menu opens and folds", async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await open(page, "/");
  const menu = page.getByRole("button", { name: "Menu" });
  const services = page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Services" });
  await expect(services).toBeHidden();
  await menu.focus();
  await page.keyboard.press("Enter");
  await expect(services).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(services).toBeHidden();
  await menu.click();
  await services.click();
  await expect(page).toHaveURL(/\/services$/);
  await expect(services).toBeHidden();
});
