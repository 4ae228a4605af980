import { isReason } from '../../errors/apiError.ts';
import {
  establishedStatus,
  hasItsNames,
  isSettled,
} from '../../kinds/apiextensions.k8s.io/v1/customresourcedefinition/establish.ts';
import type { Definitions, Entry } from '../../kinds/custom/definitions.ts';
import type { CustomResourceDefinition } from '../../kinds/schema/types.ts';
import type { AnyObject } from '../../meta/object.ts';
import type { Soon } from '../../meta/soon.ts';
import { emptyQuery } from '../http/target.ts';
import type { Call } from '../request.ts';
import { retried } from '../verbs/patch.ts';

const attempts = 20;

/**
 * Gives definitions their names and has their kinds served, before the write that asked for it is answered: clients find
 * what they have just defined. What a crash left undone is done by the next such write or by the controller.
 */
export async function establish(
  call: Call,
  definitions: (cluster: string) => Soon<Definitions>,
): Promise<void> {
  for (let round = 0; round < attempts; round++) {
    const { all } = await definitions(call.cluster);
    const due = all.find((entry) => isPending(entry, all, call.deps.clock.now()));
    if (!due) return;
    await writeStatus(call, due.definition.name, takenBy(all, due));
  }
}

/** Who has all names is looked at once: there may be thousands, and each of them came by a write. */
const named = new WeakSet<Entry>();

function isPending(entry: Entry, all: readonly Entry[], now: number): boolean {
  const { head } = entry.definition;
  if (named.has(entry)) return false;
  if (hasItsNames(head)) {
    named.add(entry);
    return false;
  }
  return !isSettled(head.status, establishedStatus(head, takenBy(all, entry), now));
}

/** The names that the other definitions of the group have been given. */
const takenBy = (all: readonly Entry[], { definition: { name, group } }: Entry) =>
  all
    .filter(({ definition }) => definition.group === group && definition.name !== name)
    .map(({ definition }) => definition.accepted);

async function writeStatus(
  call: Call,
  name: string,
  taken: Parameters<typeof establishedStatus>[1],
): Promise<void> {
  const { deps, request } = call;
  const own: Call = { ...call, name, request: ownRequest(request), query: emptyQuery };
  const apply = (old: AnyObject): AnyObject => {
    const crd = old as unknown as CustomResourceDefinition;
    const status = establishedStatus(crd, taken, deps.clock.now());
    return isSettled(crd.status, status) ? old : { ...old, status };
  };
  try {
    await retried(own, apply, 'status', false);
  } catch (error) {
    // Somebody has deleted it meanwhile.
    if (!isReason(error, 'NotFound')) throw error;
  }
}

/** The server writes by itself, in the name under which tools know it. */
const ownRequest = ({ method, target, peer, signal }: Call['request']): Call['request'] => ({
  method,
  target,
  peer: { address: peer.address },
  signal,
  header: (name) => (name === 'user-agent' ? 'kube-apiserver' : undefined),
  headersBeginning: () => [],
  body: async () => new Uint8Array(),
});
