import { describe, expect, test } from '@jest/globals';
import type { Node, Pod, PodDisruptionBudget } from '../../kinds/schema/types.ts';
import { noFacts } from './facts.ts';
import { fitOf } from './fit.ts';
import type { Filter, Score } from './plugin.ts';
import { interPodAffinity, podPreference } from './plugins/interPodAffinity.ts';
import { nodeAffinity, nodePreference } from './plugins/nodeAffinity.ts';
import { balancedAllocation, leastAllocated, nodeResourcesFit } from './plugins/nodeResources.ts';
import { podTopologySpread, spreadPreference } from './plugins/podTopologySpread.ts';
import { taintPreference, taintToleration } from './plugins/taintToleration.ts';
import { preempt } from './preempt.ts';
import { type Place, type Snapshot, snapshotOf } from './snapshot.ts';
import recorded from './testdata/upstream.json' with { type: 'json' };

/** Says how a status of kube-scheduler's framework is numbered. */
const codes = { success: 0, unschedulable: 2, unresolvable: 3, skip: 5 };

interface Status {
  code: number;
  reasons: string[] | null;
}

/** A row of a table of kube-scheduler's tests, as tools/scheduling recorded it. */
interface Row {
  test: string;
  name: string;
  pod: Pod;
  nodes: Node[];
  pods?: Pod[];
  others?: Node[];
  namespaces?: { metadata: { name: string; labels: Record<string, string> } }[];
  codes?: Record<string, number>;
  statuses?: Status[];
  first?: Status;
  scores?: { Name: string; Score: number }[];
  resources?: { Name: string; Weight: number }[];
  /** Is what is not of this scheduler: settings that a cluster's administrator may change. */
  adds?: boolean;
  compares?: boolean;
  ignores?: number | boolean;
  devices?: boolean;
  objects?: number;
  errors?: number;
}

const rows = (recorded as unknown as Row[]).map((row) => ({
  ...row,
  pod: row.pod && completed(row.pod),
  ...(row.pods && { pods: row.pods.map(completed) }),
}));

/** As the API would have stored them. */
function completed<T extends Pod>(pod: T): T {
  return { ...pod, spec: { containers: [], ...pod.spec } };
}

const of = (...tests: string[]) =>
  rows.filter(
    (row) =>
      tests.includes(row.test) &&
      !elsewhere.includes(row.name) &&
      !row.adds &&
      !row.compares &&
      !row.ignores &&
      !row.devices &&
      !row.objects &&
      !row.errors,
  );

/** What is invalid cannot have been stored, and the API server's gates stand as in 1.35. */
const elsewhere = [
  "Pod with an invalid value in Affinity term won't be scheduled onto the node",
  'matchLabelKeys ignored when feature gate disabled',
];

function snapshotFor({ nodes, others = [], pods = [], namespaces = [] }: Row): Snapshot {
  const labels = new Map(namespaces.map(({ metadata }) => [metadata.name, metadata.labels]));
  return snapshotOf(pods, [...nodes, ...others].map(isReady), { ...noFacts, namespaces: labels });
}

function verdict(filter: Filter, row: Row): Status[] {
  const snapshot = snapshotFor(row);
  const prepared = filter.prepare(row.pod, snapshot);
  return row.nodes.map((_, i) => {
    if (prepared?.refusal) return { code: codes.unresolvable, reasons: [prepared.refusal] };
    const why = prepared?.check?.(snapshot.places[i]!);
    if (!why) return { code: codes.success, reasons: [] };
    return { code: why.isFinal ? codes.unresolvable : codes.unschedulable, reasons: [...why.reasons] };
  });
}

/** Undefined where the plugin sits out. */
function scored(score: Score, row: Row): Record<string, number> | undefined {
  const snapshot = snapshotFor(row);
  const feasible = snapshot.places.slice(0, row.nodes.length);
  const scoring = score.prepare(row.pod, snapshot, feasible);
  if (!scoring) return undefined;
  const raw = feasible.map((place) => scoring.score(place));
  const final = scoring.normalize?.(raw) ?? raw;
  return Object.fromEntries(feasible.map((place, i) => [place.name, final[i]!]));
}

const filtered: [Filter, Row[]][] = [
  [interPodAffinity, of('TestRequiredAffinitySingleNode', 'TestRequiredAffinityMultipleNodes')],
  [nodeAffinity, of('TestNodeAffinity')],
  [taintToleration, of('TestTaintTolerationFilter')],
  [nodeResourcesFit, of('TestEnoughRequests')],
];
describe.each(filtered.map(([filter, table]) => ({ filter, table, plugin: filter.name })))(
  'the filter $plugin as in kube-scheduler',
  ({ filter, table }) => {
    test.each(table)('$test: $name', (row) => {
      if (row.first?.reasons?.some((reason) => reason.startsWith('parsing pod'))) return;
      const refused = row.first && row.first.code === codes.unresolvable ? row.first : undefined;
      const expected = row.nodes.map((_, i) => {
        const { code, reasons } = refused ?? row.statuses?.[i] ?? { code: codes.success, reasons: [] };
        return { code, reasons: reasons ?? [] };
      });
      expect(verdict(filter, row)).toEqual(expected);
    });
  },
);

