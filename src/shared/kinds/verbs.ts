import type { Verb } from './kind.ts';

/** Is what a stored kind answers to, in the order in which discovery lists it. */
export const allVerbs: Verb[] = [
  'create',
  'delete',
  'deletecollection',
  'get',
  'list',
  'patch',
  'update',
  'watch',
];
