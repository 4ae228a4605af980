import { ApiError } from '../../errors/apiError.ts';

/** In which form an answer is wanted. */
export type Representation = 'json' | 'yaml' | 'table' | 'partial' | 'discovery';

export const json = 'application/json';
const known = 'application/json, application/yaml, application/vnd.kubernetes.protobuf';

/**
 * The first form of the Accept header that this server has. Clients that prefer protobuf name JSON too and take it.
 * Throws NotAcceptable when there is none.
 */
export function negotiate(accept: string | undefined, offers: readonly Representation[]): Representation {
  if (!accept || accept === '*/*') return 'json';
  for (const range of accept.split(',')) {
    const found = representationOf(range.trim());
    if (found && offers.includes(found)) return found;
  }
  throw new ApiError('NotAcceptable', `only the following media types are accepted: ${known}`);
}

function representationOf(range: string): Representation | undefined {
  const [type = '', ...rest] = range.split(';').map((part) => part.trim());
  const parameters = new Map(rest.map((part) => part.split('=') as [string, string]));
  const as = parameters.get('as');
  if (type === 'application/yaml' && !as) return 'yaml';
  if (type !== json && type !== '*/*' && type !== 'application/*') return undefined;
  if (as === undefined) return 'json';
  if (as === 'Table') return parameters.get('g') === 'meta.k8s.io' ? 'table' : undefined;
  if (as === 'PartialObjectMetadata' || as === 'PartialObjectMetadataList') return 'partial';
  if (as === 'APIGroupDiscoveryList') return parameters.get('v') === 'v2' ? 'discovery' : undefined;
  return undefined;
}
