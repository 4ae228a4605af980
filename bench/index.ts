// npm run bench [-- --scale 0.1 --only rates,list --reference KUBECONFIG --json FILE --node-flags '--cpu-prof …'
//   --only cost --beside ANOTHER/dist/shallop.js --chart FILE.svg --only definitions --real FOLDER]
// Prints every local figure of the design beside its goal. The load client runs in this process, shallop in another.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { residentMiB } from '../test/support/process.ts';
import { type Figure, prepareNamespace, type Subject } from './bench.ts';
import { bystander, hostileImage } from './lines/bystander.ts';
import { clusters } from './lines/clusters.ts';
import { command } from './lines/command.ts';
import { commits } from './lines/commits.ts';
import { containers } from './lines/containers.ts';
import { converge } from './lines/converge.ts';
import { cost } from './lines/cost.ts';
import { definitions } from './lines/definitions.ts';
import { fixtures } from './lines/fixtures.ts';
import { growth } from './lines/growth.ts';
import { list } from './lines/list.ts';
import { memory } from './lines/memory.ts';
import { idle } from './lines/process.ts';
import { rates } from './lines/rates.ts';
import { watch } from './lines/watch.ts';
import { LoadClient } from './load.ts';
import { type Plane, type PlaneOptions, prepareBundle, startPlane } from './plane.ts';
import { type Opponent, startRealPair } from './realPair.ts';
import { drawChart, printTable } from './table.ts';

const { values } = parseArgs({
  options: {
    scale: { type: 'string', default: '1' },
    only: { type: 'string' },
    reference: { type: 'string' },
    beside: { type: 'string' },
    real: { type: 'string' },
    json: { type: 'string' },
    chart: { type: 'string' },
    'node-flags': { type: 'string', default: '' },
  },
});
const scale = Number(values.scale);
const lines = { rates, watch, converge, list, growth };
const chosen = (name: string) => !values.only || values.only.split(',').includes(name);

const figures: Figure[] = [];
await prepareBundle();
await withPlane(async (plane) => {
  if (chosen('start'))
    figures.push({
      what: 'ready from an empty folder',
      measured: Number((plane.readyMs / 1000).toFixed(2)),
      unit: 's',
      reference: 2.1,
      goal: { atMost: 0.3 },
    });
  if (chosen('idle')) figures.push(...(await idle(plane.child.pid!, 20 * Math.min(1, scale))));
  figures.push(...(await load(plane, values.reference)));
  if (!values.only)
    figures.push({
      what: 'RSS after all of the above',
      measured: residentMiB(plane.child.pid!),
      unit: 'MiB',
      note: `${Math.round(120_000 * scale)} objects and more`,
    });
});
if (chosen('cost'))
  await withPlane(async (plane) => {
    process.stderr.write('cost …\n');
    if (!values.beside) figures.push(...(await cost(plane, undefined, scale)));
    else
      await withPlane(async (other) => void figures.push(...(await cost(plane, other, scale))), {
        program: values.beside,
      });
  });
if (chosen('memory'))
  await withPlane(async ({ kubeconfig, child }) => {
    process.stderr.write('memory …\n');
    const client = new LoadClient(kubeconfig);
    figures.push(...(await memory({ client, scale, id: 'm' }, child.pid!)));
    client.close();
  });
if (chosen('clusters'))
  await withPlane(async ({ kubeconfig, child }) => {
    process.stderr.write('clusters …\n');
    const client = new LoadClient(kubeconfig);
    figures.push(...(await clusters({ client, scale, id: 'l' }, child.pid!)));
    client.close();
  });
if (chosen('command'))
  await withPlane(async (plane) => {
    process.stderr.write('command …\n');
    figures.push(...(await command(plane, scale)));
  });
if (chosen('fixtures')) {
  process.stderr.write('fixtures …\n');
  figures.push(...(await fixtures(scale)));
}
if (chosen('commits')) {
  process.stderr.write('commits …\n');
  figures.push(...(await commits(scale)));
}
if (chosen('definitions'))
  await withPlane(async (plane, again) => {
    process.stderr.write('definitions …\n');
    const ours = await definitions(opponentOf(plane), async () => opponentOf(await again()), scale);
    const theirs = values.real ? await definitionsOfReal(values.real) : [];
    figures.push(...ours.map((figure) => beside(figure, theirs)));
  });
