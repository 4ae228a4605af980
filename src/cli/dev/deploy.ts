import { applyManifest } from '../kube/apply/index.ts';
import type { Connection } from '../kube/connection.ts';
import { kindName } from '../kube/discovery.ts';
import type { Manifest } from '../kube/manifests.ts';

/** Applies objects, and tells what came of each. Throws at the first refusal, after which nothing else is sent. */
export async function deploy(
  connection: Connection,
  manifests: Manifest[],
  { out, err }: { out(line: string): void; err(line: string): void },
): Promise<void> {
  for (const manifest of manifests) {
    const options = {
      dryRun: 'none' as const,
      validation: 'Strict' as const,
      warn: (text: string) => err(`Warning: ${text}`),
    };
    const { word, object } = await applyManifest(connection, manifest, options);
    out(`${kindName(manifest.resource)}/${object.metadata.name} ${word}`);
  }
}
