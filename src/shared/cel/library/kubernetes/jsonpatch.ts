import { stringType } from '../../types/type.ts';
import { declare, plain } from '../declare.ts';

/** Keys within the paths of a JSON Patch, for mutating policies. */
export const jsonPatchFunctions = [
  declare(
    'jsonpatch.escapeKey',
    plain('string_jsonpatch_escapeKey_string', [stringType], stringType, ([key]) =>
      (key as string).replaceAll('~', '~0').replaceAll('/', '~1'),
    ),
  ),
];
