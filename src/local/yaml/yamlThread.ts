import { parentPort } from 'node:worker_threads';
import { parseYaml } from '../../shared/api/http/yaml.ts';

/** The thread in which large YAML texts are parsed: a text comes, and JSON goes back, which the other side parses fast. */
parentPort!.on('message', (text: string) => {
  try {
    const { value, repeated } = parseYaml(text);
    parentPort!.postMessage({ json: JSON.stringify(value), repeated });
  } catch (error) {
    parentPort!.postMessage({ malformed: error instanceof Error ? error.message : String(error) });
  }
});
