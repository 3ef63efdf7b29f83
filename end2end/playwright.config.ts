/** Browser tests on the binary in BELLWETHER_BIN, in the Chromium of BELLWETHER_CHROMIUM; nothing is downloaded. */
import { defineConfig } from "@playwright/test";
import { launchOptions } from "./fixtures/chromium.ts";

export default defineConfig({
  testDir: "specs",
  // Each worker starts its own server; two cores carry two of them. The story sorts first: one worker waits there, one works.
  workers: 2,
  fullyParallel: true,
  forbidOnly: process.env.CI === "true",
  retries: 0,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  reporter: [["list"]],
  use: {
    launchOptions,
    viewport: { width: 1280, height: 900 },
    actionTimeout: 15_000,
    navigationTimeout: 20_000,
    trace: "retain-on-failure",
  },
});
