import type { Size, Storage } from '../ports/storage.ts';
import { json } from './http/answer.ts';
import type { ApiResponse } from './http/message.ts';

/** GET /clusters: how much each logical cluster holds. A path and no resource, since nothing of it is stored. */
export async function clusterSizes(storage: Pick<Storage, 'list' | 'size'>): Promise<ApiResponse> {
  const { items } = await storage.list({ cluster: 'default', resource: 'logicalclusters.shallop.dev' });
  const sizes: Record<string, Size> = Object.create(null) as Record<string, Size>;
  for (const name of ['default', ...items.map(({ key }) => key.name)]) sizes[name] = await storage.size(name);
  return json(200, { sizes });
}
