import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { expect } from '@jest/globals';
import type { Owner } from '../../examples/demo/server.ts';
import { execute, type Said } from './plane.ts';
import { until } from './until.ts';

const nobody = 65_534;
/** Given to a command, such as one that compiles, on a machine that is busy. */
const longestMs = 540_000;
/** Whether a user can start a program: not one that is in root's home. */
const startedBy = (program: string, user: Owner | undefined): boolean =>
  spawnSync(program, ['--version'], { stdio: 'ignore', cwd: '/', ...user }).status === 0;

/**
 * Whoever has no rights but an own home: nobody, where that can be chosen and the checkout is open to others, else who runs
 * the tests.
 */
export const ordinaryUser: { uid: number; gid: number } | undefined = [{ uid: nobody, gid: nobody }].find(
  (user) => process.getuid?.() === 0 && startedBy(process.execPath, user),
);

/** Gives a file or folder to the ordinary user. */
export const giveAway = (path: string): void => {
  if (ordinaryUser) chownSync(path, ordinaryUser.uid, ordinaryUser.gid);
};

/** The same with everything below it. */
export function giveAwayAll(path: string): void {
  giveAway(path);
  if (!statSync(path).isDirectory()) return;
  for (const name of readdirSync(path, { recursive: true, encoding: 'utf8' })) giveAway(join(path, name));
}

/** Whether the ordinary user can start a program. */
export const canStart = (program: string): boolean => startedBy(program, ordinaryUser);

/** A command that runs on. */
export interface Running {
  /** Everything that it has printed. */
  said(): string;
  /** Waits for lines that fit, in any order; in vain, it says what there was instead. */
  tells(...patterns: RegExp[]): Promise<void>;
  /** Ctrl-C. Answers the exit code. */
  interrupt(): Promise<number | null>;
  /** Resolves with the exit code once it has ended. */
  ended: Promise<number | null>;
  hasEnded(): boolean;
}

/** A folder with nothing in it but the packed package as npm installs it, and an ordinary user in it. */
export interface World {
  folder: string;
  env: NodeJS.ProcessEnv;
  /** Addresses that somebody's browser was asked to open. */
  opened(): string;
  write(name: string, text: string): void;
  /** Runs a line in a shell of its own, to its end. Rejects unless that is 0. */
  run(line: string, where?: string): Promise<string>;
  /** The same, whatever its exit code. */
  tries(line: string, where?: string): Promise<Said>;
  begin(line: string, where?: string): Running;
  close(): Promise<void>;
}

export interface WorldOptions {
  /** Where npm has installed the package. */
  home: string;
  /** The Node of whoever is in it. */
  node: string;
  /** Programs of that user besides. */
  programs?: string[];
  /** Whoever runs the tests is in it, where one of these programs is theirs alone. */
  isOurs?: boolean;
}

export function openWorld({ home, node, programs = [], isOurs = false }: WorldOptions): World {
  const user = isOurs ? undefined : ordinaryUser;
  const folder = mkdtempSync(join(tmpdir(), 'shallop-world-'));
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  symlinkSync(join(home, 'node_modules'), join(folder, 'node_modules'));
  const own = [dirname(node), join(folder, 'node_modules', '.bin'), ...programs.map((each) => dirname(each))];
  const env: NodeJS.ProcessEnv = {
    HOME: folder,
    TMPDIR: join(folder, 'tmp'),
    PATH: [bin, ...own, process.env.PATH].join(delimiter),
    LANG: process.env.LANG,
    SHALLOP_TEST_RUN: process.env.SHALLOP_TEST_RUN,
    npm_config_update_notifier: 'false',
  };
  mkdirSync(env.TMPDIR!);
  const record = join(folder, 'opened');
  writeFileSync(record, '');
  writeFileSync(join(bin, 'xdg-open'), `#!/bin/sh\necho "$1" >> '${record}'\n`);
  chmodSync(join(bin, 'xdg-open'), 0o755);
  if (user) for (const path of [folder, env.TMPDIR!, record, bin]) giveAway(path);
  const running: Running[] = [];

  const words = (line: string, where: string) => ['-c', `cd "$1" && ${line}`, 'bash', where];
  const tries = (line: string, where = folder) =>
    execute('bash', words(line, where), env, undefined, user, longestMs);
  return {
    folder,
    env,
    opened: () => readFileSync(record, 'utf8'),
    write(name, text) {
      const path = join(folder, name);
      const made = mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text);
      if (user) giveAwayAll(made ?? path);
    },
    tries,
    async run(line, where) {
      const { code, stdout, stderr } = await tries(line, where);
      if (code) throw new Error(`${line}: exit code ${code}: ${stdout}${stderr}`);
      return `${stdout}${stderr}`;
    },
    begin(line, where = folder) {
      const run = beginIn(words(line, where), { env, ...user });
      running.push(run);
      return run;
    },
    async close() {
      for (const run of running) await run.interrupt();
      await tries('shallop reset --yes');
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** In a process group of its own, as a terminal's command is, which gets Ctrl-C as a whole. */
function beginIn(words: string[], owner: Owner): Running {
  const child = spawn('bash', words, { detached: true, stdio: ['ignore', 'pipe', 'pipe'], ...owner });
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (part: string) => {
      text += part;
    });
  const ended = once(child, 'exit').then(([code]) => code as number | null);
  const hasEnded = () => child.exitCode !== null || child.signalCode !== null;
  const run: Running = {
    said: () => text,
    ended,
    hasEnded,
    async tells(...patterns) {
      const missing = () => patterns.filter((pattern) => !pattern.test(text));
      await until('it tells', () => !missing().length || hasEnded()).catch(() => {});
      expect({ missing: missing().map(String), said: text }).toEqual({ missing: [], said: text });
    },
    async interrupt() {
      try {
        process.kill(-child.pid!, 'SIGINT');
      } catch {}
      return ended;
    },
  };
  return run;
}
