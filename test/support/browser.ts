import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { type Browser, chromium, type Locator, type Page } from 'playwright-core';
import { isInstalled } from './needs.ts';
import { until } from './until.ts';

export type { Browser, Page };

/** Debian's, which `.ci/run` installs. */
export const noChromium = !isInstalled('chromium') && 'Chromium is not installed (tools/chromium.sh)';

/** As root a browser cannot shut its pages in, and does not start unless it need not. `flags`: of its own. */
export const openBrowser = (flags: string[] = []): Promise<Browser> =>
  chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: [...flags, ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])],
  });

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface Finding {
  id: string;
  help: string;
  nodes: { html: string; failureSummary?: string }[];
}

/**
 * What axe finds against the rules of WCAG and good practice, each in a line. `only`: one rule, for what has been looked
 * through in other colours.
 */
export async function accessFindings(page: Page, only?: 'color-contrast'): Promise<string[]> {
  // By the debugger: the page's policy allows no script but its own.
  await page.evaluate(axe);
  const { violations } = (await page.evaluate(
    `axe.run(document, ${JSON.stringify(only ? { runOnly: [only] } : {})})`,
  )) as { violations: Finding[] };
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${help}: ${html} ${failureSummary ?? ''}`),
  );
}

/** What functions that run in the page use of it; the tests' configuration knows no browser's types. */
declare const document: { readonly activeElement: { readonly textContent: string } | null };
declare function getComputedStyle(node: unknown, pseudo?: string): Record<string, string>;

/** Waits until so many elements are there: lists of different kinds come one after the other. */
export const hasCount = (locator: Locator, count: number): Promise<void> =>
  until(`${count} of ${locator}`, async () => (await locator.count()) === count, 30_000);

/** Whether keys go there. */
export const isFocused = (locator: Locator): Promise<boolean> =>
  locator.evaluate((node: unknown) => node === document.activeElement);

/** What keys go to says. */
export const focusedText = (page: Page): Promise<string> =>
  page.evaluate(() => document.activeElement?.textContent ?? '');

export const styleOf = (locator: Locator, property: string, pseudo = ''): Promise<string> =>
  locator.evaluate(
    (node: unknown, [property, pseudo]) => getComputedStyle(node, pseudo)[property!]!,
    [property, pseudo],
  );

/** Pictures of tests, to be looked at: SHALLOP_PICTURES names a folder; without it there are none. */
export async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env.SHALLOP_PICTURES;
  if (folder) await page.screenshot({ path: join(folder, `${name}.png`) });
}
