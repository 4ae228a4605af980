import type { AdmissionPlugin } from '../shared/admission/plugin.ts';
import type { TokenIssuer } from '../shared/auth/tokens.ts';
import type { User } from '../shared/auth/user.ts';
import type { Clock } from '../shared/clock/clock.ts';
import type { Ids } from '../shared/clock/ids.ts';
import type { Controller } from '../shared/controllers/controller.ts';
import type { Environment } from '../shared/controllers/environment.ts';
import type { Kind } from '../shared/kinds/kind.ts';
import type { Logger } from '../shared/observability/logger.ts';
import type { Storage } from '../shared/ports/storage.ts';
import type { Audit } from './audit/index.ts';
import type { AuthorizationMode } from './authorizer.ts';
import type { LocalCloud } from './cloud.ts';
import type { EventDelivery } from './events/index.ts';
import type { Pki } from './pki/index.ts';

/** Describes what the core of one machine is made of. */
export interface CoreOptions {
  /** The core closes it. */
  storage: Storage;
  cloud: Omit<LocalCloud, 'explanation' | 'close'>;
  /** Range of node ports; 30000-32767 when it is absent. */
  nodePorts?: { first: number; last: number };
  // biome-ignore lint/suspicious/noExplicitAny: kinds of every object type stand in one list
  kinds: readonly Kind<any>[];
  controllers: Controller[];
  /** Issues and checks tokens of service accounts. */
  tokens: TokenIssuer;
  /** Returns whose a token is that was given to the server in a file; absent: there are none. */
  knownTokens?: (token: string) => User | undefined;
  /** Is what /version says instead of the release. */
  reportedVersion?: string;
  /** PEM of the authority that clients check the API's certificate by. */
  clusterCa: string;
  /** Signs what CertificateSigningRequests ask for. Absent where the authority is not ours. */
  signCertificate?: Environment['signCertificate'];
  /** Who decides; absent: nodes by their Pods, and RBAC, as kubeadm has it. */
  authorization?: readonly AuthorizationMode[];
  /** Who shows no credentials is refused, whatever is asked for. */
  refuseAnonymous?: boolean;
  /** Says whether MutatingAdmissionPolicies change requests; they do not when it is absent. */
  mutatingPolicies?: boolean;
  /** Are admission plugins that only one composition needs. */
  furtherPlugins?: AdmissionPlugin[];
  /** Returns whether an admission plugin takes part; all do when it is absent. */
  admits?(plugin: string): boolean;
  /** Is what this server shows to API servers of others, and the authority that they know it by. Absent: nothing. */
  frontProxy?: Pki['frontProxy'];
  /** PEM of the authority of clients' certificates, of which they are told too. Absent: they are not told. */
  clientCa?: string;
  /** Keeps account of requests. Absent: none is kept. */
  audit?: Pick<Audit, 'trail' | 'figures'>;
  /** Tells receivers of changes. Absent: nobody is told. */
  events?: EventDelivery;
  /** Returns the port of a Node's kubelet, 0 where it has none. Absent: what Nodes say of it is left alone. */
  kubeletPort?: Environment['kubeletPort'];
  clock: Clock;
  ids: Ids;
  log: Logger;
  /** Returns whether anybody takes what is logged. Absent: nobody can tell. */
  canLog?(): boolean;
  /** Returns where the API listens, once it does. */
  port(): number;
  /** The address that it says it listens at; 127.0.0.1 when it is absent. */
  address?: string;
}
