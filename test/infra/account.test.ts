import { expect, test } from '@jest/globals';
import { type Check, checkAccount, linesOf, mayDeploy } from '../../tools/account/check.ts';
import { checks } from '../../tools/account/checks/index.ts';
import { type Experiment, tryAll } from '../../tools/account/experiment.ts';
import { experiments } from '../../tools/account/experiments/index.ts';
import type { Place } from '../../tools/account/place.ts';
import { mostDollars, type ProveOptions, prove } from '../../tools/account/prove.ts';
import { reportOf, troubles } from '../../tools/account/report.ts';
import { run, type Site } from '../../tools/account/site.ts';

const asked = { deployment: 'dev', images: [], architecture: 'amd64' as const };
const check = (name: string, look: Check['look']): Check => ({ name, look });

test('what the account does not tell is unknown, and stops nothing', async () => {
  const found = await checkAccount(
    [
      check('fine', async () => ({ verdict: 'good', says: 'all of it' })),
      check('silent', () => Promise.reject(new Error('AccessDenied'))),
    ],
    asked,
  );
  expect(found).toEqual([
    { name: 'fine', verdict: 'good', says: 'all of it' },
    { name: 'silent', verdict: 'unknown', says: 'not told: AccessDenied' },
  ]);
  expect(mayDeploy(found)).toBe(true);
});

test('the worst is told last, with what to do about it', async () => {
  const found = await checkAccount(
    [
      check('networks', async () => ({ verdict: 'stops', says: '5 of 5', remedy: 'ask for more' })),
      check('quota', async () => ({ verdict: 'warns', says: 'few' })),
    ],
    asked,
  );
  expect(linesOf(found)).toEqual([
    'warns   quota     few',
    'stops   networks  5 of 5',
    '                  → ask for more',
  ]);
  expect(mayDeploy(found)).toBe(false);
});

test('each check and each experiment has a name of its own', () => {
  for (const names of [checks, experiments].map((all) => all.map(({ name }) => name)))
    expect(new Set(names).size).toBe(names.length);
});

const holds: Experiment = {
  name: 'a',
  question: 'A?',
  run: async () => ({ judgement: 'holds', says: 'yes' }),
};
const fails: Experiment = { name: 'b', question: 'B?', run: () => Promise.reject(new Error('no kubectl')) };
const judged: Experiment = { ...holds, name: 'c', question: 'C?', emulatorLacks: 'runs no containers' };
const endless: Experiment = { name: 'd', question: 'D?', run: () => new Promise(() => {}) };

const tried = (all: Experiment[], site: Partial<Site>) =>
  tryAll(all, {
    site: { emulated: false, over: new AbortController().signal, ...site } as Site,
    now: () => 0,
    tell: () => {},
  });

test('an emulator does not judge what it lacks, an account does', async () => {
  const judgements = async (emulated: boolean) =>
    (await tried([holds, fails, judged], { emulated })).map(({ judgement, says }) => [judgement, says]);
  expect(await judgements(true)).toEqual([
    ['holds', 'yes'],
    ['failed', 'no kubectl'],
    ['not judged', 'the emulator runs no containers'],
  ]);
  expect((await judgements(false))[2]).toEqual(['holds', 'yes']);
});

test('when the time is over, what runs is left and what follows is not begun', async () => {
  const over = new AbortController();
  const trying = tried([holds, endless, holds], { over: over.signal });
  setImmediate(() => over.abort());
  expect((await trying).map(({ judgement }) => judgement)).toEqual(['holds', 'no time', 'no time']);
});

interface World {
  did: string[];
  there: string[];
}
const place = ({ did, there }: World, destroying?: Error): Place => ({
  emulated: false,
  region: 'eu-west-1',
  everything: async () => [...there],
  deploy: async (name) => {
    did.push(`deploy ${name}`);
    there.push(`table shallop-${name}`, `queue shallop-${name}-work`);
    return {
      endpoint: 'https://e/k8s',
      kubeconfig: '/dev/null',
      proxy: () => Promise.reject(new Error('no')),
      destroy: async () => {
        did.push('destroy');
        if (destroying) throw destroying;
        there.splice(there.indexOf(`table shallop-${name}`), 1);
      },
      close: async () => void did.push('close'),
    };
  },
});
const proving = (options: Partial<ProveOptions> & Pick<ProveOptions, 'place'>) =>
  prove({
    name: 'p1',
    budget: 5,
    minutes: 90,
    experiments: [holds, fails],
    kubectlPath: 'kubectl',
    say: () => {},
    now: () => 0,
    ...options,
  });

test('a run deploys, tries, destroys, and tells what is left of it and not what was there before', async () => {
  const world: World = { did: [], there: ['zone cluster.local.'] };
  const proof = await proving({ place: place(world) });
  expect(world.did).toEqual(['deploy p1', 'destroy', 'close']);
  expect(proof.left).toEqual(['queue shallop-p1-work']);
  expect(troubles(proof)).toEqual(['b: no kubectl', 'left: queue shallop-p1-work']);
  const page = reportOf(
    proof,
    [{ name: 'quota', verdict: 'warns', says: 'a | b', remedy: 'ask' }],
    new Date(0),
  );
  expect(page).toContain('# shallop on an account, in eu-west-1');
  expect(page).toContain('| warns | quota | a \\| b (ask) |');
  expect(page).toContain('| failed | B? | no kubectl | 0 |');
  expect(page).toContain('- queue shallop-p1-work');
});

test('what cannot be destroyed is told, and this machine is left as it was', async () => {
  const world: World = { did: [], there: [] };
  const proof = await proving({ place: place(world, new Error('DELETE_FAILED')) });
  expect(world.did).toEqual(['deploy p1', 'destroy', 'close']);
  expect(troubles(proof)).toContain('DELETE_FAILED');
  expect(reportOf(proof, [], new Date(0))).toContain('**Not to its end:** DELETE_FAILED');
});

test('a run that may cost more than its budget makes nothing', async () => {
  const world: World = { did: [], there: [] };
  await expect(proving({ place: place(world), budget: 0.6 })).rejects.toThrow(
    /may cost \$0\.\d+, and --budget is 0\.6/,
  );
  expect(world.did).toEqual([]);
  expect(mostDollars(90)).toBeLessThan(2);
  expect(mostDollars(600)).toBeGreaterThan(mostDollars(90));
});

test('a program is ended when its time is over', async () => {
  expect(await run(process.execPath, ['-e', 'console.log(1); console.error(2); process.exit(3)'])).toEqual({
    output: expect.stringMatching(/^(1\n2\n|2\n1\n)$/),
    exitCode: 3,
  });
  const { exitCode } = await run(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { timeoutMs: 50 });
  expect(exitCode).toBe(124);
});
