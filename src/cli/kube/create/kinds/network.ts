import { UsageError } from '../../../verb.ts';
import { numberOf } from '../../scene.ts';
import { headOf, listOf, type Make, nameIn, numberOrName } from './made.ts';

const types: ReadonlyMap<string, string> = new Map([
  ['clusterip', 'ClusterIP'],
  ['nodeport', 'NodePort'],
  ['loadbalancer', 'LoadBalancer'],
  ['externalname', 'ExternalName'],
]);

/** `service clusterip NAME --tcp=80:8080`, and the other types. */
export const service: Make = (scene, [word = '', ...rest]) => {
  const { call } = scene;
  const type = types.get(word);
  if (!type) throw new UsageError(`create service takes one of ${[...types.keys()].join(', ')}`);
  const name = nameIn(rest);
  const externalName = type === 'ExternalName' ? call.text('external-name') : undefined;
  if (type === 'ExternalName' && externalName === undefined)
    throw new Error('required flag(s) "external-name" not set');
  const clusterIP = type === 'ClusterIP' ? call.text('clusterip') : undefined;
  const tcp = listOf(scene, 'tcp');
  if (clusterIP !== 'None' && !tcp.length && externalName === undefined)
    throw new Error('at least one tcp port specifier must be provided');
  if (externalName !== undefined && !/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/.test(externalName))
    throw new Error(`invalid service external name ${externalName}`);
  const nodePort = type === 'NodePort' ? numberOf(call, 'node-port') : undefined;
  const ports = tcp.map((text) => ({ ...portOf(text), ...(nodePort && { nodePort }) }));
  return {
    object: {
      ...headOf('v1', 'Service', name),
      metadata: { name, labels: { app: name } },
      spec: {
        ...(clusterIP && { clusterIP }),
        ...(externalName && { externalName }),
        ...(ports.length && { ports }),
        selector: { app: name },
        type,
      },
      status: { loadBalancer: {} },
    },
    failed: `failed to create ${type} service:`,
  };
};

/** Reads `80`, `80:8080` and `80:http`. */
function portOf(text: string): object {
  const [port = '', target = port] = text.split(':');
  if (!/^\d+$/.test(port))
    throw new Error(`strconv.ParseUint: parsing ${JSON.stringify(port)}: invalid syntax`);
  const targetPort = numberOrName(target);
  if (typeof targetPort === 'number' && (targetPort < 1 || targetPort > 65_535))
    throw new Error('must be between 1 and 65535, inclusive');
  return { name: text.replaceAll(':', '-'), port: Number(port), protocol: 'TCP', targetPort };
}

const ruleForm = /^[\w*\-.]*\/.*=[\w-]+:[\w-]+(,tls=?([\w-]+)?)?/;

/** `ingress NAME --rule=host/path=service:port,tls=secret`. */
export const ingress: Make = ({ call }, words) => {
  const name = nameIn(words);
  const [rules, backend, className] = [call.texts('rule'), call.text('default-backend'), call.text('class')];
  if (!backend && !rules.length)
    throw new Error(
      'not enough information provided: every ingress has to either specify a default-backend (which catches all traffic) or a list of rules (which catch specific paths)',
    );
  for (const rule of rules)
    if (!ruleForm.test(rule))
      throw new Error(
        `rule ${rule} is invalid and should be in format host/path=svcname:svcport[,tls[=secret]]`,
      );
  const annotations = call.texts('annotation').map((text) => {
    const at = text.indexOf('=');
    if (at < 0) throw new Error(`annotation ${text} is invalid and should be in format key=[value]`);
    return [text.slice(0, at), text.slice(at + 1)];
  });
  if (backend && backend.split(':').length !== 2)
    throw new Error('default-backend should be in format servicename:serviceport');
  const tls = tlsOf(rules);
  return {
    object: {
      ...headOf('networking.k8s.io/v1', 'Ingress', name),
      metadata: { name, ...(annotations.length && { annotations: Object.fromEntries(annotations) }) },
      spec: {
        ...(backend && { defaultBackend: backendOf(backend) }),
        ...(className && { ingressClassName: className }),
        ...(rules.length && { rules: rulesOf(rules) }),
        ...(tls.length && { tls }),
      },
      status: { loadBalancer: {} },
    },
    failed: 'failed to create ingress:',
  };
};

const hostOf = (rule: string): string => rule.slice(0, rule.indexOf('/'));

function backendOf(text: string): object {
  const [name, port = ''] = text.split(':');
  const value = numberOrName(port);
  return { service: { name, port: typeof value === 'number' ? { number: value } : { name: value } } };
}

/** One rule for each host, in the order in which they are named. */
function rulesOf(rules: string[]): object[] {
  return [...Map.groupBy(rules, hostOf)].map(([host, own]) => ({
    ...(host && { host }),
    http: { paths: own.map(pathOf) },
  }));
}

function pathOf(rule: string): object {
  const [path = '', target = ''] = rule.split(',')[0]!.slice(hostOf(rule).length).split('=');
  const isPrefix = path.endsWith('*');
  return {
    backend: backendOf(target),
    path: isPrefix ? path.slice(0, -1) : path,
    pathType: isPrefix ? 'Prefix' : 'Exact',
  };
}

/** Hosts of one certificate stand together; the first word about a host counts. */
function tlsOf(rules: string[]): object[] {
  const seen = new Set<string>();
  const found: { hosts?: string[]; secretName?: string }[] = [];
  for (const rule of rules) {
    const [, tls] = rule.split(',');
    const host = hostOf(rule);
    if (tls === undefined || seen.has(host)) continue;
    seen.add(host);
    const secretName = tls.split('=')[1] ?? '';
    const same = found.find((each) => (each.secretName ?? '') === secretName);
    if (same) same.hosts = [...(same.hosts ?? []), host];
    else if (host || secretName)
      found.push({ ...(host && { hosts: [host] }), ...(secretName && { secretName }) });
  }
  return found;
}
