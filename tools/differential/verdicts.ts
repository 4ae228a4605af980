/** Which answers may differ from those of a real server, and why. */
import type { Recorded } from './case.ts';

export interface Verdict {
  /** `differs`: it stays so. `notYet`: it should be the same one day. */
  is: 'differs' | 'notYet';
  reason: string;
  /** Names of the cases, in the areas they are in. */
  areas: string[];
  cases: RegExp;
  /** Paths of the answer that may differ; everything else has to be the same. */
  paths: RegExp;
}

const message = /^body\.(message|details\.causes.*)$/;
const anything = /^/;

export const verdicts: Verdict[] = [
  {
    is: 'differs',
    reason: 'of rules that cost the same a real server names those that its maps give first',
    areas: ['random-definitions'],
    cases: /^definition 185$/,
    paths: message,
  },
  {
    is: 'differs',
    reason: 'a default where an integer or a string may stand is judged; a real server takes any',
    areas: ['random-definitions'],
    cases: /^definition 222$/,
    paths: message,
  },
  {
    is: 'differs',
    reason: 'the administrator who asked the real server had a uid; certificates have none',
    areas: ['certificates'],
    cases: /^signing request /,
    paths: /spec\.uid$/,
  },
  {
    is: 'differs',
    reason: 'bytes that are required and absent are shown as "", where Go writes null',
    areas: ['certificates'],
    cases: /^signing request create spec(=|\.request=-)/,
    paths: message,
  },
  {
    is: 'differs',
    reason: 'a definition is established when it is answered; a real server does that a moment later',
    areas: ['definitions'],
    cases: /^definition patch /,
    paths: /^body\.status\./,
  },
  {
    is: 'differs',
    reason:
      'a definition is established when it is answered, and has names and a scope that stay from then on',
    areas: ['definitions'],
    cases: /^definition patch {2}\{"spec":\{"(scope|names":\{"kind)"/,
    paths: anything,
  },
  {
    is: 'differs',
    reason: 'a required list that is absent is written as [], where Go writes null',
    areas: ['definitions', 'random-definitions'],
    cases: anything,
    paths: /^body\.status\.conditions$/,
  },
  {
    is: 'differs',
    reason: 'a list without anything in it is told like one that is absent, and a bell by its Go name',
    areas: ['definitions'],
    cases: /spec\.versions=\[\]|6nxvcu$/,
    paths: message,
  },
  {
    is: 'differs',
    reason: 'a body of another version is refused for that alone',
    areas: ['custom-resources'],
    cases: /apiVersion="cases\.example\.com\/v2"/,
    paths: /^warnings$/,
  },
  {
    is: 'differs',
    reason: 'resources and verbs of a group are listed by their names, without a hash of the stored version',
    areas: ['custom-resources'],
    cases: /^widget GET \/apis\/cases\.example\.com\/v1/,
    paths: /^body\.resources/,
  },
  {
    is: 'differs',
    reason: 'the hint about what changed in a Pod names our fields, not those of the Go struct behind them',
    areas: ['pod-updates'],
    cases: /^pod patch {2}/,
    paths: message,
  },
  {
    is: 'differs',
    reason: 'no controller takes the not-ready taint from a Node again: it is ready when it is there',
    areas: ['objects', 'object-updates', 'protocol', 'tables', 'kinds', 'types'],
    cases: /^node /,
    paths: /^body\.(items\[0\]\.|rows\[0\]\.object\.)?spec(\.taints.*)?$/,
  },
  {
    is: 'differs',
    reason:
      'a field that must not change is shown by its names in JSON, not by those of the Go struct behind it',
    areas: ['jobs'],
    cases: /^(indexed |suspended )?job (patch|update) /,
    paths: message,
  },
  {
    is: 'differs',
    reason:
      'the metadata in a Table is that of the object, with the annotation that apps/v1 has of a DaemonSet',
    areas: ['daemon-sets'],
    cases: /^daemonset GET .*Table/,
    paths: /^body\.rows\[0\]\.object\.metadata\.annotations$/,
  },
  {
    is: 'differs',
    reason: 'an empty list of scaling policies counts as none given, which gets the usual ones',
    areas: ['autoscalers'],
    cases: /^autoscaler create (spec\.behavior=.*"policies":\[\]|several)/,
    paths: anything,
  },
  {
    is: 'differs',
    reason: 'labels that a Job takes from its Pods are validated in both places',
    areas: ['jobs'],
    cases: /^job create (metadata\.name="a{30}|several)/,
    paths: message,
  },
  {
    is: 'differs',
    reason: 'Pods that are processes of this machine may have loopback addresses',
    areas: ['objects', 'replacements'],
    cases: /(endpoints|endpointslice) (create|update) .*127\.0\.0\.1|endpointslice create several 1/,
    paths: anything,
  },
  {
    is: 'differs',
    reason: 'a required list that is absent is written as [], where Go writes null',
    areas: [
      'objects',
      'replacements',
      'templates',
      'types',
      'volumes',
      'jobs',
      'cron-jobs',
      'autoscalers',
      'rbac',
      'storage-kinds',
      'flow-control',
      'devices',
    ],
    cases:
      /endpointslice (create|update) (endpoints|ports)=|projected|podFailurePolicy=|autoscaler|role (create|update) (rules=|several)|^(csinode|flowschema|resourceclaim)/,
    paths:
      /\.(endpoints|ports|sources|rules|currentMetrics|drivers|topologyKeys|namespaces|requests|conditions)$|^body\.(message|details\.causes.*)$/,
  },
  {
    is: 'differs',
    reason: 'a number beyond all numbers is not kept as text until somebody complains of it',
    areas: ['protocol'],
    cases: /1e400/,
    paths: message,
  },
  {
    is: 'differs',
    reason: 'the last of two equal keys counts, as in JavaScript; Go merges maps that come twice',
    areas: ['protocol'],
    cases: /^double fields/,
    paths: /^body\.data\.a$/,
  },
  {
    is: 'differs',
    reason: 'a Scale of another name is refused for its name before anything is merged',
    areas: ['parts'],
    cases: /^apply scale 4$/,
    paths: anything,
  },
  {
    is: 'differs',
    reason: 'one node port for two ports is refused as Invalid in an update too; a real server answers 500',
    areas: ['replacements'],
    cases: /^balancer update spec\.ports=.*30082/,
    paths: anything,
  },
  {
    is: 'differs',
    reason: 'an empty map of labels counts as none, also where it is shown',
    areas: ['types'],
    cases: /^deployment create spec\.template\.metadata\.labels=\{\}$/,
    paths: message,
  },
];

/** The verdict that explains a difference at this path, if one does. */
export const verdictOn = (area: string, { name }: Recorded, path: string): Verdict | undefined =>
  verdicts.find(({ areas, cases, paths }) => areas.includes(area) && cases.test(name) && paths.test(path));
