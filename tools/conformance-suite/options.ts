import { parseArgs } from 'node:util';

/** What `npm run conformance -- …` was asked to do. */
export interface Options {
  /** Holds `e2e.test`; built into the cache when absent. */
  binaries?: string;
  /** Holds `images.tsv` and a root file system a folder; built into the cache when absent. */
  images?: string;
  /** Specs that are not of conformance, instead of those that are. */
  beyond: boolean;
  /** Only specs whose whole name this matches. */
  focus?: RegExp;
  /** Only specs of these groups, without `sig-`. */
  sigs: string[];
  /** Only specs that passed last time, within so many seconds. */
  quick?: number;
  /** Only specs that have not passed yet, at any commit. */
  left: boolean;
  /** Processes of the suite at once; serial specs run alone, after the others. */
  procs: number;
  /** Seconds after which one spec is interrupted. */
  limit: number;
  /** Nodes of the control plane, which the suite is told: some specs are skipped below two. */
  nodes: number;
  /** Runs also what passed at this commit before. */
  again: boolean;
  /** Runs once more, alone, what passed last time and does not now. */
  twice: boolean;
  /** Writes what came of it into the checkout. */
  record: boolean;
  /** Builds what is needed, and runs nothing. */
  prepare: boolean;
  /** Pods are containers of this engine, started when it does not run. */
  engine?: 'docker' | 'podman';
  /** The control plane is this ordinary user's. */
  user?: string;
  /** The kubeconfig of a cluster that runs already; shallop is started otherwise. */
  kubeconfig?: string;
  /** What `shallop up` gets besides. */
  up: string[];
}

export const usage = `npm run conformance -- [options]

Runs Kubernetes' own conformance suite (441 specs of 1.35.4) against shallop with native containers, and writes
tools/conformance-suite/results.json and docs/conformance.md. It goes on where it was interrupted: a spec that has a result
of this commit does not run again. The exit code is 1 when a spec does not pass that passed last time.

  --binaries FOLDER    holds e2e.test (built with Go into .cache/conformance otherwise)
  --images FOLDER      holds images.tsv and the root file systems (built likewise; needs root, gcc, apt-get, curl, dig)
  --beyond             specs that no certificate asks for, as far as they apply to one machine; results in beyond.json
  --engine NAME        Pods are containers of docker or podman; only specs of node, network and storage; results in NAME.json
  --user NAME          the same with native containers of that ordinary user; results in user.json
  --focus PATTERN      only specs whose name matches
  --sig NAME           only specs of this group, as in --sig apps; may be given again
  --quick SECONDS      only specs that passed last time, within so many seconds
  --left               only specs that have not passed yet, at whatever commit
  --procs N            processes of the suite at once (1)
  --limit SECONDS      longest time of one spec (600)
  --nodes N            Nodes of the control plane (2); with 1 the suite skips what wants two
  --again              run also specs that have a result of this commit
  --twice              run once more, alone, what passed last time and does not now
  --no-record          leave results.json and the page as they are
  --prepare            build what is needed, and run nothing
  --kubeconfig FILE    of a cluster that runs already, instead of a shallop of its own
  --up ARGUMENT        one more argument of 'shallop up', as in --up=--runtime --up=native; may be given again`;

/** @throws on an unknown option, a number that is none, or options that exclude each other. */
export function optionsOf(args: string[]): Options | undefined {
  const { values } = parseArgs({
    args,
    options: {
      binaries: { type: 'string' },
      images: { type: 'string' },
      beyond: { type: 'boolean', default: false },
      engine: { type: 'string' },
      user: { type: 'string' },
      focus: { type: 'string' },
      sig: { type: 'string', multiple: true, default: [] },
      quick: { type: 'string' },
      left: { type: 'boolean', default: false },
      procs: { type: 'string', default: '1' },
      limit: { type: 'string', default: '600' },
      nodes: { type: 'string', default: '2' },
      again: { type: 'boolean', default: false },
      twice: { type: 'boolean', default: false },
      'no-record': { type: 'boolean', default: false },
      prepare: { type: 'boolean', default: false },
      kubeconfig: { type: 'string' },
      up: { type: 'string', multiple: true, default: [] },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return undefined;
  const { engine, user } = values;
  if (engine !== undefined && engine !== 'docker' && engine !== 'podman')
    throw new Error(`--engine wants docker or podman, not ${engine}`);
  if ([engine, user, values.beyond || undefined].filter((each) => each !== undefined).length > 1)
    throw new Error('--engine, --user and --beyond exclude one another: each has results of its own');
  return {
    binaries: values.binaries,
    images: values.images,
    beyond: values.beyond,
    engine,
    user,
    focus: values.focus === undefined ? undefined : new RegExp(values.focus),
    sigs: values.sig.map((sig) => sig.replace(/^sig-/, '')),
    quick: values.quick === undefined ? undefined : positive('quick', values.quick),
    left: values.left,
    procs: positive('procs', values.procs),
    limit: positive('limit', values.limit),
    nodes: positive('nodes', values.nodes),
    again: values.again,
    twice: values.twice,
    record: !values['no-record'],
    prepare: values.prepare,
    kubeconfig: values.kubeconfig,
    up: values.up,
  };
}

function positive(name: string, text: string): number {
  const number = Number(text);
  if (!(number > 0)) throw new Error(`--${name} wants a number above 0, not ${text}`);
  return number;
}
