type Json = unknown;

const uid = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;
const time = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g;
const clusterIP = /\b10\.96\.\d+\.\d+\b/g;
const suffix = '[bcdfghjklmnpqrstvwxz2456789]{5}';
const tokenVolume = new RegExp(`kube-api-access-${suffix}`, 'g');
/** In objects that messages quote. */
const quotedRevision = /(\\"resourceVersion\\":\\")\d+/g;
const quotedManagers = /,\\"managedFields\\":\[\{[^\]]*\}\]/g;
/** In words, and in YAML. */
const revisionText = /( in record \(|ResourceVersion in object meta: |resourceVersion: ")\d+/g;
const yamlManagers = /^( *)managedFields:\n(\1-.*\n(\1 .*\n)*)+/gm;
const nodePorts = ['nodePort', 'healthCheckNodePort', 'NodePort'];

/**
 * An answer without what differs between any two runs: uids, times, revisions, generated names, and addresses and ports
 * that were allocated. What the request itself said stays. Also without managedFields, which have tests of their own,
 * and the descriptions of columns, which say the same in other words.
 */
export function masked(body: Json, requests: unknown): Json {
  const said = JSON.stringify(requests);
  const unlessSaid = (mask: string) => (found: string) => (said.includes(found) ? found : mask);
  const generated = generatedFrom(said);
  const maskText = (text: string) =>
    text
      .replace(uid, unlessSaid('UID'))
      .replace(time, unlessSaid('TIME'))
      .replace(clusterIP, unlessSaid('IP'))
      .replace(tokenVolume, 'kube-api-access-ID')
      .replace(quotedRevision, '$1RV')
      .replace(revisionText, '$1RV')
      .replace(yamlManagers, '')
      .replace(quotedManagers, '')
      .replace(generated, (_, base: string) => `${base}ID`);
  const walk = (value: Json, key = ''): Json => {
    if (typeof value === 'string') return key === 'resourceVersion' && value !== '' ? 'RV' : maskText(value);
    if (typeof value === 'number' && nodePorts.includes(key))
      return said.includes(`${value}`) ? value : 'PORT';
    if (key === 'causes') return distinct(value as Json[]).map((v) => walk(v));
    if (Array.isArray(value))
      return key === 'cells' ? value.map(maskCell).map((v) => walk(v)) : value.map((v) => walk(v));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value)
        .filter(([name]) => name !== 'managedFields' && !(name === 'description' && 'priority' in value))
        .map(([name, inner]) => [name, walk(inner, name)]),
    );
  };
  return walk(body);
}

/** A Status with its causes, and the parts or lines of its message, in order. */
export function inOrder(body: Json): Json {
  const { message, details } = (body ?? {}) as { message?: string; details?: { causes?: Json[] } };
  if (typeof message !== 'string') return body;
  const [head = '', ...lines] = message.split('\n');
  const causes = details?.causes?.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  const isList = (details?.causes?.length ?? 0) > 1;
  return {
    ...(body as object),
    message: isList
      ? head.replace(/is invalid: .*/s, 'is invalid: the causes')
      : [head, ...lines.sort()].join('\n'),
    ...(causes && { details: { ...details, causes } }),
  };
}

/** Names that were made of a prefix: what follows it at most at 58 characters. */
function generatedFrom(said: string): RegExp {
  const prefix = /"generateName":"([^"]+)"/.exec(said)?.[1]?.slice(0, 58);
  return prefix === undefined ? /$^()/ : new RegExp(`(${prefix.replace(/\W/g, '\\$&')})${suffix}\\b`, 'g');
}

/** A real server checks metadata up to four times, and lists what it finds each time. */
const distinct = (causes: Json[]): Json[] =>
  causes.filter((cause, i) => causes.findIndex((c) => JSON.stringify(c) === JSON.stringify(cause)) === i);

/** Ages, and the node ports within `80:30123/TCP`. */
const maskCell = (cell: Json): Json =>
  typeof cell === 'string'
    ? cell.replace(/^(\d+[smhdy])+$/, 'AGE').replace(/:3[012]\d{3}\//g, ':PORT/')
    : cell;
