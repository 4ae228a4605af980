import { DescribeTaskDefinitionCommand, ECSClient } from '@aws-sdk/client-ecs';
import type { Experiment } from '../experiment.ts';

/** By which words ECS says that it does not know a family, by which the driver knows that it has to register one. */
export const unknownFamily: Experiment = {
  name: 'unknown-family',
  question: 'By which words does ECS say that it does not know a family?',
  emulatorLacks: 'has words of its own',
  run: async ({ name }) => {
    try {
      await new ECSClient({}).send(
        new DescribeTaskDefinitionCommand({ taskDefinition: `shallop-${name}-nobody` }),
      );
    } catch (error) {
      const { name: code, message } = error as Error;
      return { judgement: code === 'ClientException' ? 'holds' : 'differs', says: `${code}: ${message}` };
    }
    return { judgement: 'differs', says: 'it knows it' };
  },
};
