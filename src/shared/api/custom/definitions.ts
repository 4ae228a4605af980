import { definitionOf } from '../../kinds/custom/definition.ts';
import { type Definitions, definitionsOf, type Entry } from '../../kinds/custom/definitions.ts';
import { kindsOf } from '../../kinds/custom/kindsOf.ts';
import { withoutSchemas } from '../../kinds/custom/withoutSchemas.ts';
import type { CustomResourceDefinition } from '../../kinds/schema/types.ts';
import { parseExactJson } from '../../meta/integers.ts';
import type { AnyObject } from '../../meta/object.ts';
import type { Soon } from '../../meta/soon.ts';
import type { Storage, Stored } from '../../ports/storage.ts';
import { compiled } from '../../storage/compiled/index.ts';
import { parseJson } from '../served.ts';

/** Names the resource under which storage keeps CustomResourceDefinitions. */
export const definitionsResource = 'customresourcedefinitions.apiextensions.k8s.io';

/** The definitions of a logical cluster as they are stored now. */
export const storedDefinitions = (storage: Storage): ((cluster: string) => Soon<Definitions>) =>
  compiled<Entry, Definitions>(storage, definitionsResource, {
    read: (stored) => {
      const definition = definitionOf(brief(stored), parsedOf(stored));
      return { definition, kinds: kindsOf(definition) };
    },
    build: definitionsOf,
  });

const brief = ({ value }: Stored) =>
  parseExactJson(withoutSchemas(decoder.decode(value))) as CustomResourceDefinition;
const decoder = new TextDecoder();

/** It is parsed once for all versions that are looked at together, and not kept: most of it is schemas. */
function parsedOf(stored: Stored): () => CustomResourceDefinition {
  let last: WeakRef<AnyObject> | undefined;
  return () => {
    const parsed = last?.deref() ?? parseJson(stored.value);
    last = new WeakRef(parsed);
    return parsed as unknown as CustomResourceDefinition;
  };
}
