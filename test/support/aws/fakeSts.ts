import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An STS that believes whoever asks: the access key id of a token says who signed it. */
export async function openFakeSts(arns: Record<string, string>) {
  const asked: { url: string; headers: NodeJS.Dict<string | string[]> }[] = [];
  const server = createServer((request, response) => {
    const url = request.url ?? '';
    asked.push({ url, headers: request.headers });
    const key = new URL(url, 'http://sts').searchParams.get('X-Amz-Credential')?.split('/')[0] ?? '';
    const Arn = arns[key];
    response.writeHead(Arn ? 200 : 403, { 'content-type': 'application/json' });
    const result = {
      Arn,
      Account: Arn?.split(':')[4],
      UserId: `${key}${Arn?.includes('assumed-role') ? ':s' : ''}`,
    };
    response.end(
      JSON.stringify(Arn ? { GetCallerIdentityResponse: { GetCallerIdentityResult: result } } : {}),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    close: () => {
      server.closeAllConnections();
      return new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
