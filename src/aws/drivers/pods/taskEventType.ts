/** `detail-type` of what EventBridge tells of a task. */
export const taskEventType = 'ECS Task State Change';
