import type { Duplex } from 'node:stream';
import { ApiError } from '../../../errors/apiError.ts';
import { internalError } from '../../../errors/common.ts';
import type { HeaderLines, Reach, ReachAnswer } from '../../../ports/reach.ts';
import { notServed } from '../../http/errors.ts';
import type { ApiRequest, ApiResponse } from '../../http/message.ts';
import type { Call, Serve } from '../../request.ts';
import { admitProxy } from '../streams/connect.ts';
import { answeredHeaders, forwardedHeaders, hasBody, hostOf, wantsUpgrade } from './headers.ts';
import { rewriteLink } from './links.ts';
import { rewritePage } from './page.ts';
import { cleaned, type Proxied, proxiedPath } from './path.ts';
import { type Place, placeOfPod, placeOfService, unavailable } from './place.ts';

/** Any method on `pods/proxy`: the request goes to the Pod, and its answer to the client. */
export const podProxy: Serve = (call) => proxied(call, 'pods/proxy', 'PodProxyOptions', placeOfPod);

/** Likewise of a Service, to one of its Pods that are ready. */
export const serviceProxy: Serve = (call) =>
  proxied(call, 'services/proxy', 'ServiceProxyOptions', placeOfService);

async function proxied(
  call: Call,
  what: string,
  options: string,
  find: (call: Call, reach: Reach) => Promise<Place>,
): Promise<ApiResponse> {
  const { reach } = call.deps;
  if (!reach) throw notServed(what, call.deps.proxyRemedy);
  const wanted = proxiedPath(call.request.target, true);
  await admitProxy(call, options, wanted.path);
  return passedOn(call.request, reach, wanted, await find(call, reach));
}

/** Sends a request on to a place, with links of the answer rewritten so that they lead through the proxy. */
export async function passedOn(
  request: ApiRequest,
  reach: Reach,
  wanted: Proxied,
  place: Place,
): Promise<ApiResponse> {
  const upgrades = wantsUpgrade(request);
  const redirect = upgrades ? undefined : withSlash(request, wanted);
  if (redirect) return redirect;
  const port = portOf(place);
  const page = { prefix: wanted.prefix, source: `${place.address}:${port}`, host: hostOf(request) };
  const uri = cleaned(`${page.prefix}/${wanted.path}`);
  const answer = await asked(request, reach, wanted, { ...place, port }, forwardedHeaders(request, uri));
  if (upgrades) return upgraded(answer);
  const headers = answeredHeaders(answer.headers, false);
  const { location } = headers;
  if (typeof location === 'string' && location)
    return {
      status: answer.status,
      headers: { ...headers, location: rewriteLink(location, page) },
      body: answer.body,
    };
  return rewritePage({ status: answer.status, headers, body: answer.body }, request.method, page);
}

/** Links of a page relative to it need the slash at the proxy's end. */
function withSlash({ method }: ApiRequest, { path, query, whole }: Proxied): ApiResponse | undefined {
  if (path || (method !== 'GET' && method !== 'HEAD')) return undefined;
  return { status: 301, headers: { location: `${whole}/${query}` }, body: new Uint8Array() };
}

function portOf({ tls, port }: Place): number {
  const number = port ? Number(port) : tls ? 443 : 80;
  if (Number.isInteger(number) && number > 0 && number < 65_536) return number;
  const why = /^\d+$/.test(port) ? 'invalid port' : `lookup tcp/${port}: unknown port`;
  throw unreachable(`dial tcp: ${why}`);
}

async function asked(
  request: ApiRequest,
  reach: Reach,
  { path, query }: Proxied,
  { tls, address, port }: { tls: boolean; address: string; port: number },
  headers: HeaderLines,
): Promise<ReachAnswer> {
  const { method, signal } = request;
  const body = hasBody(request) && !wantsUpgrade(request) ? { body: bodyOf(request) } : {};
  try {
    return await reach.send({
      tls,
      address,
      port,
      method,
      path: `${path || '/'}${query}`,
      headers,
      signal,
      ...body,
    });
  } catch (error) {
    if (error instanceof ApiError) throw error;
    throw unreachable((error as Error).message);
  }
}

const unreachable = (why: string) => unavailable(`error trying to reach service: ${why}`);

/** Transports that only have a whole body bound it. */
const mostWhole = 3 * 1024 * 1024;

/** The body of a request as it comes. */
export async function* bodyOf(request: ApiRequest): AsyncIterable<Uint8Array> {
  if (request.chunks) yield* request.chunks();
  else yield await request.body(mostWhole);
}

/** Joins both connections where the program agrees; a refusal of its own is the client's answer. */
export function upgraded({ status, headers, body, connection }: ReachAnswer): ApiResponse {
  if (connection)
    return {
      status,
      headers: answeredHeaders(headers, true),
      body: new Uint8Array(),
      upgrade: (client) => join(client, connection),
    };
  if (status < 400) throw internalError(`invalid upgrade response: status code ${status}`);
  return { status, headers: answeredHeaders(headers, false), body };
}

function join(client: Duplex, program: Duplex): void {
  for (const [from, to] of [
    [client, program],
    [program, client],
  ] as const) {
    from.on('error', () => to.destroy());
    from.once('close', () => to.destroy());
    from.pipe(to);
  }
}
