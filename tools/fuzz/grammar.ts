import { seeded } from '../differential/grammar.ts';
import { bodyOf } from './bodies.ts';
import { Draw, type FuzzRequest } from './request.ts';
import {
  accepts,
  fields,
  labels,
  names,
  odd,
  oddTypes,
  parameters,
  patchTypes,
  resources,
  subresources,
} from './words.ts';

/**
 * `count` requests, well-formed, nearly right and plainly wrong: paths, verbs, headers, queries, selectors, bodies in every
 * format and patches. Writes are dry runs, so that no request depends on one before.
 */
export function fuzzRequests(seed: number, count: number): FuzzRequest[] {
  const draw = new Draw(seeded(seed * 7919 + 1));
  return Array.from({ length: count }, () => requestOf(draw));
}

const usual = ['GET', 'GET', 'POST', 'PUT', 'PATCH', 'PATCH', 'DELETE'];
const unusual = ['HEAD', 'OPTIONS'];

function requestOf(draw: Draw): FuzzRequest {
  const method = draw.one(draw.rarely(40) ? unusual : usual);
  const resource = draw.one(resources);
  const isWrite = ['POST', 'PUT', 'PATCH', 'DELETE'].includes(method);
  const often = method === 'GET' ? 2 : 20;
  const named = method === 'POST' ? draw.rarely(10) : !draw.rarely(often);
  const query = queryOf(draw, isWrite);
  const path = draw.rarely(25) ? strayPath(draw) : pathOf(draw, resource.collection, named);
  const headers: Record<string, string> = {};
  if (!draw.rarely(4)) headers.accept = draw.one(accepts);
  const request = { method, path: `${path}${query}`, headers };
  if (!isWrite || (method === 'DELETE' && !draw.rarely(3))) return request;
  const { type, body } = bodyOf(draw, resource, method === 'PATCH' ? draw.one(patchTypes) : undefined);
  if (!draw.rarely(15)) headers['content-type'] = draw.rarely(15) ? draw.one(oddTypes) : type;
  return { ...request, body };
}

function pathOf(draw: Draw, collection: string, named: boolean): string {
  if (!named) return collection;
  const name = draw.rarely(6) ? encodeURIComponent(draw.one(odd)) : draw.one(names);
  const sub = draw.rarely(5) ? `/${draw.one(subresources)}` : '';
  return `${collection}/${name}${sub}`;
}

const strays = [
  '/',
  '/api',
  '/apis',
  '/api/v1',
  '/apis/apps',
  '/apis/apps/v1',
  '/version',
  '/healthz',
  '/openapi/v2',
  '/x',
];
const strayPath = (draw: Draw) =>
  `${draw.one(strays)}${draw.rarely(3) ? `/${encodeURIComponent(draw.one(odd))}` : ''}`;

function queryOf(draw: Draw, isWrite: boolean): string {
  const parts = isWrite ? ['dryRun=All'] : [];
  if (draw.rarely(3)) parts.push(`labelSelector=${encodeURIComponent(draw.one(labels))}`);
  if (draw.rarely(5)) parts.push(`fieldSelector=${encodeURIComponent(draw.one(fields))}`);
  while (draw.rarely(3)) {
    const { name, values } = draw.one(parameters);
    parts.push(`${name}=${encodeURIComponent(draw.rarely(5) ? draw.one(odd) : draw.one(values))}`);
  }
  return parts.length ? `?${parts.join('&')}` : '';
}
