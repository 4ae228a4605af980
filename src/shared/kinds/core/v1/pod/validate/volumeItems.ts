import type { Cause } from '../../../../../errors/apiError.ts';
import type { KeyToPath } from '../../../../schema/types.ts';
import { required } from '../../../../validation/causes.ts';
import { fileMode, unreservedPath } from '../../../../validation/paths.ts';

/** Findings about the keys that a volume shows as files. */
export const validItems = (field: string, items: KeyToPath[] = []): Cause[] =>
  items.flatMap((item, i) => validItem(`${field}[${i}]`, item));

/** Findings about one of them. */
export const validItem = (at: string, { key, path, mode }: KeyToPath): Cause[] => [
  ...(key ? [] : [required(`${at}.key`)]),
  ...(path ? [] : [required(`${at}.path`)]),
  ...unreservedPath(`${at}.path`, path),
  ...fileMode(`${at}.mode`, mode),
];
