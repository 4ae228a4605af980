import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';

/** Reads stacks. A module of its own, loaded when it is asked for, which imports of the SDK what it uses. */
export function openStacks(place: { region: string; profile?: string }) {
  const client = new CloudFormationClient(place);
  return {
    async read(StackName: string): Promise<Stack> {
      const { Stacks } = await client.send(new DescribeStacksCommand({ StackName }));
      const { Outputs = [], CreationTime: since } = Stacks?.[0] ?? {};
      const outputs = new Map(Outputs.map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]));
      return { outputs, ...(since && { since }) };
    },
    close: () => client.destroy(),
  };
}

interface Stack {
  outputs: Map<string | undefined, string | undefined>;
  /** Is when it was made. */
  since?: Date;
}
