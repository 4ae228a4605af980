import { ApiError } from '../../errors/apiError.ts';

/** A resourceVersion in a query that is none. */
export const noRevision = (text: string): ApiError => {
  const shown = JSON.stringify(text);
  return new ApiError(
    'Unknown',
    `resourceVersion: Invalid value: ${shown}: strconv.ParseUint: parsing ${shown}: invalid syntax`,
  );
};
