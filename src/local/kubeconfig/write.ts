import { rewriteFile } from '../drivers/rewriteFile.ts';

/** Changes a kubeconfig that other tools change too, as rewriteFile() does. Throws when another tool keeps it locked. */
export const rewrite = (file: string, change: (text: string) => string | undefined): Promise<void> =>
  rewriteFile(file, 'the kubeconfig', change);
