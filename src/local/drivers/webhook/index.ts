import type { Agent } from 'node:http';
import { request as overHttps, Agent as TlsAgent } from 'node:https';
import type { EventAnswer, EventMessage, EventReceivers } from '../../../shared/ports/eventReceivers.ts';
import { nodeHttp } from '../nodeHttp.ts';

const { request: overHttp } = nodeHttp;

/** Kept for the next event; they hold up no process that wants to end. */
const options = { keepAlive: true, maxFreeSockets: 16, timeout: 60_000 };
/** An answer is of no interest; one that is longer costs its connection. */
const mostBytes = 16_384;

/** Speaks to receivers as they are reached from this machine. */
export function openEventReceivers(): EventReceivers {
  const agents = { 'http:': new nodeHttp.Agent(options), 'https:': new TlsAgent(options) };
  const closing = new AbortController();
  return {
    async post(message) {
      try {
        return await posted(message, agents, closing.signal);
      } catch (error) {
        // A kept connection may have been closed as it was taken up again.
        if (!isStale(error) || closing.signal.aborted) throw error;
        return posted(message, agents, closing.signal);
      }
    },
    close() {
      closing.abort();
      for (const agent of Object.values(agents)) agent.destroy();
    },
  };
}

interface Agents {
  'http:': Agent;
  'https:': TlsAgent;
}

function posted(
  { url, headers, body, patienceMs }: EventMessage,
  agents: Agents,
  closing: AbortSignal,
): Promise<EventAnswer> {
  const isTls = url.startsWith('https:');
  return new Promise((resolve, reject) => {
    const sent = (isTls ? overHttps : overHttp)(url, {
      method: 'POST',
      agent: agents[isTls ? 'https:' : 'http:'],
      headers: { ...headers, 'content-length': body.length },
    });
    const give = (error: Error) => sent.destroy(error);
    const late = setTimeout(() => give(new Error(`no answer within ${patienceMs} ms`)), patienceMs);
    const stop = () => give(new Error('the control plane stops'));
    closing.addEventListener('abort', stop, { once: true });
    const end = () => {
      clearTimeout(late);
      closing.removeEventListener('abort', stop);
    };
    let answered: EventAnswer | undefined;
    sent.on('response', (answer) => {
      const { 'retry-after': retryAfter } = answer.headers;
      let length = 0;
      answer.on('data', (part: Buffer) => {
        length += part.length;
        if (length > mostBytes) answer.destroy();
      });
      // What comes after the head changes nothing.
      answer.on('error', () => {});
      answered = { status: answer.statusCode ?? 0, ...(retryAfter !== undefined && { retryAfter }) };
    });
    sent.on('error', (error) => {
      if (!answered) reject(Object.assign(error, { reused: sent.reusedSocket }));
    });
    // Until then the time runs, and a connection is in use: who goes on before may open ever more of them.
    sent.on('close', () => {
      end();
      if (answered) resolve(answered);
      else reject(new Error('the connection was closed without an answer'));
    });
    sent.end(body);
  });
}

const isStale = (error: unknown) => {
  const { reused, code } = error as { reused?: boolean; code?: string };
  return reused === true && (code === 'ECONNRESET' || code === 'EPIPE');
};
