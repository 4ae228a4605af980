import { expect, test } from '@jest/globals';
import { importsOf, sources } from '../../tools/structure/sources.ts';

/** What the core gets injected, and so may not reach for itself. */
const banned: { pattern: RegExp; instead: string }[] = [
  { pattern: /\bDate\.now\(/, instead: 'clock.now()' },
  { pattern: /\bnew Date\(\)/, instead: 'clock.now()' },
  { pattern: /\bMath\.random\(/, instead: 'ids.random()' },
  { pattern: /\brandomUUID\(/, instead: 'ids.uid()' },
  { pattern: /\bconsole\.\w+\(/, instead: 'the injected Logger' },
  { pattern: /\bprocess\.env\b/, instead: 'config parsed in the root' },
  { pattern: /\bset(Timeout|Interval)\(/, instead: 'clock.sleep()' },
];

/** The injected things themselves. */
const sourcesOfTruth = ['src/shared/clock/systemClock.ts', 'src/shared/clock/randomIds.ts'];
/** The drivers of one machine speak to processes and sockets, and hand them an environment and time-outs. */
const machine = /^src\/local\/drivers\//;
const machineMay = /setTimeout|process/;

/** What drivers of several planes are made of. */
const sharedDrivers = ['src/shared/webhooks/https.ts', 'src/shared/webhooks/words.ts'];

const core = ['src/shared', 'src/aws/drivers', 'src/aws/iam', 'src/local/drivers']
  .flatMap((folder) => sources(folder))
  .filter(({ path }) => !sourcesOfTruth.includes(path));

test('the core takes time, randomness, output and configuration from outside', () => {
  const found = core.flatMap(({ path, text }) =>
    banned
      .filter(({ pattern }) => pattern.test(text))
      .filter(
        ({ pattern }) =>
          !(machine.test(path) && machineMay.test(pattern.source.replace('(Timeout|Interval)', 'Timeout'))),
      )
      .map(({ pattern, instead }) => `${path}: ${pattern.source} (use ${instead})`),
  );
  expect(found).toEqual([]);
});

test('only the drivers of one machine touch processes, sockets and files', () => {
  const outside = core
    .filter(({ path }) => !machine.test(path) && !sharedDrivers.includes(path))
    .flatMap(({ path, text }) =>
      importsOf(text)
        .filter(({ specifier }) =>
          /^node:(child_process|fs|net|http|https|http2|tls|dgram|os|worker_threads)/.test(specifier),
        )
        .map(({ specifier }) => `${path} -> ${specifier}`),
    );
  expect(outside).toEqual([]);
});
