import { X509Certificate } from 'node:crypto';
import { charted } from '../charted.ts';
import { type Kit, says } from '../kit.ts';
import type { Operator } from '../operator.ts';

const namespace = 'cert-manager';
const certManager = (kind: string, metadata: object, spec: object) => ({
  apiVersion: 'cert-manager.io/v1',
  kind,
  metadata,
  spec,
});
const certificate = (name: string, place: string, issuer: string, more: object) =>
  certManager(
    'Certificate',
    { name, namespace: place },
    { secretName: name, issuerRef: { kind: 'ClusterIssuer', name: issuer }, ...more },
  );
/** A configuration of somebody else who wants the authority of a Certificate in it. */
const injected = {
  apiVersion: 'admissionregistration.k8s.io/v1',
  kind: 'ValidatingWebhookConfiguration',
  metadata: { name: 'other', annotations: { 'cert-manager.io/inject-ca-from': 'default/leaf' } },
  webhooks: [
    {
      name: 'other.shallop.dev',
      ...{ admissionReviewVersions: ['v1'], sideEffects: 'None', rules: [] },
      clientConfig: { service: { name: 'other', namespace: 'default' } },
    },
  ],
};

/** Certificates of an authority of their own: six controllers that hand on by conditions, webhooks, an injector of authorities. */
export const certManagerOperator: Operator = {
  name: 'certmanager',
  module: 'github.com/cert-manager/cert-manager',
  program: './controller',
  deployment: 'cert-manager',
  manifests: (folder) =>
    charted(
      `${folder}/deploy/charts/cert-manager`,
      namespace,
      'crds.enabled=true',
      'startupapicheck.enabled=false',
      `global.leaderElection.namespace=${namespace}`,
    ),
  flags: ({ kubeconfig }) => [`--kubeconfig=${kubeconfig}`, `--namespace=${namespace}`, '-v=2'],
  beside: [
    {
      program: './cainjector',
      deployment: 'cert-manager-cainjector',
      flags: () => [`--namespace=${namespace}`],
    },
    {
      program: './webhook',
      deployment: 'cert-manager-webhook',
      flags: ({ ports, kubeconfig }) => [
        `--kubeconfig=${kubeconfig}`,
        `--secure-port=${ports(443)}`,
        `--healthz-port=${ports(6080)}`,
        '--metrics-listen-address=0',
        `--dynamic-serving-ca-secret-namespace=${namespace}`,
        '--dynamic-serving-ca-secret-name=cert-manager-webhook-ca',
        `--dynamic-serving-dns-names=cert-manager-webhook.${namespace}.svc`,
      ],
    },
  ],
  async story(kit) {
    await kit.leads(namespace, 'cert-manager-controller');
    await kit.until(
      'takes an issuer through its webhooks, whose authority its injector has filled in',
      async () => {
        await kit.apply(certManager('ClusterIssuer', { name: 'selfsigned' }, { selfSigned: {} }));
        return true;
      },
    );
    const usual = { isCA: true, privateKey: { algorithm: 'ECDSA', size: 256 } };
    await kit.apply(
      certificate('root', namespace, 'selfsigned', { ...usual, commonName: 'root' }),
      certManager('ClusterIssuer', { name: 'ours' }, { ca: { secretName: 'root' } }),
    );
    await kit.until('makes an authority', async () => says(await kit.get('clusterissuer', 'ours'), 'Ready'));
    await kit.apply(certificate('leaf', 'default', 'ours', { dnsNames: ['web.default.svc'] }));
    await issued(kit, 'issues a certificate of that authority');
    await kit.refused(
      'refuses a certificate for nobody',
      /admission webhook "webhook.cert-manager.io" denied the request: spec: Invalid value: "": at least one of/,
      certificate('nobody', 'default', 'ours', {}),
    );
    await kit.apply(injected);
    await kit.until("fills the authority into somebody else's configuration", async () => {
      const { webhooks } = await kit.get<{ webhooks: { clientConfig: { caBundle?: string } }[] }>(
        'validatingwebhookconfiguration',
        'other',
      );
      const bundle = Buffer.from(webhooks[0]?.clientConfig.caBundle ?? '', 'base64').toString();
      return bundle && new X509Certificate(bundle).subject === 'CN=root';
    });
    await kit.kubectl(['delete', 'secret', 'leaf']);
    await issued(kit, 'issues it again when it is lost');
    await kit.kubectl(['delete', 'certificate', 'leaf', '--timeout=60s']);
    await kit.gone('its requests go with it', 'certificaterequests');
  },
};

async function issued(kit: Kit, what: string): Promise<void> {
  await kit.until(what, async () => {
    const { data = {} } = (await kit.find<{ data?: Record<string, string> }>('secret', 'leaf')) ?? {};
    const read = (name: string) => new X509Certificate(Buffer.from(data[name] ?? '', 'base64'));
    const [leaf, authority] = [read('tls.crt'), read('ca.crt')];
    return (
      leaf.verify(authority.publicKey) &&
      leaf.subjectAltName === 'DNS:web.default.svc' &&
      says(await kit.get('certificate', 'leaf'), 'Ready')
    );
  });
}
