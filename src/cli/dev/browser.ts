import { spawn } from 'node:child_process';
import { platform } from 'node:os';

/** Opens an address in whatever the system opens addresses with; says so where it has nothing. */
export function openInBrowser(address: string, warn: (line: string) => void): void {
  const [program, ...before] = openers[platform()] ?? ['xdg-open'];
  const child = spawn(program!, [...before, address], { stdio: 'ignore', detached: true });
  child.once('error', (error) => warn(`Warning: no browser opens ${address}: ${error.message}`));
  child.unref();
}

const openers: Partial<Record<NodeJS.Platform, string[]>> = {
  darwin: ['open'],
  win32: ['cmd', '/c', 'start', ''],
};
