import type { Answer, Question } from 'dns-packet';
import type { NameRecord } from '../../../shared/ports/cloud.ts';
import { clusterDomain } from '../../../shared/ports/names.ts';
import type { Zone } from './names.ts';
import { addressOfDashes, addressOfReverse } from './reverse.ts';

/** Seconds: Services and Pods come and go. */
const ttl = 5;

/** Describes what is known here of a question. */
export interface Known {
  code: 'NOERROR' | 'NXDOMAIN';
  answers: Answer[];
  /** Addresses of names that stand in the answers. */
  additionals: Answer[];
  authorities: Answer[];
  /** An alias leads out of the cluster: whose addresses are wanted, too. */
  elsewhere?: string;
}

export interface AnswerOptions {
  zone: Zone;
  /** Returns whether names of this address are the cluster's to know. */
  isOwn(address: string): boolean;
  /** Seconds since the epoch. */
  serial: number;
}

/** Answers what the cluster knows; undefined for what others have to be asked. */
export function answer(question: Question, options: AnswerOptions): Known | undefined {
  const name = question.name.toLowerCase().replace(/\.$/, '');
  const address = addressOfReverse(name);
  if (address) return reversed(question, name, address, options);
  if (name !== clusterDomain && !name.endsWith(`.${clusterDomain}`)) return undefined;
  return forward(question, name === clusterDomain ? '' : name.slice(0, -clusterDomain.length - 1), options);
}

function reversed(
  question: Question,
  name: string,
  address: string,
  options: AnswerOptions,
): Known | undefined {
  const names = options.zone.reverse(name);
  if (!names.length && !options.isOwn(address)) return undefined;
  const answers =
    question.type === 'PTR'
      ? names.map((each): Answer => ({ name: question.name, type: 'PTR', ttl, data: absolute(each) }))
      : [];
  return known(names.length > 0, answers, options);
}

function forward(question: Question, name: string, options: AnswerOptions): Known {
  const { zone } = options;
  if (name === '') {
    const answers = question.type === 'SOA' ? [soa(options)] : [];
    return known(true, answers, options);
  }
  if (name === `dns-version`)
    return known(
      true,
      question.type === 'TXT' ? [{ name: question.name, type: 'TXT', ttl, data: '1.1.0' }] : [],
      options,
    );
  const pod = podAddress(name);
  if (pod) {
    const answers = question.type === pod.type ? [record(question.name, pod.type, pod.address)] : [];
    return known(true, answers, options);
  }
  const [alias] = zone.find(name, 'CNAME').values;
  if (alias !== undefined && question.type !== 'CNAME') return aliased(question, alias, options);
  const type = served(question.type);
  const { exists, values } = zone.find(name, type ?? 'A');
  const answers = type ? values.map((value) => record(question.name, type, value)) : [];
  const found = known(exists || isFixed(name), answers, options);
  return type === 'SRV' ? { ...found, additionals: values.flatMap((value) => targetOf(value, zone)) } : found;
}

/** An alias within the cluster is followed here. */
function aliased(question: Question, alias: string, options: AnswerOptions): Known {
  const target = alias.replace(/\.$/, '');
  const first: Answer = { name: question.name, type: 'CNAME', ttl, data: target };
  // One step: an alias of an alias is the client's to follow, so that no circle is.
  const name = target.toLowerCase();
  if (!name.endsWith(`.${clusterDomain}`))
    return { code: 'NOERROR', answers: [first], additionals: [], authorities: [], elsewhere: target };
  const type = served(question.type);
  const { values } = type
    ? options.zone.find(name.slice(0, -clusterDomain.length - 1), type)
    : { values: [] };
  const more = type ? values.map((value) => record(target, type, value)) : [];
  return known(true, [first, ...more], options);
}

const served = (type: string): NameRecord['type'] | undefined =>
  type === 'A' || type === 'AAAA' || type === 'SRV' || type === 'CNAME' ? type : undefined;

function record(name: string, type: NameRecord['type'], value: string): Answer {
  if (type !== 'SRV') return { name, type, ttl, data: type === 'CNAME' ? value.replace(/\.$/, '') : value };
  const [priority, weight, port, target = ''] = value.split(' ');
  return {
    ...{ name, type, ttl },
    data: {
      priority: Number(priority),
      weight: Number(weight),
      port: Number(port),
      target: absolute(target),
    },
  };
}

function targetOf(value: string, zone: Zone): Answer[] {
  const target = value.split(' ')[3] ?? '';
  return (['A', 'AAAA'] as const).flatMap((type) =>
    zone.find(target, type).values.map((address) => record(absolute(target), type, address)),
  );
}

const absolute = (name: string) => `${name}.${clusterDomain}`;

/** These are there even while nothing is below them. */
const isFixed = (name: string) => name === 'svc' || name === 'pod';

/** `10-0-0-1.<namespace>.pod` is that address, whether a Pod has it or not: as CoreDNS does by default. */
function podAddress(name: string): { address: string; type: 'A' | 'AAAA' } | undefined {
  const [label = '', namespace, kind, ...more] = name.split('.');
  if (!namespace || kind !== 'pod' || more.length) return undefined;
  const address = addressOfDashes(label);
  return address === undefined ? undefined : { address, type: address.includes(':') ? 'AAAA' : 'A' };
}

/** Without an answer it says how long that holds. */
const known = (exists: boolean, answers: Answer[], options: AnswerOptions): Known => ({
  code: exists ? 'NOERROR' : 'NXDOMAIN',
  answers,
  additionals: [],
  authorities: answers.length ? [] : [soa(options)],
});

const soa = ({ serial }: AnswerOptions): Answer => ({
  name: clusterDomain,
  type: 'SOA',
  ttl,
  data: {
    mname: `ns.dns.${clusterDomain}`,
    rname: `hostmaster.${clusterDomain}`,
    serial,
    refresh: 7200,
    retry: 1800,
    expire: 86_400,
    minimum: ttl,
  },
});
