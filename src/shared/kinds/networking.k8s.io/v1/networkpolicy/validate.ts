import type { Cause } from '../../../../errors/apiError.ts';
import { portNameProblems } from '../../../../meta/names.ts';
import type {
  NetworkPolicy,
  NetworkPolicyPeer,
  NetworkPolicyPort,
  NetworkPolicySpec,
} from '../../../schema/types.ts';
import { forbidden, invalidValue, notSupported, required } from '../../../validation/causes.ts';
import { validSelector } from '../../../validation/labels.ts';
import { checked, portNumber } from '../../../validation/rules.ts';
import { cidrsOf, validBlock } from './ipBlock.ts';

const protocols = ['TCP', 'UDP', 'SCTP'];
const types = ['Ingress', 'Egress'];

export function validate({ spec }: NetworkPolicy, old?: NetworkPolicy): Cause[] {
  const { podSelector, ingress = [], egress = [], policyTypes = [] } = spec ?? ({} as NetworkPolicySpec);
  const kept = old ? cidrsOf(old) : [];
  const causes = validSelector('spec.podSelector', podSelector);
  for (const [i, { ports, from }] of ingress.entries())
    causes.push(...validRule(`spec.ingress[${i}]`, ports, 'from', from, kept));
  for (const [i, { ports, to }] of egress.entries())
    causes.push(...validRule(`spec.egress[${i}]`, ports, 'to', to, kept));
  const field = 'spec.policyTypes';
  if (policyTypes.length > types.length)
    return [...causes, invalidValue(field, policyTypes, 'may not specify more than two policyTypes')];
  for (const [i, type] of policyTypes.entries())
    if (!types.includes(type)) causes.push(notSupported(`${field}[${i}]`, type, types));
  return causes;
}

const validRule = (
  at: string,
  ports: NetworkPolicyPort[] = [],
  side: 'from' | 'to',
  peers: NetworkPolicyPeer[] = [],
  kept: readonly string[],
): Cause[] => [
  ...ports.flatMap((port, i) => validPort(`${at}.ports[${i}]`, port)),
  ...peers.flatMap((peer, i) => validPeer(`${at}.${side}[${i}]`, peer, kept)),
];

function validPort(at: string, { protocol, port, endPort }: NetworkPolicyPort): Cause[] {
  const causes: Cause[] = [];
  const end = `${at}.endPort`;
  if (protocol !== undefined && !protocols.includes(protocol))
    causes.push(notSupported(`${at}.protocol`, protocol, protocols));
  if (port === undefined) {
    const why = 'may not be specified when `port` is not specified';
    return endPort === undefined ? causes : [...causes, invalidValue(end, endPort, why)];
  }
  if (typeof port === 'string') {
    const why = 'may not be specified when `port` is non-numeric';
    if (endPort !== undefined) causes.push(invalidValue(end, endPort, why));
    return [...causes, ...checked(`${at}.port`, port, portNameProblems)];
  }
  causes.push(...portNumber(`${at}.port`, port));
  if (endPort === undefined) return causes;
  if (endPort < port) causes.push(invalidValue(end, port, 'must be greater than or equal to `port`'));
  return [...causes, ...portNumber(end, endPort)];
}

function validPeer(at: string, peer: NetworkPolicyPeer, kept: readonly string[]): Cause[] {
  const { podSelector, namespaceSelector, ipBlock } = peer;
  const causes = [
    ...validSelector(`${at}.podSelector`, podSelector),
    ...validSelector(`${at}.namespaceSelector`, namespaceSelector),
    ...(ipBlock ? validBlock(`${at}.ipBlock`, ipBlock, kept) : []),
  ];
  if (!podSelector && !namespaceSelector && !ipBlock) causes.push(required(at, 'must specify a peer'));
  else if (ipBlock && (podSelector || namespaceSelector))
    causes.push(forbidden(at, 'may not specify both ipBlock and another peer'));
  return causes;
}
