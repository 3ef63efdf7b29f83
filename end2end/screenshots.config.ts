/** `npm run screenshots`: takes docs/images anew from a demo that has run for some minutes. No test; never part of `make test`. */
import { defineConfig } from "@playwright/test";
import base from "./playwright.config.ts";

export default defineConfig({ ...base, testDir: "screenshots", workers: 1, timeout: 1_200_000 });
