import { execFile, spawn } from 'node:child_process';
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

/**
 * Returns where nft is; undefined where the machine has none. Administrators' folders are looked at whatever PATH says.
 */
export async function findNft(path: string): Promise<string | undefined> {
  for (const folder of new Set([...path.split(':').filter(Boolean), '/usr/sbin', '/sbin'])) {
    const file = join(folder, 'nft');
    const isThere = await access(file, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (isThere) return file;
  }
  return undefined;
}

/** Returns the names of a table's sets in a network namespace; none where it has no such table. */
export async function setsOf(nft: string, joining: readonly string[], table: string): Promise<string[]> {
  const [command = '', ...args] = [...joining, nft, '-j', 'list', 'sets', 'table', ...table.split(' ')];
  try {
    const { stdout } = await promisify(execFile)(command, args);
    const { nftables } = JSON.parse(stdout) as { nftables: { set?: { name: string } }[] };
    return nftables.flatMap(({ set }) => (set ? [set.name] : []));
  } catch {
    return [];
  }
}

/**
 * Runs a program of nft behind the command line that joins a network namespace: all of it, or nothing. Rejects with what
 * nft complained of.
 */
export function runNft(
  nft: string,
  joining: readonly string[],
  program: string,
  options: readonly string[] = [],
): Promise<void> {
  return new Promise((resolve, reject) => {
    const [command = '', ...args] = [...joining, nft, ...options, '-f', '-'];
    const child = spawn(command, args, {
      stdio: ['pipe', 'ignore', 'pipe'],
    });
    let complaint = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      complaint += text;
    });
    child.on('error', (error) => reject(new Error(`nft: ${error.message}`)));
    child.stdin.on('error', () => {});
    child.on('close', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`nft: ${complaint.trim().split('\n')[0] || `exit code ${code}`}`));
    });
    child.stdin.end(program);
  });
}
