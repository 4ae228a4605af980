import { parseAddress } from '../../addresses.ts';

/** Bridges that may exist at the same time: 10.128.0.0/16 … 10.253.0.0/16. */
export const bridges = 126;
const firstOctet = 128;

const octet = (number: number) => firstOctet + number;

/** Names and ranges of instance `number`. Interface names have at most 15 characters. */
export const namesOf = (number: number) => ({
  bridge: `shallop${octet(number)}`,
  network: `10.${octet(number)}.0.0/16`,
  gateway: `10.${octet(number)}.0.1`,
  /** Locally administered hardware address of the bridge. */
  hardware: `02:73:68:6c:00:${octet(number).toString(16)}`,
  podCidr: `10.${octet(number)}.0.0/17`,
  serviceCidr: `10.${octet(number)}.128.0/17`,
  namespacePrefix: `shallop${octet(number)}-`,
  /**
   * Is where Pods' packets for other machines go: a namespace with an address in the first 256 of the range, which no Pod
   * gets, its cable's end here, and the namespace that they are encapsulated in.
   */
  exit: {
    namespace: `shallop${octet(number)}-out`,
    address: `10.${octet(number)}.0.6`,
    cable: `shp${octet(number)}out`,
    underlay: `shallop${octet(number)}-via`,
  },
  /** The network namespace of the Pod with this address. */
  namespace: (address: string) => `shallop${octet(number)}-${last16(address)}`,
  /**
   * Is the locally administered hardware address of the Pod's end of the cable. It follows from the address, as in CNI's
   * bridge plugin once: neighbours that remember an earlier Pod at this address reach the new one.
   */
  hardwareOf: (address: string) => `0a:58:${bytesOf(address).map(hex).join(':')}`,
  /** The host's end of the Pod's cable. */
  cable: (address: string) => `shp${octet(number)}x${last16(address)}`,
});

export type Names = ReturnType<typeof namesOf>;

const bytesOf = (address: string) => address.split('.').map(Number);

const hex = (byte: number) => byte.toString(16).padStart(2, '0');

const last16 = (address: string) => (parseAddress(address) ?? 0) & 0xffff;
