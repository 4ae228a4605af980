import { absent, type Places, type Subject } from '../grammar.ts';
import { workloadPlaces } from './workloads.ts';

const template = { spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'nginx' }] } };

export const job: Subject = {
  name: 'job',
  collection: '/apis/batch/v1/namespaces/default/jobs',
  base: { metadata: { name: 'x' }, spec: { template } },
};
export const indexedJob: Subject = {
  name: 'indexed job',
  collection: job.collection,
  base: {
    metadata: { name: 'x' },
    spec: { completionMode: 'Indexed', completions: 3, parallelism: 3, backoffLimitPerIndex: 1, template },
  },
};
export const suspendedJob: Subject = {
  name: 'suspended job',
  collection: job.collection,
  base: { metadata: { name: 'x' }, spec: { suspend: true, template } },
};

const inTemplate = Object.fromEntries(
  Object.entries(workloadPlaces).filter(
    ([path]) => path.startsWith('spec.template.spec.') && !path.includes('activeDeadline'),
  ),
);
const failureRule = (rule: object) => ({ rules: [rule] });
const exits = { operator: 'In', values: [1, 2] };

export const jobPlaces: Places = {
  ...inTemplate,
  'metadata.name': ['X', 'a.b', 'a'.repeat(64), 'a'.repeat(254), ''],
  'metadata.labels': [{ l: 'm' }],
  spec: [absent, null, {}],
  'spec.parallelism': [0, -1, 5, null, 'x', 1.5],
  'spec.completions': [0, -1, 5, null],
  'spec.activeDeadlineSeconds': [0, -1, 5],
  'spec.backoffLimit': [0, -1, null],
  'spec.backoffLimitPerIndex': [1],
  'spec.maxFailedIndexes': [1, -1],
  'spec.ttlSecondsAfterFinished': [0, -1, 5],
  'spec.completionMode': ['Indexed', 'NonIndexed', 'Other', ''],
  'spec.suspend': [true, 'x'],
  'spec.podReplacementPolicy': ['Failed', 'TerminatingOrFailed', 'Other', ''],
  'spec.managedBy': [
    'a.b/c',
    'x',
    '',
    'A/b',
    'a.b/c d',
    `a/${'b'.repeat(63)}`,
    'kubernetes.io/job-controller',
  ],
  'spec.manualSelector': [true, false],
  'spec.selector': [
    { matchLabels: { a: 'b' } },
    { matchLabels: { 'controller-uid': 'x' } },
    { matchLabels: { 'batch.kubernetes.io/controller-uid': 'x' } },
    { matchExpressions: [{ key: 'a', operator: 'Near' }] },
    {},
  ],
  'spec.template': [absent, {}, { metadata: {} }],
  'spec.template.metadata': [
    { labels: { a: 'b' } },
    { labels: { 'job-name': 'other' } },
    { labels: { 'job-name': 'x' } },
    { labels: { 'batch.kubernetes.io/controller-uid': 'x' } },
    { labels: { 'a b': 'c' } },
    { annotations: { 'c d': 'e' } },
  ],
  'spec.template.spec.restartPolicy': ['Always', 'OnFailure', 'Maybe', '', absent],
  'spec.template.spec.activeDeadlineSeconds': [0, 5],
  'spec.podFailurePolicy': [
    {},
    { rules: [] },
    failureRule({}),
    failureRule({ action: 'FailJob' }),
    failureRule({ action: 'Other', onExitCodes: exits }),
    failureRule({ action: '', onExitCodes: exits }),
    failureRule({ action: 'FailIndex', onExitCodes: exits }),
    failureRule({ action: 'FailJob', onExitCodes: exits }),
    failureRule({ action: 'Count', onExitCodes: { ...exits, containerName: 'c' } }),
    failureRule({ action: 'Count', onExitCodes: { ...exits, containerName: 'd' } }),
    failureRule({ action: 'Ignore', onExitCodes: { operator: 'In', values: [] } }),
    failureRule({ action: 'Ignore', onExitCodes: { operator: 'In' } }),
    failureRule({ action: 'Ignore', onExitCodes: { operator: 'NotIn', values: [0] } }),
    failureRule({ action: 'Ignore', onExitCodes: { operator: 'In', values: [0, 3, 2, 2] } }),
    failureRule({ action: 'Ignore', onExitCodes: { operator: 'Near', values: [1] } }),
    failureRule({ action: 'Ignore', onExitCodes: { operator: '', values: [1] } }),
    failureRule({ action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget' }] }),
    failureRule({ action: 'Ignore', onPodConditions: [{ type: 'a b', status: 'Maybe' }] }),
    failureRule({ action: 'Ignore', onPodConditions: [{ type: 'a', status: '' }] }),
    failureRule({ action: 'Ignore', onPodConditions: [{ type: 'a' }], onExitCodes: exits }),
    { rules: Array.from({ length: 21 }, () => ({ action: 'Count', onExitCodes: exits })) },
  ],
  'spec.successPolicy': [{ rules: [{ succeededCount: 1 }] }],
  status: [{ succeeded: 5 }],
};

export const indexedPlaces: Places = {
  'metadata.name': ['a'.repeat(62), 'a.b'],
  'spec.completions': [absent, 0, -1, 200000],
  'spec.parallelism': [200000],
  'spec.maxFailedIndexes': [0, 3, 4, 200000, -1],
  'spec.backoffLimitPerIndex': [absent, 0, -1],
  'spec.backoffLimit': [4],
  'spec.podFailurePolicy': [failureRule({ action: 'FailIndex', onExitCodes: exits })],
  'spec.successPolicy': [
    {},
    { rules: [] },
    { rules: [{}] },
    { rules: [{ succeededCount: 1 }] },
    { rules: [{ succeededCount: 4 }] },
    { rules: [{ succeededCount: -1 }] },
    { rules: [{ succeededIndexes: '0-2' }] },
    { rules: [{ succeededIndexes: '' }] },
    { rules: [{ succeededIndexes: '0-3' }] },
    { rules: [{ succeededIndexes: '2,1' }] },
    { rules: [{ succeededIndexes: '2-1' }] },
    { rules: [{ succeededIndexes: '1-' }] },
    { rules: [{ succeededIndexes: '0-1-2' }] },
    { rules: [{ succeededIndexes: 'x' }] },
    { rules: [{ succeededIndexes: '0,2', succeededCount: 3 }] },
    { rules: [{ succeededIndexes: '0,2', succeededCount: 1 }] },
    { rules: Array.from({ length: 21 }, () => ({ succeededCount: 1 })) },
  ],
};

export const manyIndexes: Places = {
  spec: [
    { ...(indexedJob.base.spec as object), completions: 200000 },
    { ...(indexedJob.base.spec as object), completions: 200000, maxFailedIndexes: 20000, parallelism: 20000 },
    { template, completionMode: 'Indexed', completions: 200000, parallelism: 20000 },
  ],
};

export const jobPatches = [
  { spec: { parallelism: 4 } },
  { spec: { parallelism: -4 } },
  { spec: { completions: 4 } },
  { spec: { completions: 4, parallelism: 4 } },
  { spec: { completions: null } },
  { spec: { completionMode: 'Indexed' } },
  { spec: { completionMode: 'NonIndexed' } },
  { spec: { suspend: true } },
  { spec: { suspend: false } },
  { spec: { ttlSecondsAfterFinished: 5 } },
  { spec: { activeDeadlineSeconds: 5 } },
  { spec: { backoffLimit: 2 } },
  { spec: { backoffLimitPerIndex: 2 } },
  { spec: { maxFailedIndexes: 2 } },
  { spec: { managedBy: 'a.b/c' } },
  { spec: { podReplacementPolicy: 'Failed' } },
  { spec: { selector: { matchLabels: { a: 'b' } } } },
  { spec: { successPolicy: { rules: [{ succeededCount: 1 }] } } },
  { spec: { template: { spec: { nodeSelector: { a: 'b' } } } } },
  { spec: { template: { spec: { tolerations: [{ key: 'a', operator: 'Exists' }] } } } },
  { spec: { template: { metadata: { annotations: { a: 'b' } } } } },
  { spec: { template: { spec: { schedulingGates: [{ name: 'a' }] } } } },
  { spec: { template: { spec: { containers: [{ name: 'c', image: 'other' }] } } } },
  {
    spec: {
      template: {
        spec: {
          affinity: {
            nodeAffinity: {
              requiredDuringSchedulingIgnoredDuringExecution: {
                nodeSelectorTerms: [{ matchExpressions: [{ key: 'a', operator: 'Exists' }] }],
              },
            },
          },
        },
      },
    },
  },
  { metadata: { labels: { a: 'b' } } },
];

const condition = (type: string, status = 'True') => ({ type, status, reason: 'R', message: 'm' });
const [start, end] = ['2020-02-02T02:00:00Z', '2020-02-02T02:01:00Z'];
const complete = [condition('SuccessCriteriaMet'), condition('Complete')];

export const jobStatuses = [
  { status: { active: 1, ready: 1 } },
  { status: { active: 1, ready: 2 } },
  { status: { active: -1 } },
  { status: { ready: -1, terminating: -1, failed: -1, succeeded: -1 } },
  { status: { startTime: start, completionTime: end, conditions: complete, succeeded: 1 } },
  { status: { startTime: start, completionTime: end, conditions: complete, active: 1 } },
  { status: { startTime: start, completionTime: end, conditions: complete, terminating: 1 } },
  { status: { startTime: start, conditions: complete } },
  { status: { completionTime: end, conditions: complete } },
  { status: { startTime: end, completionTime: start, conditions: complete } },
  { status: { startTime: start, completionTime: end } },
  { status: { startTime: start, completionTime: end, conditions: [condition('Complete')] } },
  { status: { startTime: start, conditions: [condition('Failed')] } },
  { status: { startTime: start, conditions: [condition('FailureTarget'), condition('Failed')] } },
  { status: { conditions: [condition('FailureTarget'), condition('Failed')] } },
  { status: { startTime: start, completionTime: end, conditions: [...complete, condition('Failed')] } },
  {
    status: { startTime: start, completionTime: end, conditions: [...complete, condition('FailureTarget')] },
  },
  { status: { conditions: [condition('SuccessCriteriaMet')] } },
  { status: { uncountedTerminatedPods: { succeeded: ['a', 'a', ''], failed: ['a'] } } },
  {
    status: {
      startTime: start,
      completionTime: end,
      conditions: complete,
      uncountedTerminatedPods: { succeeded: ['a'] },
    },
  },
  { status: { completedIndexes: '0' } },
  { status: { completedIndexes: '0-1,2' } },
  { status: { completedIndexes: '7' } },
  { status: { failedIndexes: '0' } },
  { status: { failedIndexes: '' } },
  { status: { completedIndexes: '0-1', failedIndexes: '1-2' } },
  { status: { failedIndexes: 'x' } },
];
