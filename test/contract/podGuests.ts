import { execFileSync } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { PodSpec } from '../../src/shared/kinds/schema/types.ts';
import type { ExecOptions, PodProcess, PodRef, PodRuntime } from '../../src/shared/ports/cloud.ts';
import { needs } from '../support/needs.ts';
import { until } from '../support/until.ts';

/** A runtime that lets people into its Pods; containers run the commands that their spec says. */
export interface GuestSubject {
  runtime: PodRuntime;
  /** Runs a Pod and waits until it is ready. */
  run(spec: Partial<PodSpec>): Promise<PodRef>;
  close(): Promise<void>;
  /** How a command beside a program finds its number; by default the wrapper wrote it down. */
  programNumber?: string;
  /** Node, as a container of the image `done` finds it; by default this machine's own. */
  node?: string;
}

const shell = (script: string, more: object = {}) => ({
  containers: [{ name: 'c', image: 'done', command: ['sh', '-c', script], ...more }],
});
const asleep = 'sleep 1000 & wait';
/** Answers once its input has ended, with what came. */
const answering = `const { createServer } = require('net');
createServer({ allowHalfOpen: true }, (socket) => {
  const got = [];
  socket.on('data', (data) => got.push(data)).on('end', () => socket.end('got ' + Buffer.concat(got).length));
}).listen(5432, process.env.HOST, () => console.log('listens'));`;

