import type { Reader } from '../../client/client.ts';
import { apiServices } from '../resources.ts';

/** Gets a path of the API. */
export type Asks = (path: string) => Promise<{ status: number; text: string }>;

const group = 'custom.metrics.k8s.io';
const known = ['v1beta2', 'v1beta1'];

/**
 * The version of the custom metrics API to ask for: the one that discovery prefers, or the first of its others that we
 * know. A version that only an APIService names, where its server is never reached, is one too: asking it tells why.
 * @throws Error in client-go's words when there is none.
 */
export async function customVersion(asks: Asks, client: Pick<Reader, 'get'>): Promise<string> {
  const { status, text } = await asks(`/apis/${group}`);
  if (status === 200) {
    const { preferredVersion, versions = [] } = JSON.parse(text) as Discovered;
    const all = [preferredVersion, ...versions].map((each) => each?.version ?? '');
    const found = all.find((version) => known.includes(version));
    if (found) return found;
    throw new Error('no known available metric versions found');
  }
  for (const version of known) {
    const service = await client.get(apiServices, '', `${version}.${group}`);
    if (service?.spec?.service) return version;
  }
  throw new Error(`no custom metrics API (${group}) registered`);
}

interface Discovered {
  preferredVersion?: { version?: string };
  versions?: { version?: string }[];
}