describe('the filter PodTopologySpread as in kube-scheduler', () => {
  test.each(of('TestSingleConstraint', 'TestMultipleConstraints'))('$test: $name', (row) => {
    const found = verdict(podTopologySpread, row).map(({ code }, i) => [row.nodes[i]!.metadata.name, code]);
    expect(Object.fromEntries(found)).toEqual(row.codes);
  });
});

const usual = ({ resources = [] }: Row): boolean =>
  resources.length === 2 &&
  resources.every(({ Name, Weight }) => ['cpu', 'memory'].includes(Name) && Weight === 1);
const scoredTables: [string, Score, Row[]][] = [
  ['InterPodAffinity', podPreference, of('TestPreferredAffinity')],
  ['NodeAffinity', nodePreference, of('TestNodeAffinityPriority')],
  ['TaintToleration', taintPreference, of('TestTaintTolerationScore')],
  ['LeastAllocated', leastAllocated, of('TestLeastAllocatedScoringStrategy').filter(usual)],
  ['BalancedAllocation', balancedAllocation, of('TestNodeResourcesBalancedAllocation').filter(usual)],
  ['PodTopologySpread', spreadPreference, of('TestPodTopologySpreadScore')],
];
describe.each(scoredTables.map(([plugin, score, table]) => ({ plugin, score, table })))(
  'the score $plugin as in kube-scheduler',
  ({ score, table }) => {
    test.each(table)('$test: $name', (row) => {
      const expected = Object.fromEntries((row.scores ?? []).map(({ Name, Score }) => [Name, Score]));
      const found = scored(score, row);
      // Where one of the two sits out, the other finds all Nodes alike.
      if (found && row.scores) expect(found).toEqual(expected);
      else expect(new Set(Object.values(found ?? expected)).size).toBeLessThanOrEqual(1);
    });
  },
);

interface PreemptionRow {
  name: string;
  test: string;
  pod?: Pod;
  tried?: Pod[];
  pods: Pod[];
  nodeNames: string[];
  capacity: Record<string, string>;
  budgets?: PodDisruptionBudget[];
  expected?: string[];
  plugins?: number;
  args?: unknown;
  candidates?: { node: string; victims: { Pods?: Pod[]; NumPDBViolations: number } }[][];
}

const preemptions = rows as unknown as PreemptionRow[];

/** Names of Nodes hold the values of their labels. */
function nodesOf({ nodeNames, capacity }: PreemptionRow): Node[] {
  return nodeNames.map((full) => {
    const [name = '', zone, region] = full.split('/');
    const labels = { hostname: name, ...(zone && { zone }), ...(region && { region }) };
    const allocatable = { pods: '32', ...capacity };
    return isReady({ metadata: { name, labels }, status: { capacity: allocatable, allocatable } });
  });
}

function isReady(node: Node): Node {
  return { ...node, status: { ...node.status, conditions: [{ type: 'Ready', status: 'True' }] } };
}

/** Their start times differ by less than JSON holds; plan.test.ts has such a case. */
const withinASecond = /different start time|pick later StartTime/;

const best = preemptions.filter(
  ({ test: name, name: row }) => name === 'TestSelectBestCandidate' && !withinASecond.test(row),
);
test.each(best)('preemption as in kube-scheduler: $name', (row) => {
  const snapshot = snapshotOf(row.pods, nodesOf(row), noFacts);
  const pod = row.pod!;
  const outcome = preempt(pod, fitOf(pod, snapshot), snapshot);
  expect('place' in outcome && row.expected!.includes(outcome.place.name)).toBe(true);
  expect(used(snapshot.places)).toEqual(used(snapshotOf(row.pods, nodesOf(row), noFacts).places));
});

const used = (places: readonly Place[]) =>
  places.map(({ pods, requested }) => [[...pods].map(({ metadata }) => metadata.name).sort(), requested]);

/** Those that depend on filters that only these tests have, or on settings of an administrator. */
const special =
  /^(a pod that does not fit on any node|a pod that fits with no preemption|get Unschedulable in the preemption phase.*)$/;
const dry = preemptions.filter(
  ({ test: name, name: row, args }) =>
    name === 'TestDryRunPreemption' && !args && !special.test(row) && !withinASecond.test(row),
);
test.each(dry)('victims as in kube-scheduler: $name', (row) => {
  for (const [cycle, tried] of row.tried!.entries()) {
    const budgets = row.budgets ?? [];
    const expected = row.candidates![cycle]!;
    const names = ({ victims }: (typeof expected)[number]) =>
      (victims.Pods ?? []).map(({ metadata }) => metadata.name).sort();
    // One Node after the other, since only the best of all is told.
    const found = nodesOf(row).flatMap((node) => {
      const snapshot = snapshotOf(row.pods, nodesOf(row), { ...noFacts, budgets });
      const pod = completed(tried);
      const place = snapshot.place(node.metadata.name ?? '')!;
      const fit = { feasible: [], rejections: new Map([[place, { reasons: [], isFinal: false }]]) };
      const outcome = preempt(pod, fit, snapshot);
      if (!('place' in outcome) || outcome.victims.length === 0) return [];
      return [[node.metadata.name, outcome.victims.map(({ metadata }) => metadata.name).sort()]];
    });
    expect(found).toEqual(expected.map((each) => [each.node, names(each)]));
  }
});
