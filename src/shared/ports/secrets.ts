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

  /** Where the copy is, if it is there and of this revision of the data; writes nothing. */
  find(ref: SecretRef, secret: Secret): Promise<SecretReference | undefined>;

  /** Deletes the copy at once. Nothing happens when there is none. */
  remove(ref: SecretRef): Promise<void>;

  /** Every copy of this deployment, for sweeping; tokens too, by the name that `tokensName` gives them. */
  list(): Promise<SecretRef[]>;

  /** Absent where Pods do not reach the API, so that tokens are of no use to them. */
  tokens?: TokenVault;
}

/** Keeps tokens of ServiceAccounts where a cloud injects them into containers. Audience `` is the API's own. */
export interface TokenVault {
  /** Replaces what is kept for `ref` by these, by audience, and remembers when they are to be replaced. */
  keep(ref: SecretRef, tokens: ReadonlyMap<string, string>, renewAt: number): Promise<void>;

  /** Where the token for this audience is, if there is one of this very account (by uid); writes nothing. */
  find(ref: SecretRef, audience: string): Promise<TokenReference | undefined>;
}

/** Where a container gets a token from, and when the token has to be replaced. */
export interface TokenReference {
  /** What a task definition's `valueFrom` takes: `arn:aws:secretsmanager:…:<key>::`. */
  valueFrom: string;
  /** Milliseconds since the epoch, of which whole seconds are kept. */
  renewAt: number;
}

/** Where a container gets the copy of a Secret from. */
export interface SecretReference {
  /** What a task definition's `valueFrom` takes, without a key: `arn:aws:secretsmanager:…`. */
  arn: string;
}
