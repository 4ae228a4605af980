import { absent, type Places, type Subject } from '../grammar.ts';
import { jobPlaces } from './jobs.ts';

const template = { spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'nginx' }] } };

export const cronJob: Subject = {
  name: 'cronjob',
  collection: '/apis/batch/v1/namespaces/default/cronjobs',
  base: { metadata: { name: 'x' }, spec: { schedule: '30 6 * * 1-5', jobTemplate: { spec: { template } } } },
};

const ofJob = Object.fromEntries(
  Object.entries(jobPlaces)
    .filter(([path]) => path.startsWith('spec.'))
    .map(([path, values]) => [`spec.jobTemplate.${path}`, values]),
);

export const cronJobPlaces: Places = {
  ...ofJob,
  'metadata.name': ['X', 'a.b', 'a'.repeat(52), 'a'.repeat(53), ''],
  spec: [absent, null, {}],
  'spec.schedule': [
    '',
    absent,
    'x',
    '* * * *',
    '60 * * * *',
    '* * * * 7',
    '@daily',
    '@every 5m',
    '@every x',
    '@reboot',
    'TZ=UTC 0 0 * * *',
    'CRON_TZ=Mars/Base 0 0 * * *',
    'TZ=0',
    '59 23 31 2 *',
  ],
  'spec.timeZone': [
    '',
    'Europe/Rome',
    'europe/rome',
    'US/Eastern',
    'Local',
    'local',
    'UTC',
    'Etc/GMT+5',
    '../x',
    '-a/b',
    'a b',
    'Mars/Base',
  ],
  'spec.startingDeadlineSeconds': [-1, 0, 5],
  'spec.concurrencyPolicy': ['', 'Allow', 'Forbid', 'Replace', 'Other'],
  'spec.suspend': [true, 'x'],
  'spec.successfulJobsHistoryLimit': [-1, 0, null],
  'spec.failedJobsHistoryLimit': [-1, 0],
  'spec.jobTemplate': [absent, {}, { metadata: { labels: { 'a b': 'c' } } }],
  'spec.jobTemplate.metadata': [{ labels: { a: 'b' } }],
  status: [{ lastScheduleTime: '2020-02-02T02:00:00Z' }],
};

export const cronJobPatches = [
  { spec: { schedule: '* * * * *' } },
  { spec: { schedule: 'TZ=UTC * * * * *' } },
  { spec: { timeZone: 'Mars/Base' } },
  { spec: { timeZone: 'Asia/Tokyo' } },
  { spec: { suspend: true } },
  { spec: { jobTemplate: { spec: { template: { spec: { containers: [{ name: 'c', image: '' }] } } } } } },
  { metadata: { labels: { a: 'b' } } },
];
export const cronJobStatuses = [
  { status: { lastScheduleTime: '2020-02-02T02:00:00Z', active: [{ kind: 'Job', name: 'j' }] } },
  { status: { lastScheduleTime: 'x' } },
  { spec: { suspend: true }, status: {} },
];
