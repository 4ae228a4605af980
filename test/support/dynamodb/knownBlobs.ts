import { syncBuiltinESMExports } from 'node:module';
import zlib from 'node:zlib';

/**
 * From now on this process inflates no bytes twice, and none that it deflated itself. An item in a simulated table is the
 * same object whoever reads it, and each of a history's processes reads the log again; nobody changes what was read.
 */
export function knowBlobs(): void {
  const known = new WeakMap<object, ReturnType<typeof zlib.gunzipSync>>();
  const { gzipSync, gunzipSync } = zlib;
  zlib.gzipSync = (raw, options) => {
    const zipped = gzipSync(raw, options);
    // The caller may write into its own bytes later.
    if (raw instanceof Uint8Array) known.set(zipped, Buffer.from(raw));
    return zipped;
  };
  zlib.gunzipSync = (zipped, options) => {
    if (options || !(zipped instanceof Uint8Array)) return gunzipSync(zipped, options);
    const found = known.get(zipped) ?? gunzipSync(zipped);
    known.set(zipped, found);
    return found;
  };
  syncBuiltinESMExports();
}
