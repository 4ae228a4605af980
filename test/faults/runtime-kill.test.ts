import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect } from '@jest/globals';
import { seededIds } from '../../src/shared/clock/seededIds.ts';
import { root } from '../../tools/structure/sources.ts';
import { needs, notLinux } from '../support/needs.ts';
import { addPrograms, programs } from '../support/programs.ts';
import { until } from '../support/until.ts';

const rounds = Number(process.env.SHALLOP_KILLS ?? 200);
const seed = Number(process.env.SHALLOP_SEED ?? Date.now() % 1_000_000);
const folder = mkdtempSync(join(tmpdir(), 'shallop-kill-'));
const imageMap = join(folder, 'images.json');
const data = join(folder, 'data');

beforeAll(() => addPrograms(imageMap, folder, { ...programs, dyer: 'echo once; sleep 0.05; exit 1' }));
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));

const { test: onLinux } = needs(notLinux);

onLinux(
  `killed ${rounds} times while Pods come and go, no Pod is doubled, lost or leaked`,
  async () => {
    const { random } = seededIds(seed);
    let serial = 0;
    const uids = Array.from({ length: 6 }, (_, i) => `pod-${i}`);
    // A Pod that was given up never comes back: the next one in its place has a uid of its own.
    const pick = () =>
      uids.flatMap((uid, i) => {
        if (random() < 0.6) return [{ uid, image: 'server' }];
        uids[i] = `pod-${i}-${serial++}`;
        return [];
      });
    for (let round = 0; round < rounds; round++) {
      const wanted = pick();
      // A crashing one beside them, so that restarts are hit too.
      const keeper = startKeeper([...wanted, { uid: 'dyer', image: 'dyer' }]);
      await Promise.race([sleep(150 + random() * 350), once(keeper, 'exit')]);
      await kill(keeper);
      for (const uid of uids)
        expect({ seed, round, uid, running: mains(uid).length <= 1 }).toMatchObject({ running: true });
    }

    const wanted = [...pick(), { uid: 'steady', image: 'server' }];
    const keeper = startKeeper(wanted);
    await settled(keeper);
    const running = () => Object.fromEntries(uids.map((uid) => [uid, mains(uid).length]));
    const asWanted = Object.fromEntries(
      uids.map((uid) => [uid, wanted.some((pod) => pod.uid === uid) ? 1 : 0]),
    );
    expect({ seed, running: running() }).toEqual({ seed, running: asWanted });
    await kill(keeper);

    // A Pod that ran all the time is the same process afterwards.
    const before = mains('steady');
    expect(before).toHaveLength(1);
    const next = startKeeper(wanted);
    await settled(next);
    expect(mains('steady')).toEqual(before);
    await kill(next);

    const last = startKeeper([]);
    await settled(last);
    await kill(last);
    await until('no process is left', () => ours().length === 0);
    for (const left of ['pods', 'containers']) {
      const path = join(data, left);
      expect(existsSync(path) ? readdirSync(path) : []).toEqual([]);
    }
  },
  300_000 + rounds * 4000,
);

function startKeeper(wanted: { uid: string; image: string }[]): ChildProcess {
  return spawn(
    process.execPath,
    [
      '--disable-warning=ExperimentalWarning',
      join(root, 'test/support/podKeeper.ts'),
      data,
      imageMap,
      JSON.stringify(wanted),
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
}

async function settled(keeper: ChildProcess): Promise<void> {
  let said = '';
  const late = setTimeout(() => keeper.kill('SIGUSR2'), 90_000);
  for await (const chunk of keeper.stdout!) {
    said += chunk;
    if (said.includes('settled')) return clearTimeout(late);
  }
  throw new Error(`not settled in 90 s, seed ${seed}: ${said}`);
}

async function kill(keeper: ChildProcess): Promise<void> {
  if (keeper.exitCode === null && keeper.signalCode === null) {
    const gone = once(keeper, 'exit');
    keeper.kill('SIGKILL');
    await gone;
  }
}

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Living processes that carry the mark of a run of this test. */
function ours(): { pid: number; parent: number; run: string; command: string }[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .flatMap((pid) => {
      try {
        const run = /SHALLOP_RUN=([^\0]*)/.exec(`${readFileSync(`/proc/${pid}/environ`)}`)?.[1];
        if (!run?.startsWith(data)) return [];
        const parent = Number(/\) \w (\d+)/.exec(`${readFileSync(`/proc/${pid}/stat`)}`)?.[1]);
        return [{ pid: Number(pid), parent, run, command: `${readFileSync(`/proc/${pid}/cmdline`)}` }];
      } catch {
        return [];
      }
    });
}

/** The main processes of a Pod: the program itself, neither its wrapper nor what it started. */
function mains(uid: string) {
  const shells = ours().filter(
    ({ run, command }) =>
      run.startsWith(`${data}/containers/${uid}/`) && /^sh\0-c\0(trap|echo)/.test(command),
  );
  // What a shell starts looks like the shell until it is the other program.
  return shells.filter(({ parent }) => !shells.some(({ pid }) => pid === parent));
}
