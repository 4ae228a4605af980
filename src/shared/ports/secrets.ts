import type { Secret } from '../kinds/schema/types.ts';

/** Identifies a Secret's incarnation, or that of the ServiceAccount that tokens are kept for. */
export interface SecretRef {
  cluster: string;
  namespace: string;
  name: string;
  uid: string;
}

/** Copies Secrets to where a cloud injects them into containers. */
export interface SecretVault {
  /** Makes the copy be as the Secret is; unchanged data writes nothing. Answers where it can be read from. */
  project(ref: SecretRef, secret: Secret): Promise<SecretReference>;

  /** Returns where the copy is, if it is there and of this revision of the data; writes nothing. */
  find(ref: SecretRef, secret: Secret): Promise<SecretReference | undefined>;

  /** Deletes the copy at once. Nothing happens when there is none. */
  remove(ref: SecretRef): Promise<void>;

  /** Every copy of this deployment, for sweeping; tokens too, by the name that `tokensName` gives them. */
  list(): Promise<SecretRef[]>;

  /** Absent where Pods do not reach the API, so that tokens are of no use to them. */
  tokens?: TokenVault;
}

/**
 * Keeps a boot token of each ServiceAccount where a cloud injects it into the container that asks the API for the tokens of
 * a Pod.
 */
export interface TokenVault {
  /** Replaces what is kept for `ref` by this token, and remembers when it is to be replaced. */
  keep(ref: SecretRef, token: string, renewAt: number): Promise<void>;

  /** Returns where the token is, if there is one of this very account (by uid); writes nothing. */
  find(ref: SecretRef): Promise<TokenReference | undefined>;
}

/** Describes where a container gets a boot token from, and when the token has to be replaced. */
export interface TokenReference {
  /** Is what a task definition's `valueFrom` takes: `arn:aws:secretsmanager:…:<key>::`. */
  valueFrom: string;
  /** Milliseconds since the epoch, of which whole seconds are kept. */
  renewAt: number;
}

/** Describes where a container gets the copy of a Secret from. */
export interface SecretReference {
  /** Is what a task definition's `valueFrom` takes, without a key: `arn:aws:secretsmanager:…`. */
  arn: string;
}
