import type { Cause } from '../../../shared/errors/apiError.ts';
import type { Service } from '../../../shared/kinds/schema/types.ts';
import type { KubeObject } from '../../../shared/meta/object.ts';

const ofServices = 'service.beta.kubernetes.io/aws-load-balancer-';
const sourceRanges = 'service.beta.kubernetes.io/load-balancer-source-ranges';
const sharedBy = 'shallop.dev/shared-lb';

/** The AWS Load Balancer Controller's annotations, read and checked one by one; findings name the annotation. */
export class Annotations {
  readonly causes: Cause[] = [];
  readonly #values: Record<string, string>;

  readonly #prefix: string;

  constructor({ metadata }: KubeObject, prefix = ofServices) {
    this.#values = metadata.annotations ?? {};
    this.#prefix = prefix;
  }

  /** Keys, without the common prefix, of all that stand there. */
  get keys(): string[] {
    const all = Object.keys(this.#values).filter((key) => key.startsWith(this.#prefix));
    return all.map((key) => key.slice(this.#prefix.length));
  }

  /** `key` without the common prefix. */
  text(key: string): string | undefined {
    return this.#values[this.#prefix + key]?.trim() || undefined;
  }

  matching(key: string, pattern: RegExp, what: string): string | undefined {
    const value = this.text(key);
    return value === undefined || pattern.test(value) ? value : this.refuse(key, what);
  }

  oneOf<T extends string>(key: string, values: readonly T[]): T | undefined {
    const value = this.text(key);
    const found = values.find((v) => v === value?.toLowerCase());
    return value === undefined || found ? found : this.refuse(key, `must be one of: ${values.join(', ')}`);
  }

  number(key: string, min: number, max: number): number | undefined {
    const value = this.text(key);
    if (value === undefined) return undefined;
    const number = /^\d+$/.test(value) ? Number(value) : Number.NaN;
    return number >= min && number <= max
      ? number
      : this.refuse(key, `must be a whole number from ${min} to ${max}`);
  }

  /** Comma-separated. */
  list(key: string, pattern = /./, what = ''): string[] {
    const values = split(this.text(key));
    const wrong = values.find((value) => !pattern.test(value));
    if (wrong !== undefined) this.refuse(key, `${JSON.stringify(wrong)} ${what}`);
    return values;
  }

  /** `key=value,key=value`. */
  pairs(key: string): Record<string, string> {
    const pairs = split(this.text(key)).map((pair) => {
      const at = pair.indexOf('=');
      if (at < 1) this.refuse(key, `${JSON.stringify(pair)} is not of the form key=value`);
      return [pair.slice(0, at).trim(), pair.slice(at + 1).trim()];
    });
    return Object.fromEntries(pairs);
  }

  /** Addresses that may connect: the spec's, else the annotation's, else all. */
  sourceRanges({ spec }: Service): string[] {
    const own = spec?.loadBalancerSourceRanges ?? [];
    if (own.length > 0) return own.map((range) => range.trim());
    const values = split(this.#values[sourceRanges]);
    const wrong = values.find((value) => !/^[0-9a-f.:]+\/\d{1,3}$/i.test(value));
    if (wrong !== undefined) this.refuseWhole(sourceRanges, `${JSON.stringify(wrong)} is not a CIDR`);
    return values.length > 0 ? values : ['0.0.0.0/0'];
  }

  /** The load balancer that several Services share. */
  shared(): string | undefined {
    const value = this.#values[sharedBy]?.trim() || undefined;
    if (value === undefined || /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(value)) return value;
    return this.refuseWhole(sharedBy, 'must be a DNS label');
  }

  refuse(key: string, message: string): undefined {
    return this.refuseWhole(this.#prefix + key, message);
  }

  refuseWhole(annotation: string, message: string): undefined {
    this.causes.push({
      reason: 'FieldValueInvalid',
      field: `metadata.annotations[${annotation}]`,
      message: `Invalid value: ${JSON.stringify(shortened(this.#values[annotation] ?? ''))}: ${message}`,
    });
  }
}

/** Some hold whole JSON documents, and an Event has 1024 characters. */
const shortened = (text: string) => (text.length > 100 ? `${text.slice(0, 100)}…` : text);

const split = (text = ''): string[] =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean);
