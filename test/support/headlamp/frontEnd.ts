// The process that stands for a browser with Headlamp's page: index.ts starts it.
import type { Answer, Call, Headlamp, Heard, Place, Result } from './index.ts';

process.on('message', async (call: Call) => {
  const { id, place } = call;
  const work = 'ask' in call ? ask(place, ...call.ask) : hear(place, ...call.hear);
  const result: Result = await work.then(
    (answer) => ({ id, answer }),
    (error: Error) => ({ id, error: `${error.message} ${error.cause ?? ''}` }),
  );
  process.send!(result);
});

async function ask(
  { base, token }: Place,
  ...[method, path, body, type = 'application/json']: Parameters<Headlamp['ask']>
): Promise<Answer> {
  const headers = { Accept: 'application/json', 'Content-Type': type, Authorization: `Bearer ${token}` };
  const answer = await fetch(base + path, { method, headers, ...(body && { body: JSON.stringify(body) }) });
  const text = await answer.text();
  const isJson = answer.headers.get('content-type')?.startsWith('application/json');
  return { status: answer.status, body: isJson ? JSON.parse(text) : text };
}

function hear(
  { base, token }: Place,
  ...[path, { last, protocols = [], say = [], encoding }]: Parameters<Headlamp['hear']>
): Promise<Heard> {
  const bearer = `base64url.bearer.authorization.k8s.io.${btoa(token).replace(/=/g, '')}`;
  const socket = new WebSocket(base.replace('http', 'ws') + path, [
    'base64.binary.k8s.io',
    ...protocols,
    bearer,
  ]);
  socket.binaryType = 'arraybuffer';
  const messages: string[] = [];
  // A message in bytes begins with its channel.
  const textOf = (data: string | ArrayBuffer) => {
    if (typeof data !== 'string') return new TextDecoder().decode(new Uint8Array(data).subarray(1));
    return encoding ? Buffer.from(data, encoding).toString() : data;
  };
  return new Promise((resolve, reject) => {
    socket.onopen = () => {
      for (const [channel, text] of say)
        socket.send(new Uint8Array([channel, ...new TextEncoder().encode(text)]));
    };
    socket.onmessage = ({ data }) => {
      messages.push(textOf(data));
      if (!messages.join('').includes(last)) return;
      resolve({ protocol: socket.protocol, messages });
      socket.close();
    };
    socket.onclose = ({ code }) => reject(new Error(`closed with ${code} after ${messages.join('')}`));
  });
}
