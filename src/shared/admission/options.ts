import type { Clock } from '../clock/clock.ts';
import type { Ids } from '../clock/ids.ts';
import type { Turn } from '../meta/steps.ts';
import type { Storage } from '../ports/storage.ts';
import type { Webhooks } from '../ports/webhooks.ts';
import type { EscalationOptions } from './escalation/index.ts';
import type { AdmissionPlugin } from './plugin.ts';
import type { JudgePolicy } from './policy/tasks.ts';
import type { AddressWishes } from './serviceaddresses/index.ts';

/** Describes what the plugins work with. */
export interface AdmissionOptions {
  storage: Storage;
  /** When absent, users who may write roles and bindings may write any. */
  rbac?: EscalationOptions;
  clock: Clock;
  ids: Ids;
  /** For how long what was read of a resource may serve again, in milliseconds. Default 0. */
  trustedMs?: number;
  /** Says whether MutatingAdmissionPolicies change requests. */
  mutatingPolicies?: boolean;
  /** Calls webhooks. Absent: configurations of webhooks have no effect. */
  webhooks?: Webhooks;
  /** Says whether storage can have a logical cluster begin as another one. Default false. */
  hasForks?: boolean;
  /** Network of cluster IPs. Default 10.96.0.0/16. */
  serviceCidr?: string;
  /** Returns what somebody says of addresses of Services in a logical cluster. Absent: nothing. */
  addressesIn?(cluster: string): Promise<AddressWishes>;
  /** Range of node ports. Default 30000-32767. */
  nodePorts?: { first: number; last: number };
  /** Evaluates expressions that take long. Absent: they are evaluated at once, whoever waits meanwhile. */
  judgePolicy?: JudgePolicy;
  /** Is asked between evaluations, as ApiDeps.turn between the steps of a write. */
  turn?: Turn;
  /** Is what only one composition needs. */
  further?: AdmissionPlugin[];
}
