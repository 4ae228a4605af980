/**
 * Which room may import which (docs/structure.md draws them). The longest key that starts a path below src/ names its room.
 * Types are free everywhere. `shared` never imports a plane; a plane's drivers import ports, not the roots above them.
 */
const basics = ['shared/errors', 'shared/clock', 'shared/meta'];
const storageDriver = [
  'shared/ports',
  'shared/storage',
  'shared/storage/log',
  'shared/errors',
  'shared/clock',
];
export const rooms: Record<string, string[]> = {
  'shared/errors': [],
  'shared/clock': [],
  'shared/meta': ['shared/errors'],
  'shared/observability': ['shared/clock'],
  'shared/ports': ['shared/errors', 'shared/clock'],
  'shared/storage': ['shared/ports', 'shared/errors', 'shared/clock'],
  'shared/storage/log': ['shared/ports', 'shared/errors', 'shared/clock'],
  'shared/storage/memory': storageDriver,
  'shared/storage/decorators': ['shared/ports', 'shared/errors', 'shared/clock', 'shared/observability'],
  // Values made of all objects of a resource, never stale: for decisions by stored objects.
  'shared/storage/compiled': ['shared/ports', 'shared/errors'],
  'shared/cel': ['shared/meta'],
  'shared/kinds': [...basics, 'shared/cel'],
  'shared/podspec': ['shared/ports', ...basics],
  'shared/fake': ['shared/ports', 'shared/podspec', ...basics],
  'shared/streams': ['shared/meta'],
  // Whether what a cluster begins with has been written; above it, who writes it.
  'shared/bootstrap/marker': ['shared/ports'],
  'shared/bootstrap': [...basics, 'shared/kinds', 'shared/auth', 'shared/bootstrap/marker'],
  'shared/auth': [...basics, 'shared/kinds', 'shared/storage/compiled', 'shared/bootstrap/marker'],
  'shared/admission': [
    ...basics,
    'shared/cel',
    'shared/kinds',
    'shared/ports',
    'shared/auth',
    'shared/patch',
    'shared/webhooks',
    'shared/storage/compiled',
  ],
  'shared/patch': [...basics, 'shared/kinds'],
  'shared/webhooks': [...basics, 'shared/kinds', 'shared/ports'],
  // What automation is told of a change, and by which rules.
  'shared/events': [...basics, 'shared/ports'],
  'shared/client': [...basics, 'shared/kinds'],
  'shared/api': [
    ...basics,
    'shared/observability',
    'shared/ports',
    'shared/storage/compiled',
    'shared/kinds',
    'shared/auth',
    'shared/bootstrap',
    'shared/admission',
    'shared/patch',
    'shared/streams',
    'shared/events',
  ],
  // Which requests are written down: above the API, which only knows that somebody wants to be told.
  'shared/audit': [...basics, 'shared/ports', 'shared/auth', 'shared/kinds', 'shared/api'],
  'shared/controllers': [
    ...basics,
    'shared/observability',
    'shared/kinds',
    'shared/podspec',
    'shared/ports',
    'shared/client',
  ],
  // What a fork of a logical cluster has of its own, whoever makes it.
  'shared/clusters': [...basics, 'shared/kinds', 'shared/ports'],
  'aws/drivers': [...basics, 'shared/ports', 'shared/podspec', 'shared/observability'],
  'aws/drivers/dynamodb': storageDriver,
  // What things cost there, for whoever asks.
  'aws/prices': ['aws/drivers', 'aws/watched'],
  // Names and limits that alarms and the CLI look at.
  'aws/watched': [],
  'aws/iam': [...basics, 'shared/kinds', 'shared/auth'],
  'local/drivers': [...basics, 'shared/ports', 'shared/podspec', 'local/drivers/inherited'],
  // What programs must not have open, for whoever opens files and whoever starts programs.
  'local/drivers/inherited': [],
  'local/drivers/lmdb': [...storageDriver, 'local/drivers/inherited'],
  local: ['*'],
  aws: ['*'],
  cli: [
    ...basics,
    'shared/clusters',
    'shared/kinds',
    'shared/client',
    'shared/auth',
    'shared/streams',
    'aws/iam',
    'aws/prices',
    'aws/watched',
    'local',
    'local/drivers',
  ],
  // What programs import: a client of the CLI's making, and the plane of one machine that it starts.
  library: ['cli', 'local', 'local/drivers'],
};

/** The room of a path below src/; undefined for files outside all of them, such as those of src/ itself. */
export const roomOf = (path: string): string | undefined =>
  Object.keys(rooms)
    .filter((room) => path.startsWith(`src/${room}/`))
    .sort((a, b) => b.length - a.length)[0];
