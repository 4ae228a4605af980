import type { PodProcess, PodStreams } from '../../../../shared/ports/cloud.ts';
import type { ContainerInspect } from './answers.ts';
import type { EngineClient } from './client.ts';
import { detachKeys } from './exec.ts';
import { programStreams } from './programStreams.ts';

/** A container's streams as they come, and its input where it was given one. */
export async function attachTo(
  client: EngineClient,
  { Id, Config }: ContainerInspect,
  { stdin, stdout, stderr }: PodStreams,
): Promise<PodProcess> {
  const tty = Boolean(Config?.Tty);
  const hasInput = stdin && Boolean(Config?.OpenStdin);
  const connection = await client.hijack(`/containers/${Id}/attach`, {
    query: { stream: true, stdin: hasInput, stdout: true, stderr: true, detachKeys },
  });
  connection.on('error', () => {});
  const streams = programStreams(connection, { stdout, stderr, tty });
  return {
    ...(hasInput && { stdin: connection }),
    ...(stdout && { stdout: streams.read('stdout') }),
    ...(stderr && !tty && { stderr: streams.read('stderr') }),
    ...(tty && {
      resize: (w: number, h: number) =>
        void client.ask('POST', `/containers/${Id}/resize`, { query: { w, h } }).catch(() => {}),
    }),
    exitCode: streams.ended.then(() => 0),
    close: streams.close,
  };
}
