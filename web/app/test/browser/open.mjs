/** Opens the Chromium of this machine on the built UI: on the stand-in server, or on the one named by CANDOR_URL. */
import { chromium } from 'playwright-core';
import { createMock } from '../mock/server.mjs';

const FLAGS = ['--no-sandbox', '--disable-background-networking'];

/** `history` says how busy the stand-in's sites are; nothing arrives on a quiet one. */
export async function openBrowser(history) {
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: FLAGS });
  const mock = process.env.CANDOR_URL ? undefined : createMock(history);
  const url = process.env.CANDOR_URL ?? (await mock.listen(0));
  const site = process.env.CANDOR_SITE ?? 'northwind.example';
  return {
    browser,
    url,
    site,
    mock,
    close: async () => {
      await browser.close();
      await mock?.close();
    },
  };
}

/** A page that collects what the console complains of. */
export async function openPage(browser, { width = 1280, height = 900, scheme = 'light', ...options } = {}) {
  const context = await browser.newContext({ viewport: { width, height }, colorScheme: scheme, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  const complaints = [];
  page.on('console', (message) => ['error', 'warning'].includes(message.type()) && complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(String(error)));
  return { page, complaints };
}

/** Waits until the report is drawn, the map included. */
export async function awaitReport(page) {
  await page.waitForSelector('figure svg path');
  await page.waitForSelector('section[aria-label=Places] svg[viewBox="0 0 960 440"]');
  await page.waitForSelector('section[aria-label=Pages] tbody th button');
  await page.evaluate(() => document.fonts.ready.then(() => undefined));
}
