import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Browser, Page } from './browser.ts';
import { ended, shallopCommand } from './plane.ts';

/** A `shallop console` that a browser has been let into. */
export interface OpenConsole {
  page: Page;
  /** The printed address, which has been used. */
  address: string;
  /** Texts of everything that the page was sent. */
  received: Promise<string>[];
  /** What the page complained of: errors, and what its policy forbade. */
  complaints: string[];
  /** Goes to a view: `in/default/events`. */
  go(view: string): Promise<void>;
  close(): Promise<void>;
}

type Scheme = { colorScheme?: 'light' | 'dark'; reducedMotion?: 'reduce' };

/** Starts the command and opens what it prints, in a browser profile of its own. */
export async function openConsole(
  browser: Browser,
  args: string[],
  scheme: Scheme = {},
): Promise<OpenConsole> {
  const child = spawn(process.execPath, [shallopCommand, 'console', '--no-open', ...args]);
  const address = await addressOf(child);
  const context = await browser.newContext({ viewport: { width: 1360, height: 820 }, ...scheme });
  const page = await context.newPage();
  const received: Promise<string>[] = [];
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    // What a server refuses, the browser calls an error of the page.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
      complaints.push(message.text());
  });
  // A stream that still goes has no text yet, and gets none when the page leaves it.
  page.on('response', (response) => received.push(response.text().catch(() => '')));
  await page.goto(address);
  await page.getByRole('heading', { level: 1 }).waitFor();
  const home = page.url().split(/[?#]/)[0]!;
  return {
    ...{ page, address, received, complaints },
    go: async (view) => {
      await page.goto(`${home}#/${view}`);
    },
    close: async () => {
      await context.close();
      await ended(child, 'SIGINT');
    },
  };
}

function addressOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    createInterface({ input: child.stdout! }).on('line', (line) => {
      if (line.startsWith('http://')) resolve(line);
    });
    child.stderr!.on('data', (chunk) => {
      said += chunk;
    });
    child.once('close', (code) => reject(new Error(`shallop console ended with ${code}: ${said}`)));
  });
}
