import { existsSync, mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';

import chromium from '@sparticuz/chromium';
import { chromium as playwright, type Browser, type Page } from 'playwright-core';

import { packageRoot } from '../../tools/package-root.js';

/** Of a screenshot in the docs. */
const MOST_BYTES = 150_000;
const STEP_LIMIT_MS = 30_000;

export interface View {
  width: number;
  height: number;
  colorScheme: 'light' | 'dark';
}

export const DESK: View = { width: 1280, height: 900, colorScheme: 'light' };
export const NIGHT: View = { ...DESK, colorScheme: 'dark' };
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

/** Keeps a picture for the docs, if that is asked for. */
export async function picture(page: Page, name: string): Promise<void> {
  if (process.env['UPDATE_SCREENSHOTS'] === undefined) return;
  const folder = join(packageRoot, 'docs', 'images');
  if (!existsSync(folder)) mkdirSync(folder);
  const path = join(folder, `${name}.png`);
  await page.screenshot({ path });
  const { size } = statSync(path);
  if (size > MOST_BYTES) throw new Error(`${path}: found ${size} bytes, expected at most ${MOST_BYTES}`);
}
