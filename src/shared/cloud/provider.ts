import type { Ingresses } from './ports/ingresses.ts';
import type { LoadBalancers } from './ports/loadBalancers.ts';
import type { NameService } from './ports/names.ts';
import type { PodRuntime } from './ports/pods.ts';
import type { SecretVault } from './ports/secrets.ts';
import type { Volumes } from './ports/volumes.ts';

export type * from './ports/ingresses.ts';
export type * from './ports/loadBalancers.ts';
export type * from './ports/names.ts';
export type * from './ports/pods.ts';
export type * from './ports/secrets.ts';
export type * from './ports/volumes.ts';

/** What the control plane asks of a cloud or a machine. Each port has a contract suite that every driver passes. */
export interface Cloud {
  pods: PodRuntime;
  loadBalancers: LoadBalancers;
  /** Absent where containers get their Secrets from the Pod runtime itself. */
  secrets?: SecretVault;
  /** Absent where no name server is to be told. */
  names?: NameService;
  /** Absent where nobody serves Ingresses. */
  ingresses?: Ingresses;
  /** Absent where volumes are made by somebody else. */
  volumes?: Volumes;
}
