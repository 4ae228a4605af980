export const streamPrefix = 'pod';
