import { boolType, intType, opaqueType, stringType } from '../../types/type.ts';
import { type Failure, fail, noSuchOverload, Opaque, type Outcome, type Value } from '../../values/value.ts';
import { declare, method, plain } from '../declare.ts';
import {
  type Address,
  contains,
  formatAddress,
  formatNetwork,
  isMapped,
  masked,
  type Network,
  parseAddress,
  parseNetwork,
  sameAddress,
} from './address.ts';

export const ipType = opaqueType('net.IP');
export const cidrType = opaqueType('net.CIDR');

class IP extends Opaque {
  override readonly typeName = 'net.IP';
  readonly address: Address;
  constructor(address: Address) {
    super();
    this.address = address;
  }
  override get size(): number {
    return this.address.bytes.length;
  }
  override equals(other: Value): boolean | Failure {
    return other instanceof IP ? sameAddress(this.address, other.address) : noSuchOverload();
  }
  override toString(): string {
    return formatAddress(this.address);
  }
}

class CIDR extends Opaque {
  override readonly typeName = 'net.CIDR';
  readonly network: Network;
  constructor(network: Network) {
    super();
    this.network = network;
  }
  override get size(): number {
    return Math.ceil(this.network.bits / 8);
  }
  override equals(other: Value): boolean | Failure {
    if (!(other instanceof CIDR)) return noSuchOverload();
    const { address, bits } = this.network;
    return bits === other.network.bits && sameAddress(address, other.network.address);
  }
  override toString(): string {
    return formatNetwork(this.network);
  }
}

function readIP(text: string): IP | Failure {
  const shown = JSON.stringify(text);
  const address = parseAddress(text);
  if ('problem' in address)
    return fail(`IP Address ${shown} parse error during conversion from string: ${address.problem}`);
  if (address.zone !== '') return fail(`IP address ${shown} with zone value is not allowed`);
  return isMapped(address) ? fail(`IPv4-mapped IPv6 address ${shown} is not allowed`) : new IP(address);
}

function readCIDR(text: string): CIDR | Failure {
  const context = 'network address parse error during conversion from string: ';
  const network = parseNetwork(text);
  if ('problem' in network) return fail(`${context}${context}${network.problem}`);
  return isMapped(network.address)
    ? fail(`${context}IPv4-mapped IPv6 address ${JSON.stringify(text)} is not allowed`)
    : new CIDR(network);
}

type Test = (bytes: readonly number[], isV4: boolean) => boolean;
const zeros = (bytes: readonly number[]): boolean => bytes.every((byte) => byte === 0);
const isUnspecified: Test = zeros;
const isLoopback: Test = (bytes, isV4) =>
  isV4 ? bytes[0] === 127 : zeros(bytes.slice(0, 15)) && bytes[15] === 1;
const isMulticast: Test = (bytes, isV4) => (isV4 ? (bytes[0]! & 0xf0) === 0xe0 : bytes[0] === 0xff);
const isLinkLocalMulticast: Test = (bytes, isV4) =>
  isV4 ? bytes[0] === 224 && bytes[1] === 0 && bytes[2] === 0 : bytes[0] === 0xff && (bytes[1]! & 0x0f) === 2;
const isLinkLocalUnicast: Test = (bytes, isV4) =>
  isV4 ? bytes[0] === 169 && bytes[1] === 254 : bytes[0] === 0xfe && (bytes[1]! & 0xc0) === 0x80;
const isGlobalUnicast: Test = (bytes, isV4) =>
  !isUnspecified(bytes, isV4) &&
  !isLoopback(bytes, isV4) &&
  !isMulticast(bytes, isV4) &&
  !isLinkLocalUnicast(bytes, isV4) &&
  !(isV4 && bytes.every((byte) => byte === 255));

const addressTests: readonly [string, string, Test][] = [
  ['isUnspecified', 'ip_is_unspecified', isUnspecified],
  ['isLoopback', 'ip_is_loopback', isLoopback],
  ['isLinkLocalMulticast', 'ip_is_link_local_multicast', isLinkLocalMulticast],
  ['isLinkLocalUnicast', 'ip_is_link_local_unicast', isLinkLocalUnicast],
  ['isGlobalUnicast', 'ip_is_global_unicast', isGlobalUnicast],
];

const bytesOf = (value: Value | undefined): readonly number[] => (value as IP).address.bytes;
const networkOf = (value: Value | undefined): Network => (value as CIDR).network;

function containsIP([network, ip]: readonly Value[]): Outcome {
  const read = typeof ip === 'string' ? readIP(ip) : (ip as IP);
  return read instanceof IP ? contains(networkOf(network), read.address) : read;
}

function containsCIDR([network, other]: readonly Value[]): Outcome {
  const read = typeof other === 'string' ? readCIDR(other) : (other as CIDR);
  if (!(read instanceof CIDR)) return read;
  const { bits } = networkOf(network);
  return bits <= read.network.bits && contains(networkOf(network), read.network.address);
}

/** Addresses and networks. */
export const net = [
  declare(
    'ip',
    plain('string_to_ip', [stringType], ipType, ([text]) => readIP(text as string)),
    method('cidr_ip', [cidrType], ipType, ([network]) => new IP(networkOf(network).address)),
  ),
  declare(
    'family',
    method('ip_family', [ipType], intType, ([ip]) => (bytesOf(ip).length === 4 ? 4n : 6n)),
  ),
  declare(
    'ip.isCanonical',
    plain('ip_is_canonical', [stringType], boolType, ([text]) => {
      const read = readIP(text as string);
      return read instanceof IP ? read.toString() === text : read;
    }),
  ),
  ...addressTests.map(([name, id, test]) =>
    declare(
      name,
      method(id, [ipType], boolType, ([ip]) => test(bytesOf(ip), bytesOf(ip).length === 4)),
    ),
  ),
  declare(
    'isIP',
    plain('is_ip', [stringType], boolType, ([text]) => readIP(text as string) instanceof IP),
  ),
  declare(
    'string',
    plain('ip_to_string', [ipType], stringType, ([ip]) => String(ip)),
    plain('cidr_to_string', [cidrType], stringType, ([cidr]) => String(cidr)),
  ),
  declare(
    'cidr',
    plain('string_to_cidr', [stringType], cidrType, ([text]) => readCIDR(text as string)),
  ),
  declare(
    'containsIP',
    method('cidr_contains_ip_string', [cidrType, stringType], boolType, containsIP),
    method('cidr_contains_ip_ip', [cidrType, ipType], boolType, containsIP),
  ),
  declare(
    'containsCIDR',
    method('cidr_contains_cidr_string', [cidrType, stringType], boolType, containsCIDR),
    method('cidr_contains_cidr', [cidrType, cidrType], boolType, containsCIDR),
  ),
  declare(
    'prefixLength',
    method('cidr_prefix_length', [cidrType], intType, ([cidr]) => BigInt(networkOf(cidr).bits)),
  ),
  declare(
    'masked',
    method('cidr_masked', [cidrType], cidrType, ([cidr]) => new CIDR(masked(networkOf(cidr)))),
  ),
  declare(
    'isCIDR',
    plain('is_cidr', [stringType], boolType, ([text]) => readCIDR(text as string) instanceof CIDR),
  ),
];
