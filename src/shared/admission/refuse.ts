import { ApiError, type Cause } from '../errors/apiError.ts';
import { type Kind, resourceName } from '../kinds/kind.ts';

/** 403 as admission says it: `pods "x" is forbidden: …`. */
export const refused = (kind: Kind, name: string, why: string, causes?: Cause[]) =>
  new ApiError('Forbidden', `${resourceName(kind)} ${JSON.stringify(name)} is forbidden: ${why}`, {
    details: { name, ...(kind.group && { group: kind.group }), kind: kind.plural, ...(causes && { causes }) },
  });
