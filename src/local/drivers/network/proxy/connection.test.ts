import { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import { expect, test } from '@jest/globals';
import { until } from '../../../../../test/support/until.ts';
import { systemClock } from '../../../../shared/clock/systemClock.ts';
import { Backends } from './backends.ts';
import { Connection } from './connection.ts';

/** A socket that says and hears what the test has it. */
class Wire extends EventEmitter {
  readonly heard: string[] = [];
  readonly remoteAddress = '127.0.0.1';
  isOver = false;
  write(chunk: Buffer) {
    this.heard.push(chunk.toString());
    return true;
  }
  says(text: string) {
    this.emit('data', Buffer.from(text));
  }
  end = () => {
    this.isOver = true;
  };
  destroy = this.end;
  destroySoon = this.end;
  resetAndDestroy = this.end;
  pause() {}
  resume() {}
  setTimeout() {}
  setNoDelay() {}
}

const get = 'GET / HTTP/1.1\r\nhost: a\r\n\r\n';
const post = 'POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 1\r\n\r\nx';
const answer = 'HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n';

/** A client's connection that has had its first answer, and its endpoints so far. */
async function opened() {
  const programs: Wire[] = [];
  const never = () => new Promise<never>(() => {});
  const connect = async () => {
    programs.push(new Wire());
    return programs.at(-1) as unknown as Socket;
  };
  const backends = new Backends(systemClock, 30_000, (host, port) => ({
    ...{ host, port },
    by: { connect, listen: never, bind: never },
  }));
  backends.update([{ portName: '', address: '10.0.0.1', port: 80, protocol: 'TCP', ready: true }]);
  const client = new Wire();
  const times = { waitMs: 1_000, connectTimeoutMs: 1_000, quietMs: 500, idleMs: 60_000 };
  new Connection(client as unknown as Socket, backends, { clock: systemClock, ...times });
  await until('its endpoint', () => programs.length === 1 && programs[0]!.listenerCount('data') > 0);
  client.says(get);
  programs[0]!.says(answer);
  return { client, programs };
}

test('a request that must not be repeated is not sent to an endpoint that has just closed its side', async () => {
  const { client, programs } = await opened();
  client.says(post);
  programs[0]!.emit('end');
  await until('the next endpoint has it', () => programs[1]?.heard.join('') === post);
  programs[1]!.says(answer);
  expect(programs[0]!.heard).toEqual([get]);
  expect([client.heard, client.isOver]).toEqual([[answer, answer], false]);
});

test('it is sent once, in the order in which it came, where the endpoint stays', async () => {
  const { client, programs } = await opened();
  client.says(post.slice(0, 10));
  programs[0]!.emit('drain');
  await until('it has the beginning', () => programs[0]!.heard.length === 2);
  client.says(post.slice(10));
  expect(programs[0]!.heard.join('')).toBe(get + post);
  expect(programs).toHaveLength(1);
});
