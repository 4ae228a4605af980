import type { Client } from '../../../src/shared/client/client.ts';
import { isReason } from '../../../src/shared/errors/apiError.ts';
import type { DeployedWorld } from './deployedWorld.ts';

/**
 * One command of somebody; given up when it fails as commands do, tried again when nobody knows what became of it.
 * Answers whether it was carried out.
 */
export async function command(
  world: DeployedWorld,
  cluster: string,
  run: (client: Client) => Promise<unknown>,
): Promise<boolean> {
  for (let attempt = 0; attempt < 5; attempt++) {
    const answer = await world.ask((clients) => run(clients(cluster)).then(() => 'done' as const, expected));
    if (answer === 'done' || answer === 'refused') return answer === 'done';
    await world.clock.sleep(500);
  }
  return false;
}

function expected(error: unknown): 'again' | 'refused' {
  if (isReason(error, 'Conflict', 'NotFound', 'ServiceUnavailable')) return 'again';
  if (isReason(error, 'AlreadyExists', 'Forbidden', 'TooManyRequests')) return 'refused';
  throw error;
}
