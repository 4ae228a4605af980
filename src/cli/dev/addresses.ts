import type { KubeObject } from '../kube/objects.ts';

interface Service extends KubeObject {
  spec: { ports?: { port: number }[] };
  status?: { loadBalancer?: { ingress?: { ip?: string; hostname?: string; ports?: { port: number }[] }[] } };
}

/** Returns where a load balancer answers, as a browser takes it; undefined while it has no address. */
export function addressOf(service: KubeObject): string | undefined {
  const { spec, status } = service as Service;
  const ingress = status?.loadBalancer?.ingress?.[0];
  const host = ingress?.ip ?? ingress?.hostname;
  const port = ingress?.ports?.[0]?.port ?? spec.ports?.[0]?.port;
  if (!host || !port) return undefined;
  return `http://${host.includes(':') ? `[${host}]` : host}${port === 80 ? '' : `:${port}`}/`;
}

/** Returns the Service of a slice that has a Pod which is ready. */
export function serviceAnswering(slice: KubeObject): string | undefined {
  const { endpoints } = slice as KubeObject & { endpoints?: { conditions?: { ready?: boolean } }[] | null };
  if (!endpoints?.some(({ conditions }) => conditions?.ready)) return undefined;
  return slice.metadata.labels?.['kubernetes.io/service-name'];
}
