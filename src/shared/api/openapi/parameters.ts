/** Parameters of the operations, by where they are used. */

/** Is a parameter as OpenAPI v3 describes it. */
export interface Parameter {
  in: 'query' | 'path';
  name: string;
  required?: true;
  schema: object;
}

const query = (name: string, type: string): Parameter => ({
  in: 'query',
  name,
  schema: { type, uniqueItems: true },
});
const path = (name: string): Parameter => ({
  in: 'path',
  name,
  required: true,
  schema: { type: 'string', uniqueItems: true },
});

/** Describes `{name}` in a path. */
export const nameInPath = path('name');
/** Describes `{namespace}` in a path. */
export const namespaceInPath = path('namespace');
/** Describes `pretty`, which every operation takes. */
export const pretty = query('pretty', 'string');

const dryRun = query('dryRun', 'string');
/** kubectl asks whether a server knows dryRun and fieldValidation by looking for them here. */
export const writing = [dryRun, query('fieldManager', 'string'), query('fieldValidation', 'string')];
/** Describes what a PATCH takes: the parameters of every write, and `force` for server-side apply. */
export const patching = [...writing, query('force', 'boolean')];
/** Describes what a list and a watch take. */
export const lists = [
  query('allowWatchBookmarks', 'boolean'),
  query('continue', 'string'),
  query('fieldSelector', 'string'),
  query('labelSelector', 'string'),
  query('limit', 'integer'),
  query('resourceVersion', 'string'),
  query('resourceVersionMatch', 'string'),
  query('sendInitialEvents', 'boolean'),
  query('timeoutSeconds', 'integer'),
  query('watch', 'boolean'),
];
/** Describes the DeleteOptions that may stand in the query of a DELETE. */
export const deleting = [
  dryRun,
  query('gracePeriodSeconds', 'integer'),
  query('orphanDependents', 'boolean'),
  query('propagationPolicy', 'string'),
];
/** Describes what a request for a container's output takes. */
export const logging = [
  query('container', 'string'),
  query('follow', 'boolean'),
  query('limitBytes', 'integer'),
  query('previous', 'boolean'),
  query('sinceSeconds', 'integer'),
  query('tailLines', 'integer'),
  query('timestamps', 'boolean'),
];
