import { distinct, type Named, serviceBackendsOf } from '../../../shared/controllers/ingress/backends.ts';
import { defaultAnnotation, isOfClass } from '../../../shared/controllers/ingress/classes.ts';
import type { Ingress, IngressClass, Secret } from '../../../shared/kinds/schema/types.ts';
import { ownValue } from '../../../shared/meta/table.ts';
import type { IngressCertificate } from '../../../shared/ports/cloud.ts';

const className = 'shallop';
/** Is what a class of another name has to say to be served by the router. */
const controllers = ['shallop.dev/router'];

/** The class that is there where Ingresses are routed, and that those without a class have. */
export const classToMake: IngressClass = {
  apiVersion: 'networking.k8s.io/v1',
  kind: 'IngressClass',
  metadata: {
    name: className,
    annotations: { [defaultAnnotation]: 'true' },
  },
  spec: { controller: controllers[0] },
};

/** Those that the router serves, the oldest first: of two rules for the same it is the one that counts. */
export const routedOf = (ingresses: Ingress[], classes: IngressClass[]): Ingress[] =>
  ingresses
    .filter(({ metadata }) => !metadata.deletionTimestamp)
    .filter((ingress) => isOfClass(ingress, classes, { name: className, controllers }))
    .sort((a, b) => compare(ageOf(a), ageOf(b)));

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
const ageOf = ({ metadata: { creationTimestamp = '', namespace, name } }: Ingress) =>
  `${creationTimestamp} ${namespace}/${name}`;

/** Each Service port that an Ingress names, once. */
export const backendsOf = (ingress: Ingress): Named[] =>
  distinct(
    serviceBackendsOf(ingress).map(({ service }) => ({
      service: service!.name,
      port: service!.port?.name || (service!.port?.number ?? 0),
    })),
  );

/** Names of the Secrets that an Ingress has its certificates from. */
export const secretsOf = ({ spec }: Ingress): string[] => [
  ...new Set((spec?.tls ?? []).flatMap(({ secretName }) => secretName ?? [])),
];

/** The certificates of an Ingress, and a sentence for each Secret that holds none. */
export function certificatesOf(
  { metadata: { namespace }, spec }: Ingress,
  secrets: ReadonlyMap<string, Secret>,
): { certificates: IngressCertificate[]; problems: string[] } {
  const certificates: IngressCertificate[] = [];
  const problems: string[] = [];
  for (const { hosts = [], secretName = '' } of spec?.tls ?? []) {
    if (!secretName) continue;
    const secret = secrets.get(secretName);
    const [certificate, key] = ['tls.crt', 'tls.key'].map((field) => textOf(ownValue(secret?.data, field)));
    if (certificate && key) certificates.push({ hosts, secret: secretName, certificate, key });
    else {
      const what = secret
        ? `Secret ${namespace}/${secretName} has no tls.crt and tls.key`
        : `there is no Secret ${namespace}/${secretName}`;
      problems.push(`${what}: HTTPS is not served for ${hosts.join(', ') || 'its hosts'}`);
    }
  }
  return { certificates, problems };
}

const textOf = (base64 = '') => Buffer.from(base64, 'base64').toString();
