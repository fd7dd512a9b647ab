import { existsSync, mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';

import chromium from '@sparticuz/chromium';
import { chromium as playwright, type Browser, type Locator, type Page } from 'playwright-core';

import { packageRoot } from '../../tools/package-root.js';

/** Of a screenshot in the docs. */
const MOST_BYTES = 150_000;
/** Pixels of a picture of an element, all and from top to bottom. */
const MOST_PIXELS = 600_000;
const TALLEST = 1_500;
const STEP_LIMIT_MS = 60_000;

export interface View {
  width: number;
  height: number;
  colorScheme: 'light' | 'dark';
}

export const DESK: View = { width: 1280, height: 900, colorScheme: 'light' };
/** A card is about as wide in it as a page of the docs. */
export const WIDE: View = { ...DESK, width: 1600 };
export const NIGHT: View = { ...WIDE, colorScheme: 'dark' };
export const PHONE: View = { width: 390, height: 844, colorScheme: 'light' };

/** A headless browser that ends with the test; or why there is none, as the reason to skip it. */
export async function openBrowser(t: TestContext): Promise<Browser | string> {
  const named = process.env['CHROMIUM_PATH'];
  try {
    const executablePath = named ?? (await chromium.executablePath());
    // A browser of a single process ends with its first page.
    const args = chromium.args.filter((its) => its !== '--single-process');
    const browser = await playwright.launch({ args, executablePath, headless: true });
    t.after(() => browser.close());
    return browser;
  } catch (error) {
    // Somebody who names one wants it used.
    if (named !== undefined) throw error;
    return `no browser runs here: ${(error as Error).message.split('\n')[0]}; set CHROMIUM_PATH`;
  }
}

export async function openPage(browser: Browser, url: string, view: View = DESK): Promise<Page> {
  const { width, height, colorScheme } = view;
  const page = await browser.newPage({ viewport: { width, height }, colorScheme });
  page.setDefaultTimeout(STEP_LIMIT_MS);
  await page.goto(url);
  return page;
}

/** Keeps a picture for the docs, if that is asked for: of the page as it is seen, or of all of an element. */
export async function picture(page: Page, name: string, of?: Locator): Promise<void> {
  if (process.env['UPDATE_SCREENSHOTS'] === undefined) return;
  const folder = join(packageRoot, 'docs', 'images');
  if (!existsSync(folder)) mkdirSync(folder);
  const path = join(folder, `${name}.png`);
  const clip = of && (await placeOf(page, of));
  await page.screenshot({ path, ...(clip && { clip }) });
  const { size } = statSync(path);
  if (size > MOST_BYTES) throw new Error(`${path}: found ${size} bytes, expected at most ${MOST_BYTES}`);
}

/** Where it is in a window that is high enough, or its beginning. */
async function placeOf(page: Page, element: Locator) {
  const { width } = page.viewportSize()!;
  await page.setViewportSize({ width, height: 3 * TALLEST });
  const place = (await element.boundingBox())!;
  return { ...place, height: Math.min(place.height, TALLEST, MOST_PIXELS / place.width) };
}
