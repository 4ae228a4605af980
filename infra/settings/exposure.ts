import { isIP } from 'node:net';
import { canReserve } from '../concurrency.ts';
import type { Reader } from './context.ts';

/** Who reaches the API, and how much of the account strangers can use up. */
export interface Exposure {
  /** `private`: the API has no address on the internet, only one in the network. */
  endpoint: 'regional' | 'private';
  /** An interface endpoint of API Gateway that stands in the network already, for a private API. */
  vpcEndpoint?: string;
  /** Addresses that may ask the API; absent: all. */
  allowedCidrs?: string[];
  /** Requests a second, and how many may come at once. */
  throttle: { rate: number; burst: number };
  /** Whether the functions of controllers keep executions for themselves. */
  reserve: boolean;
}

/** At API Gateway's own 10,000 requests a second a stranger could spend $130 an hour; at this, $2.50. */
const usualThrottle = '200,500';

/** Reads them. Throws an error that names the key. */
export function readExposure(read: Reader, concurrency: number): Exposure {
  const endpoint = read.choice('endpoint', ['regional', 'private']);
  const vpcEndpoint = read.text('vpcEndpoint');
  if (vpcEndpoint && endpoint !== 'private') throw new Error('-c vpcEndpoint needs -c endpoint=private');
  if (endpoint === 'private' && read.text('domain'))
    throw new Error('-c endpoint=private takes no -c domain: a domain leads to an endpoint of the internet');
  const allowedCidrs = read.list('allowedCidrs').map(cidrOf);
  const reserve = read.flag('reserve', false);
  if (reserve && !canReserve(concurrency, concurrency))
    throw new Error(
      `-c reserve=true needs more than -c concurrency=${concurrency}: 100 have to stay unreserved`,
    );
  return {
    endpoint,
    ...(vpcEndpoint && { vpcEndpoint }),
    ...(allowedCidrs.length && { allowedCidrs }),
    throttle: throttleOf(read.text('throttle') ?? usualThrottle),
    reserve,
  };
}

function cidrOf(text: string): string {
  const [address = '', length = '', ...more] = text.split('/');
  const most = { 4: 32, 6: 128 }[isIP(address)] ?? -1;
  if (more.length || !/^\d{1,3}$/.test(length) || Number(length) > most)
    throw new Error(`-c allowedCidrs is a list as 203.0.113.0/24,2001:db8::/32, not ${JSON.stringify(text)}`);
  return text;
}

function throttleOf(text: string): Exposure['throttle'] {
  const [rate, burst, ...more] = text.split(',').map(Number);
  const isCount = (value: number | undefined) => Number.isInteger(value) && value! > 0;
  if (!isCount(rate) || !isCount(burst) || more.length)
    throw new Error(`-c throttle is RATE,BURST as 200,500, not ${JSON.stringify(text)}`);
  return { rate: rate!, burst: burst! };
}
