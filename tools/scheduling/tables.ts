/** A test of kube-scheduler that goes through a table. */
export interface Table {
  /** Below pkg/scheduler/framework/plugins. */
  folder: string;
  file: string;
  test: string;
  /** The line that begins the loop. */
  loop: string;
  /** What is recorded of each row, as Go; `$` is the row. */
  facts: Record<string, string>;
}

const loop = 'for _, test := range tests {';
const short = 'for _, tt := range tests {';
const status = (go: string) => `shallopStatus(${go})`;

/** Which tables are taken. */
export const tables: readonly Table[] = [
  ...['TestSingleConstraint', 'TestMultipleConstraints'].map((test) => ({
    ...{ folder: 'podtopologyspread', file: 'filtering_test.go', test, loop: short },
    facts: { pod: '$.pod', nodes: '$.nodes', pods: '$.existingPods', codes: '$.wantStatusCode' },
  })),
  {
    ...{ folder: 'podtopologyspread', file: 'scoring_test.go', test: 'TestPodTopologySpreadScore' },
    loop: short,
    facts: {
      ...{ pod: '$.pod', nodes: '$.nodes', others: '$.failedNodes', pods: '$.existingPods' },
      ...{ scores: '$.want', objects: 'len($.objs)' },
    },
  },
  {
    ...{
      folder: 'interpodaffinity',
      file: 'filtering_test.go',
      test: 'TestRequiredAffinitySingleNode',
      loop,
    },
    facts: {
      ...{ pod: '$.pod', nodes: '[]*v1.Node{$.node}', pods: '$.pods', namespaces: 'namespaces' },
      ...{ statuses: `[]any{${status('$.wantFilterStatus')}}`, first: status('$.wantPreFilterStatus') },
    },
  },
  {
    ...{ folder: 'interpodaffinity', file: 'filtering_test.go', test: 'TestRequiredAffinityMultipleNodes' },
    loop: 'for indexTest, test := range tests {',
    facts: {
      ...{ pod: '$.pod', nodes: '$.nodes', pods: '$.pods', namespaces: 'namespaces', row: 'indexTest' },
      statuses: `func() (all []any) { for _, s := range $.wantFilterStatuses { all = append(all, ${status('s')}) }; return }()`,
      first: status('$.wantPreFilterStatus'),
    },
  },
  {
    ...{ folder: 'interpodaffinity', file: 'scoring_test.go', test: 'TestPreferredAffinity', loop },
    facts: {
      ...{ pod: '$.pod', nodes: '$.nodes', pods: '$.pods', namespaces: 'namespaces' },
      ...{ scores: '$.expectedList', ignores: '$.ignorePreferredTermsOfExistingPods' },
      first: status('$.wantStatus'),
    },
  },
  {
    ...{ folder: 'nodeaffinity', file: 'node_affinity_test.go', test: 'TestNodeAffinity', loop },
    facts: {
      pod: '$.pod',
      nodes: '[]v1.Node{{ObjectMeta: metav1.ObjectMeta{Name: $.nodeName, Labels: $.labels}}}',
      statuses: `[]any{${status('$.wantStatus')}}`,
      ...{ first: status('$.wantPreFilterStatus'), names: '$.wantPreFilterResult' },
      adds: '$.args.AddedAffinity != nil',
    },
  },
  {
    ...{ folder: 'nodeaffinity', file: 'node_affinity_test.go', test: 'TestNodeAffinityPriority', loop },
    facts: {
      ...{ pod: '$.pod', nodes: '$.nodes', scores: '$.expectedList', adds: '$.args.AddedAffinity != nil' },
      first: status('$.wantPreScoreStatus'),
    },
  },
  {
    ...{
      folder: 'tainttoleration',
      file: 'taint_toleration_test.go',
      test: 'TestTaintTolerationScore',
      loop,
    },
    facts: {
      ...{ pod: '$.pod', nodes: '$.nodes', scores: '$.expectedList' },
      compares: '$.enableTaintTolerationComparisonOps',
    },
  },
  {
    ...{
      folder: 'tainttoleration',
      file: 'taint_toleration_test.go',
      test: 'TestTaintTolerationFilter',
      loop,
    },
    facts: {
      ...{ pod: '$.pod', nodes: '[]*v1.Node{$.node}', statuses: `[]any{${status('$.wantStatus')}}` },
      compares: '$.enableTaintTolerationComparisonOps',
    },
  },
  {
    ...{ folder: 'noderesources', file: 'fit_test.go', test: 'TestEnoughRequests' },
    loop: 'for _, test := range enoughPodsTests {',
    facts: {
      pod: '$.pod',
      pods: 'func() (all []*v1.Pod) { for _, p := range $.nodeInfo.GetPods() { all = append(all, p.GetPod()) }; return }()',
      nodes:
        '[]v1.Node{{Status: v1.NodeStatus{Capacity: makeResources(10, 20, 32, 5, 20, 5), Allocatable: makeAllocatableResources(10, 20, 32, 5, 20, 5)}}}',
      statuses: `[]any{${status('$.wantStatus')}}`,
      ignores: 'len($.args.IgnoredResources) + len($.args.IgnoredResourceGroups)',
      ...{ ownResources: '$.podLevelResourcesEnabled', devices: '$.draExtendedResourceEnabled' },
    },
  },
  {
    ...{
      folder: 'noderesources',
      file: 'least_allocated_test.go',
      test: 'TestLeastAllocatedScoringStrategy',
    },
    loop,
    facts: {
      ...{ pod: '$.requestedPod', nodes: '$.nodes', pods: '$.existingPods', scores: '$.expectedScores' },
      ...{ resources: '$.resources', errors: 'len($.wantErrs)' },
    },
  },
  {
    ...{ folder: 'noderesources', file: 'balanced_allocation_test.go' },
    test: 'TestNodeResourcesBalancedAllocation',
    loop,
    facts: {
      ...{ pod: '$.pod', nodes: '$.nodes', pods: '$.pods', scores: '$.expectedList' },
      ...{ resources: '$.args.Resources', code: '$.wantPreScoreStatusCode' },
    },
  },
  {
    ...{ folder: 'defaultpreemption', file: 'default_preemption_test.go', test: 'TestDryRunPreemption' },
    loop: short,
    facts: {
      ...{ tried: '$.testPods', pods: '$.initPods', nodeNames: '$.nodeNames', budgets: '$.pdbs' },
      ...{ capacity: 'veryLargeRes', plugins: 'len($.registerPlugins)', args: '$.args' },
      candidates:
        'func() (all [][]map[string]any) { for _, row := range $.expected { one := []map[string]any{}; for _, c := range row { one = append(one, map[string]any{"node": c.name, "victims": c.victims}) }; all = append(all, one) }; return }()',
    },
  },
  {
    ...{ folder: 'defaultpreemption', file: 'default_preemption_test.go', test: 'TestSelectBestCandidate' },
    loop: short,
    facts: {
      ...{ pod: '$.pod', pods: '$.pods', nodeNames: '$.nodeNames', expected: '$.expected' },
      capacity: 'veryLargeRes',
    },
  },
];
