import { release } from '../../../shared/api/release.ts';
import { apiserverFlags } from '../flags/apiserver.ts';
import { FlagError, helpOf, parseFlags } from '../flags/flags.ts';
import { pflagWords } from '../flags/words.ts';
import type { Program } from '../program.ts';
import { configOf, OptionsError } from './config.ts';

/**
 * Stands where kube-apiserver would: with its flags, its storage in memory, and no controllers but those that
 * SHALLOP_CONTROLLERS names.
 */
export const kubeApiserver: Program = async (args, io) => {
  if (args.some((word) => word === '--help' || word === '-h')) {
    io.out(`Usage:\n  kube-apiserver [flags]\n\nFlags:\n${helpOf(apiserverFlags)}`);
    return 0;
  }
  if (args.some((word) => /^--version(=(true|raw))?$/.test(word))) {
    io.out(`Kubernetes ${release.gitVersion}`);
    return 0;
  }
  try {
    const config = configOf(parseFlags(args, apiserverFlags, pflagWords));
    // Loaded here, because frameworks ask for the help first, and that is to come at once.
    const { serve } = await import('./serve.ts');
    const stop = await serve(config, io);
    await io.ended;
    await stop();
    return 0;
  } catch (error) {
    if (error instanceof FlagError) io.err(`Error: ${error.message}`);
    else if (error instanceof OptionsError) io.err(`"command failed" err=${JSON.stringify(error.message)}`);
    else throw error;
    return 1;
  }
};
