import type { AdmissionPlugin } from '../../admission/plugin.ts';
import type { Kind } from '../../kinds/kind.ts';
import type { AnyObject } from '../../meta/object.ts';
import type { Served } from '../served.ts';

/**
 * Plugins and strategies write fields where they like; what is stored has one form for equal objects, so that a write
 * that changes nothing can be told from its bytes.
 */
export function settle(served: Served, plugins: readonly AdmissionPlugin[], object: AnyObject): AnyObject {
  const { kind, resource } = served;
  const touched = hasStrategy(kind) || plugins.some(({ resources }) => resources?.includes(resource));
  return touched ? kind.schema.decode(object) : object;
}

const hasStrategy = (kind: Kind) => kind.prepareForCreate || kind.prepareForUpdate;
