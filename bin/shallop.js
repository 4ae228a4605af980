#!/usr/bin/env node
// Starts the `shallop` command: in a checkout from the TypeScript sources, which need Node 22.18, else from the bundle.
import module from 'node:module';
import { fileURLToPath } from 'node:url';

// Required: an import of its values would load all of it, which takes 3 ms.
const { existsSync } = module.createRequire(import.meta.url)('node:fs');
const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const bundle = here('../dist/shallop.js');
const sources = here('../src/cli/main.ts');
const ownNode = here('../node_modules/.bin/node');
const [major, minor] = process.versions.node.split('.').map(Number);
const entry = existsSync(sources) ? sources : bundle;
const needed = entry === sources ? [22, 18] : [22, 0];
const isNewEnough = major > needed[0] || (major === needed[0] && minor >= needed[1]);

if (isNewEnough) {
  // Compiled code is kept from one start to the next, where Node can.
  module.enableCompileCache?.();
  await import(entry);
} else if (existsSync(ownNode) && !process.env.SHALLOP_NODE_CHOSEN) await runWith(ownNode);
else {
  console.error(`shallop needs Node ${needed.join('.')} or newer; this is ${process.version}.`);
  process.exitCode = 1;
}

/** A checkout carries a newer Node; signals go on to it, and its exit code is ours. */
async function runWith(node) {
  const { spawn } = await import('node:child_process');
  const child = spawn(node, process.argv.slice(1), {
    stdio: 'inherit',
    env: { ...process.env, SHALLOP_NODE_CHOSEN: '1' },
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? (signal ? 1 : 0);
  });
}
