import type { IngressMember } from '../../../src/shared/ports/cloud.ts';

export const groupRef = { cluster: 'default', namespace: '', name: 'g', uid: 'group.ingress.k8s.aws/g' };

/** Its Pod is at 10.0.1.1; each action has a path of its name. */
export function webMember(name: string, actions: Record<string, object> = {}): IngressMember {
  const paths = ['app', ...Object.keys(actions)].map((service) => ({
    path: `/${service}`,
    pathType: 'Exact' as const,
    backend: { service: { name: service, port: { name: service === 'app' ? 'http' : 'use-annotation' } } },
  }));
  const alb = 'alb.ingress.kubernetes.io/';
  const conditions = [
    { field: 'http-header', httpHeaderConfig: { httpHeaderName: 'X-Canary', values: ['always'] } },
    { field: 'source-ip', sourceIpConfig: { values: ['192.0.2.0/24'] } },
  ];
  const annotations = {
    [`${alb}conditions.app`]: JSON.stringify(conditions),
    ...Object.fromEntries(
      Object.entries(actions).map(([key, action]) => [`${alb}actions.${key}`, JSON.stringify(action)]),
    ),
  };
  const endpoints = [{ portName: '', address: '10.0.1.1', port: 5000, protocol: 'TCP', ready: true }];
  return {
    isServed: false,
    ingress: {
      metadata: { name, namespace: 'ns', uid: name, annotations },
      spec: { rules: [{ host: `${name}.example.com`, http: { paths } }] },
    },
    backends: [
      { service: 'app', port: 'http', endpoints },
      { service: 'canary', port: 80, endpoints },
    ],
  };
}

/** The emulator forgets weights and conditions on queries. */
export const everyAction = {
  gone: { type: 'fixed-response', fixedResponseConfig: { statusCode: '410', messageBody: 'gone' } },
  away: { type: 'redirect', redirectConfig: { host: 'example.org', statusCode: 'HTTP_302' } },
  canary: {
    type: 'forward',
    forwardConfig: { targetGroups: [{ serviceName: 'canary', servicePort: 80 }] },
  },
};
