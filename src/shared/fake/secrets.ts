import type { Secret } from '../kinds/schema/types.ts';
import type { SecretRef, SecretReference, SecretVault } from '../ports/cloud.ts';

/** Copies in memory. `calls` says what was asked, without what is secret. */
export class FakeSecretVault implements SecretVault {
  readonly calls: string[] = [];
  /** Copies written, by `cluster/namespace/name`. */
  readonly copies = new Map<string, { ref: SecretRef; data: string }>();
  #failures: Error[] = [];

  async project(ref: SecretRef, secret: Secret): Promise<SecretReference> {
    this.#called('project', ref);
    this.copies.set(pathOf(ref), { ref, data: dataOf(secret) });
    return referenceTo(ref);
  }

  async find(ref: SecretRef, secret: Secret): Promise<SecretReference | undefined> {
    this.#called('find', ref);
    return this.copies.get(pathOf(ref))?.data === dataOf(secret) ? referenceTo(ref) : undefined;
  }

  async remove(ref: SecretRef): Promise<void> {
    this.#called('remove', ref);
    this.copies.delete(pathOf(ref));
  }

  async list(): Promise<SecretRef[]> {
    return [...this.copies.values()].map(({ ref }) => ref);
  }

  /** The next call fails. */
  failNext(error: Error): void {
    this.#failures.push(error);
  }

  #called(verb: string, ref: SecretRef): void {
    this.calls.push(`${verb} ${pathOf(ref)}`);
    const failure = this.#failures.shift();
    if (failure) throw failure;
  }
}

const pathOf = ({ cluster, namespace, name }: SecretRef) => `${cluster}/${namespace}/${name}`;
const dataOf = ({ data = {} }: Secret) => JSON.stringify(Object.entries(data).sort());
const referenceTo = (ref: SecretRef) => ({ arn: `arn:fake:secret:${pathOf(ref)}` });
