/**
 * What charts make, in shallop and in a real API server, one beside the other: node tools/charts/beside.ts KUBECONFIG FOLDER
 * [NAME…]. FOLDER has what `helm template --include-crds` rendered of each, in NAME.yaml; the server is one that
 * tools/differential/reference.ts can ask, without controllers. Each object is created as Helm 3 does and applied as Helm 4 does.
 * Ends with 1 when an answer differs.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Ask, Raw, Request } from '../differential/case.ts';
import { differencesOf } from '../differential/compare.ts';
import { masked } from '../differential/mask.ts';
import { askReference } from '../differential/reference.ts';
import { askShallop } from '../differential/server.ts';
import { ownersOf } from './owners.ts';
import { type Place, placesIn } from './places.ts';
import { type Rendered, renderedIn } from './rendered.ts';

/**
 * Stays so: a required list that is absent is written as [], where Go writes null, and the count that apps/v1 keeps in an
 * annotation belongs to nobody.
 */
const byDesign = /: \[\] instead of null$|owners\.creator.*deprecated\.daemonset\.template\.generation/;

const [kubeconfig, folder, ...named] = process.argv.slice(2);
if (!kubeconfig || !folder) throw new Error('usage: node tools/charts/beside.ts KUBECONFIG FOLDER [NAME…]');
const real = askReference(kubeconfig);
let ours: Ask = real;
const both = async (request: Request) => [await ours(request), await real(request)] as const;
const names = named.length > 0 ? named : readdirSync(folder).sort();
let differing = 0;
for (const name of names.map((file) => file.replace(/\.yaml$/, '')))
  console.log(`${name} | ${await tried(name).catch((error: Error) => `FAILED ${error.stack}`)}`);
process.exit(differing > 0 ? 1 : 0);

/** Returns how many objects were created in both, and how many were refused by both. */
async function tried(chart: string): Promise<string> {
  const objects = renderedIn(readFileSync(join(folder!, `${chart}.yaml`), 'utf8'));
  ours = await askShallop();
  const namespace = `chart-${names.indexOf(chart)}-${process.pid}`;
  const places = placesIn(ours, namespace);
  const counts = { created: 0, refused: 0, unknown: 0, differing: 0 };
  const made: Place[] = [];
  await withNamespace(namespace);
  for (const object of objects) {
    const place = await places(object);
    if (!place) counts.unknown++;
    else {
      if (place.namespace && place.namespace !== namespace) await withNamespace(place.namespace);
      const found = await compared(object, place, made);
      for (const line of found.differences) console.log(`  ${chart} ${place.path}: ${line}`);
      counts[found.isCreated ? 'created' : 'refused']++;
      if (found.differences.length > 0) counts.differing++;
    }
  }
  // Definitions last: the real server takes what they define along.
  for (const place of made.reverse()) if (place.namespace !== namespace) await gone(place);
  differing += counts.differing;
  return Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([what, count]) => `${count} ${what}`)
    .join(', ');
}

async function compared(object: Rendered, place: Place, made: Place[]) {
  const create: Request = { line: `POST ${place.collection}?fieldValidation=Strict`, body: object };
  const differences: string[] = [];
  const [our, their] = await both(create);
  // A server without controllers ends no namespace: it may be there already.
  if (object.kind !== 'Namespace') differences.push(...differencesBetween(our, their, object, 'create'));
  const isThere = ({ status }: Raw) => status < 300 || (status === 409 && object.kind === 'Namespace');
  const isCreated = isThere(our) && isThere(their);
  if (our.status < 300 || their.status < 300) made.push(place);
  if (!isCreated) {
    if (their.status >= 300) console.log(`  refused ${place.path}: ${message(their)}`);
    return { differences, isCreated };
  }
  if (object.kind === 'CustomResourceDefinition') await established(object);
  const apply: Request = {
    line: `PATCH ${place.path}?fieldManager=helm&force=true&fieldValidation=Strict`,
    body: object,
    type: 'application/apply-patch+yaml',
  };
  const applied = await both(apply);
  differences.push(...differencesBetween(...applied, object, 'apply'));
  return { differences, isCreated };
}

function differencesBetween(our: Raw, their: Raw, object: Rendered, verb: string): string[] {
  if (our.status !== their.status)
    return [`${verb} ${our.status} ${message(our)} instead of ${their.status} ${message(their)}`];
  const [got, wanted] = [our, their].map(({ status, body, warnings }) => ({
    status,
    body: masked(withoutFate(body), object),
    warnings: warnings.map((text) => `${masked(text, object)}`),
    owners: ownersOf(body),
  }));
  return differencesOf(got!, wanted!)
    .filter((line) => !byDesign.test(line))
    .map((line) => `${verb} ${line}`);
}

/** Returns an object without what becomes of it a moment later in a real server: a definition is established here at once. */
function withoutFate(body: unknown): unknown {
  const { kind, status: _status, ...rest } = body as Record<string, unknown>;
  if (kind === 'APIService') return rest;
  if (kind !== 'CustomResourceDefinition') return body;
  const { generation: _, ...metadata } = rest.metadata as Record<string, unknown>;
  return { kind, ...rest, metadata };
}

function message({ body }: Raw): string {
  return (body as { message?: string }).message ?? '';
}

async function withNamespace(name: string): Promise<void> {
  await both({ line: 'POST /api/v1/namespaces', body: { metadata: { name } } });
  const line = `POST /api/v1/namespaces/${name}/serviceaccounts`;
  await both({ line, body: { metadata: { name: 'default' } } });
}

async function established({ spec }: Rendered): Promise<void> {
  const { group, names: of, versions } = spec as Definition;
  for (const { name, served } of versions)
    if (served) await until(`/apis/${group}/${name}/${of.plural}?limit=1`, (status) => status !== 404);
}

interface Definition {
  group: string;
  names: { plural: string };
  versions: { name: string; served: boolean }[];
}

async function gone({ path }: Place): Promise<void> {
  if (path.startsWith('/api/v1/namespaces/') && path.split('/').length === 5) return;
  await real({ line: `DELETE ${path}?propagationPolicy=Background` });
  if (path.includes('/customresourcedefinitions/')) await until(path, (status) => status === 404);
}

/** Asks the real server until it is so, for half a minute at most. */
async function until(path: string, isSo: (status: number) => boolean): Promise<void> {
  const end = performance.now() + 30_000;
  while (performance.now() < end && !isSo((await real({ line: `GET ${path}` })).status))
    await new Promise((resolve) => setTimeout(resolve, 50));
}
