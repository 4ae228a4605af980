import { syncBuiltinESMExports } from 'node:module';
import zlib from 'node:zlib';

type Zip = typeof zlib.deflateSync;
type Unzip = typeof zlib.inflateSync;

/**
 * From now on this process inflates no bytes twice, and none that it deflated itself. An item in a simulated table is the
 * same object whoever reads it, and each of a history's processes reads the log again; nobody changes what was read.
 */
export function knowBlobs(): void {
  [zlib.gzipSync, zlib.gunzipSync] = known(zlib.gzipSync, zlib.gunzipSync);
  [zlib.deflateSync, zlib.inflateSync] = known(zlib.deflateSync, zlib.inflateSync);
  syncBuiltinESMExports();
}

/** The same pair, which knows what it once answered. Of options only those count with which it was zipped. */
function known(zip: Zip, unzip: Unzip): [Zip, Unzip] {
  const answers = new WeakMap<object, ReturnType<Unzip>>();
  const zipKnown: Zip = (raw, options) => {
    const zipped = zip(raw, options);
    // The caller may write into its own bytes later.
    if (raw instanceof Uint8Array) answers.set(zipped, Buffer.from(raw));
    return zipped;
  };
  const unzipKnown: Unzip = (zipped, options) => {
    if (!(zipped instanceof Uint8Array)) return unzip(zipped, options);
    const found = answers.get(zipped) ?? unzip(zipped, options);
    answers.set(zipped, found);
    return found;
  };
  return [zipKnown, unzipKnown];
}