if (chosen('bystander'))
  await withPlane(
    async ({ kubeconfig, child }) => {
      process.stderr.write('bystander …\n');
      const subject = { client: new LoadClient(kubeconfig), scale, id: 'b' };
      await prepareNamespace(subject);
      figures.push(...(await bystander(subject)));
      figures.push({ what: 'RSS after that', measured: residentMiB(child.pid!), unit: 'MiB' });
      subject.client.close();
    },
    (folder) => ({ images: [hostileImage(folder)] }),
  );
if (figures.length)
  printTable(
    figures,
    values.reference || values.real ? 'measured in this run' : 'as published in docs/bench.md',
  );
if (chosen('containers')) {
  process.stderr.write('containers …\n');
  // Where native Pods cannot run, the other figures are told all the same.
  const made = await containers(withPlane, Math.min(1, scale)).catch((error: Error) => {
    if (values.only) throw error;
    process.stderr.write(`  no containers: ${error.message}\n`);
  });
  if (made?.figures.length) printTable(made.figures, 'measured in this run', made.opponent);
  figures.push(...(made?.figures ?? []));
}
if (values.json) writeFileSync(values.json, JSON.stringify(figures, null, 2));
const folderOfChart = () => mkdtempSync(join(tmpdir(), 'shallop-chart-'));
const file = values.chart ?? (values.only ? undefined : join(folderOfChart(), 'bench.svg'));
if (file) drawChart(figures, file);

/** A control plane in an empty folder for as long as `use` takes. */
async function withPlane(
  use: (plane: Plane, again: () => Promise<Plane>) => Promise<void>,
  options: PlaneOptions | ((folder: string) => PlaneOptions) = {},
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'shallop-bench-'));
  const nodeFlags = values['node-flags'].split(' ').filter(Boolean);
  const start = () =>
    startPlane(folder, { nodeFlags, ...(typeof options === 'function' ? options(folder) : options) });
  let plane = await start();
  const again = async () => {
    await plane.stop();
    plane = await start();
    return plane;
  };
  try {
    await use(plane, again);
  } finally {
    await plane.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

function opponentOf(plane: Plane): Opponent {
  return { ...plane, pids: [plane.child.pid!] };
}

/** The same of etcd and kube-apiserver in a folder, right after. */
async function definitionsOfReal(binaries: string): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'shallop-bench-real-'));
  let real = await startRealPair(binaries, folder);
  try {
    const again = async () => {
      await real.stop();
      real = await startRealPair(binaries, folder);
      return real;
    };
    return await definitions(real, again, scale);
  } finally {
    await real.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Runs the chosen lines, each against the reference too right after, so that both see the same machine. */
async function load({ kubeconfig, child }: Plane, reference: string | undefined): Promise<Figure[]> {
  const subject = await subjectOf(kubeconfig, child.pid);
  const other = reference ? await subjectOf(reference) : undefined;
  const found: Figure[] = [];
  for (const [name, line] of Object.entries(lines)) {
    if (!chosen(name)) continue;
    process.stderr.write(`${name} …\n`);
    const ours = await line(subject);
    const theirs = other ? await line(other) : [];
    found.push(...ours.map((figure) => beside(figure, theirs)));
  }
  subject.client.close();
  other?.client.close();
  return found;
}

async function subjectOf(kubeconfig: string, pid?: number): Promise<Subject> {
  const subject = { client: new LoadClient(kubeconfig), scale, id: process.pid.toString(36), pid };
  await prepareNamespace(subject);
  return subject;
}

/** A figure with what the reference had for it in this run. */
function beside(figure: Figure, theirs: Figure[]): Figure {
  const reference = theirs.find(({ what }) => what === figure.what)?.measured;
  if (reference === undefined) return figure;
  const goal = figure.ratio ? { atLeast: Math.round(reference * figure.ratio) } : figure.goal;
  return { ...figure, reference, ...(goal && { goal }) };
}
