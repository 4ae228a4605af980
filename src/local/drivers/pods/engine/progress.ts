import type { PullProgress } from './answers.ts';
import { type Asked, type EngineClient, EngineError } from './client.ts';
import { jsonLines } from './frames.ts';

/** Has an engine do what takes time, of which it tells as it goes, to the end. Throws EngineError with what failed. */
export async function carryOut(client: EngineClient, path: string, asked: Asked): Promise<void> {
  const progress = await client.stream('POST', path, asked);
  for await (const { error, errorDetail } of jsonLines<PullProgress>(progress)) {
    const why = errorDetail?.message ?? error;
    if (why) throw new EngineError(500, why);
  }
}
