/** Describes what a deployment's stack says of itself. */
export interface StackOutputs {
  endpoint: string;
  clusterId: string;
  /** Says how tasks reach the internet; absent where the network is not of the deployment. */
  nat?: 'none' | 'gateway' | 'instance';
  /** Its table. */
  table?: string;
  /** MB of the API's function. */
  apiMemory?: number;
  /** Says when the stack was made, as JSON has times. */
  since?: string;
  /** Says which shallop its functions are; absent where an earlier one was deployed. */
  release?: { version: string; commit?: string };
}

export interface StackQuery {
  /** Name of the deployment. */
  name: string;
  region: string;
  profile?: string;
}

/** Reads the outputs of the stack `shallop-<name>`. Throws what to do when there is no such stack. */
export async function stackOutputs({ name, region, profile }: StackQuery): Promise<StackOutputs> {
  const { openStacks } = await import('./stacks.ts');
  const stacks = openStacks({ region, ...(profile && { profile }) });
  const StackName = `shallop-${name}`;
  try {
    const { outputs, since } = await stacks.read(StackName);
    const [endpoint, clusterId] = [outputs.get('Endpoint'), outputs.get('ClusterId')];
    const nat = (['none', 'gateway', 'instance'] as const).find((each) => each === outputs.get('Nat'));
    const table = outputs.get('Table');
    const apiMemory = Number(outputs.get('ApiMemory'));
    const [version, commit] = [outputs.get('Version'), outputs.get('Commit')];
    if (endpoint && clusterId)
      return {
        ...{ endpoint, clusterId },
        ...(nat && { nat }),
        ...(table && { table }),
        ...(apiMemory && { apiMemory }),
        ...(version && { release: { version, ...(commit && { commit }) } }),
        ...(since && { since: since.toISOString() }),
      };
    throw new Error(`the stack ${StackName} has no outputs Endpoint and ClusterId: is it still being made?`);
  } catch (error) {
    if ((error as Error).name !== 'ValidationError') throw error;
    throw new Error(
      `there is no stack ${StackName} in ${region}; deploy one, or say --endpoint and --cluster-id`,
    );
  } finally {
    stacks.close();
  }
}