/** exec, attach and portForward of a PodRuntime. */
export function podGuestsContract(
  name: string,
  open: () => Promise<GuestSubject>,
  { hasTerminals = hasScript() } = {},
): void {
  describe(`PodRuntime with guests: ${name}`, () => {
    let subject: GuestSubject;
    let ref: PodRef;
    beforeAll(async () => {
      subject = await open();
      ref = await subject.run(shell(asleep, { env: [{ name: 'COLOUR', value: 'red' }] }));
    });
    afterAll(() => subject.close());

    const exec = (script: string, more: Partial<ExecOptions> = {}, pod = ref) =>
      subject.runtime.exec!(pod, 'c', {
        command: ['sh', '-c', script],
        stdin: false,
        stdout: true,
        stderr: true,
        tty: false,
        ...more,
      });

    test('a command has the environment of the container; its streams stay apart, its exit code is told', async () => {
      const said = await outcome(await exec('echo "$COLOUR"; echo no >&2; exit 3'));
      expect(said).toEqual({ stdout: 'red\n', stderr: 'no\n', code: 3 });
    });

    test('streams that nobody wants are not there, and hold nothing up', async () => {
      const quiet = await exec('head -c 1000000 /dev/zero; exit 4', { stdout: false, stderr: false });
      expect([quiet.stdin, quiet.stdout, quiet.stderr, await quiet.exitCode]).toEqual([
        undefined,
        undefined,
        undefined,
        4,
      ]);
    });

    test('input goes in whole, and its end is heard', async () => {
      const counting = await exec('wc -c', { stdin: true });
      counting.stdin!.end(Buffer.alloc(3_000_000));
      expect((await outcome(counting)).stdout.trim()).toBe('3000000');
    });

    test('without input a command reads its end at once', async () => {
      expect(await outcome(await exec('cat; echo over'))).toEqual({ stdout: 'over\n', stderr: '', code: 0 });
    });

    test('a command that takes no input ends as it would, with much of it left', async () => {
      const deaf = await exec('exit 5', { stdin: true });
      deaf.stdin!.end(Buffer.alloc(3_000_000));
      expect((await outcome(deaf)).code).toBe(5);
    });

    test('who reads slowly loses nothing of a command that has ended', async () => {
      const fast = await exec('head -c 400000 /dev/zero');
      let length = 0;
      for await (const chunk of fast.stdout!) {
        length += chunk.length;
        await new Promise((resolve) => setTimeout(resolve, 150));
      }
      expect([length, await fast.exitCode]).toEqual([400_000, 0]);
    });

    test('who comes late to read finds all of it', async () => {
      const short = await exec('echo here; echo there >&2');
      await new Promise((resolve) => setTimeout(resolve, 300));
      expect(await outcome(short)).toEqual({ stdout: 'here\n', stderr: 'there\n', code: 0 });
    });

    test('what a command leaves running does not keep it', async () => {
      expect(await outcome(await exec('echo now; sleep 1000 & exit 0'))).toMatchObject({
        stdout: 'now\n',
        code: 0,
      });
    });

    test('a signal is 128 and its number', async () => {
      expect((await outcome(await exec('kill -9 $$'))).code).toBe(137);
    });

    test('when nobody is there any more the command ends, even one that ignores being asked', async () => {
      const polite = await exec('sleep 1000');
      polite.close();
      expect(await polite.exitCode).toBe(143);
      const stubborn = await exec(`trap '' TERM; echo up; while :; do sleep 0.1; done`);
      for await (const _ of stubborn.stdout!) break;
      stubborn.close();
      expect(await stubborn.exitCode).toBe(137);
    });

    test('a command takes what it was sent before its client left', async () => {
      const counts = await exec('test "$(wc -c)" -eq 1000000', { stdin: true });
      counts.stdin!.write(Buffer.alloc(1_000_000));
      counts.close();
      expect(await counts.exitCode).toBe(0);
    });

    test('a command that is not there is InternalError, saying so', async () => {
      await expect(exec('', { command: ['no-such'] })).rejects.toMatchObject({
        reason: 'InternalError',
        message: 'exec: "no-such": executable file not found in $PATH',
      });
    });

    test('a container that does not run takes no guests', async () => {
      const gone = { ...ref, uid: 'gone' };
      const refused = { reason: 'InternalError', message: 'container not found ("c")' };
      await expect(exec('true', {}, gone)).rejects.toMatchObject(refused);
      const wanted = { stdin: false, stdout: true, stderr: true };
      await expect(subject.runtime.attach!(gone, 'c', wanted)).rejects.toMatchObject(refused);
    });

    test('a command ends with its Pod', async () => {
      const pod = await subject.run(shell(asleep));
      const beside = await exec('sleep 1000', {}, pod);
      await subject.runtime.stop(pod, 0);
      expect(await beside.exitCode).toBe(137);
      await subject.runtime.remove(pod);
    });

    const { test: onTerminal } = needs(!hasTerminals && 'no `script` of util-linux');
    onTerminal('a terminal: one stream, its size, what a key does', async () => {
      const on = await exec(
        'test -t 0 && test -t 1 && ! env | grep ^SHELL= && while read x; do stty size; done',
        {
          stdin: true,
          tty: true,
        },
      );
      expect(on.stderr).toBeUndefined();
      const screen = reading(on);
      for (const [columns, rows] of [
        [101, 31],
        [102, 32],
      ] as const) {
        on.resize!(columns, rows);
        await until('it has the size', async () => {
          on.stdin!.write('key\r');
          return screen.text.includes(`${rows} ${columns}\r\n`);
        });
      }
      expect(screen.text).toContain('key\r\n');
      expect(screen.text).not.toContain('SHELL');
      on.stdin!.write('\u0003');
      expect(await on.exitCode).toBe(130);
    });

    test('attach shows what is printed from now on, each stream as itself, until the program ends', async () => {
      const script = `echo before; trap 'echo out; echo err >&2; exit 3' USR1; sleep 1000 & wait`;
      const pod = await subject.run({ ...shell(script), restartPolicy: 'Never' });
      const logs = () => text(subject.runtime.logs(pod, 'c', {}));
      await until('it printed', async () => (await logs()) === 'before\n');
      const wanted = { stdin: false, stdout: true, stderr: true };
      const attached = outcome(await subject.runtime.attach!(pod, 'c', wanted));
      const left = await subject.runtime.attach!(pod, 'c', wanted);
      left.close();
      await outcome(left);
      const number = subject.programNumber ?? '"$(cut -d " " -f 1 "$SHALLOP_RUN/main")"';
      await outcome(await exec(`kill -USR1 ${number}`, {}, pod));
      expect(await attached).toEqual({ stdout: 'out\n', stderr: 'err\n', code: 0 });
    });

    test('a port is reached, and each side ends its half alone', async () => {
      const pod = await subject.run({
        containers: [
          {
            name: 'c',
            image: 'done',
            command: [subject.node ?? process.execPath, '-e', answering],
            ports: [{ containerPort: 5432 }],
            readinessProbe: { tcpSocket: { port: 5432 }, periodSeconds: 0.05, failureThreshold: 1 },
          },
        ],
      });
      const socket = await subject.runtime.portForward!(pod, 5432);
      socket.end(Buffer.alloc(1_000_000));
      expect(await text(socket)).toBe('got 1000000');
      await expect(subject.runtime.portForward!(pod, 1)).rejects.toMatchObject({
        reason: 'InternalError',
        message: expect.stringContaining('ECONNREFUSED'),
      });
    });
  });
}

async function outcome(process: PodProcess) {
  const [stdout, stderr, code] = await Promise.all([
    process.stdout ? text(process.stdout) : '',
    process.stderr ? text(process.stderr) : '',
    process.exitCode,
  ]);
  return { stdout, stderr, code };
}

function reading({ stdout }: PodProcess): { text: string } {
  const screen = { text: '' };
  void (async () => {
    for await (const chunk of stdout!) screen.text += Buffer.from(chunk).toString();
  })();
  return screen;
}

function hasScript(): boolean {
  try {
    return execFileSync('script', ['--version'], { encoding: 'utf8' }).includes('util-linux');
  } catch {
    return false;
  }
}
