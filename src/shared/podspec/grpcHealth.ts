/** The method of the standard health protocol of gRPC servers. */
export const grpcHealthPath = '/grpc.health.v1.Health/Check';

/** Says who asks, as a kubelet of this version does. */
export const grpcUserAgent = 'kube-probe/1.35';

/** HealthCheckRequest in a frame: its field 1 is the service's name. */
export function grpcHealthRequest(service: string): Buffer {
  const name = Buffer.from(service);
  const size: number[] = [];
  for (let left = name.length; ; left >>>= 7) {
    size.push(left > 0x7f ? (left & 0x7f) | 0x80 : left);
    if (left <= 0x7f) break;
  }
  const message = name.length ? Buffer.concat([Buffer.from([0x0a, ...size]), name]) : Buffer.alloc(0);
  const head = Buffer.alloc(5);
  head.writeUInt32BE(message.length, 1);
  return Buffer.concat([head, message]);
}
