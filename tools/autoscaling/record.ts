/**
 * Writes the tables of the HPA controller's own tests as JSON: `node tools/autoscaling/record.ts MODULE`, where MODULE is
 * the folder of a Go module that requires k8s.io/kubernetes. Each test there is made to write its case down instead of
 * trying it, so that what it expects comes from there word by word.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { copyOfPackage, recordingAt, replaced } from '../upstreamTests/packageCopy.ts';

const [moduleFolder] = process.argv.slice(2);
if (!moduleFolder) throw new Error('usage: node tools/autoscaling/record.ts MODULE');
const target = '../../src/shared/controllers/horizontalpodautoscaler/testdata/upstream.json';

const helper = `package podautoscaler

import (
	"math"
	"testing"
	"time"

	v1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// Their tests begin with another one; the controller runs with this.
func init() {
	scaleUpLimitFactor = 2.0
}

// Seconds ago; null for never.
func shallopAgo(at time.Time) *float64 {
	if at.IsZero() {
		return nil
	}
	ago := math.Round(time.Since(at).Seconds())
	return &ago
}

func shallopEvents(events []timestampedScaleEvent) []any {
	all := []any{}
	for _, event := range events {
		all = append(all, map[string]any{"by": event.replicaChange, "ago": shallopAgo(event.timestamp)})
	}
	return all
}

func shallopRecommendations(list []timestampedRecommendation) []any {
	all := []any{}
	for _, one := range list {
		all = append(all, map[string]any{"replicas": one.recommendation, "ago": shallopAgo(one.timestamp)})
	}
	return all
}

func shallopReplicas(t *testing.T, tc *replicaCalcTestCase) {
	facts := map[string]any{"test": t.Name(), "name": "", "current": tc.currentReplicas, "replicas": tc.expectedReplicas}
	if tc.expectedError != nil {
		facts["error"] = tc.expectedError.Error()
	}
	if tc.tolerances != nil {
		facts["tolerance"] = map[string]any{"down": tc.tolerances.scaleDown, "up": tc.tolerances.scaleUp}
	}
	if tc.container != "" {
		facts["container"] = tc.container
	}
	if len(tc.podReadiness) > 0 {
		facts["ready"] = tc.podReadiness
	}
	if len(tc.podPhase) > 0 {
		facts["phases"] = tc.podPhase
	}
	if len(tc.podDeletionTimestamp) > 0 {
		facts["deleted"] = tc.podDeletionTimestamp
	}
	if len(tc.podStartTime) > 0 {
		started := []*float64{}
		for _, at := range tc.podStartTime {
			started = append(started, shallopAgo(at.Time))
		}
		facts["startedAgo"] = started
	}
	facts["measuredAgo"] = shallopAgo(tc.timestamp)
	if own := tc.resource; own != nil {
		requests := []string{}
		for _, request := range own.requests {
			requests = append(requests, request.String())
		}
		facts["resource"] = map[string]any{
			"name": own.name, "requests": requests, "levels": own.levels, "podNames": own.podNames,
			"target": own.targetUtilization, "utilization": own.expectedUtilization, "value": own.expectedValue,
		}
	}
	if own := tc.metric; own != nil {
		kind := map[metricType]string{objectMetric: "Object", objectPerPodMetric: "ObjectPerPod", externalMetric: "External", externalPerPodMetric: "ExternalPerPod", podMetric: "Pods"}
		facts["metric"] = map[string]any{
			"name": own.name, "levels": own.levels, "type": kind[own.metricType], "object": own.singleObject, "selector": own.selector,
			"target": own.targetUsage, "perPod": own.perPodTargetUsage, "usage": own.expectedUsage,
		}
	}
	shallopRecord(facts)
}

var _ = v1.ConditionTrue
var _ metav1.Time
`;

/** A test that goes through a table, and what of a row is written down; \`tc\` is the row. */
interface Table {
  test: string;
  loop: string;
  name: string;
  facts: Record<string, string>;
}

const rules = (direction: string) =>
  `autoscalingapiv2.GenerateHPAScale${direction}Rules(tc.scale${direction}Rules)`;
const tables: Table[] = [
  {
    test: 'TestConvertDesiredReplicasWithRules',
    loop: 'for _, ctc := range conversionTestCases {',
    name: 'ctc.annotation',
    facts: {
      current: 'ctc.currentReplicas',
      desired: 'ctc.expectedDesiredReplicas',
      min: 'ctc.hpaMinReplicas',
      max: 'ctc.hpaMaxReplicas',
      replicas: 'ctc.expectedConvertedDesiredReplicas',
      condition: 'ctc.expectedCondition',
    },
  },
  {
    test: 'TestNormalizeDesiredReplicas',
    loop: 'for _, tc := range tests {',
    name: 'tc.name',
    facts: {
      recommended: 'shallopRecommendations(tc.recommendations)',
      desired: 'tc.prenormalizedDesiredReplicas',
      replicas: 'tc.expectedStabilizedReplicas',
    },
  },
  {
    test: 'TestScalingWithRules',
    loop: 'for _, tc := range tests {',
    name: 'tc.name',
    facts: {
      up: 'shallopEvents(tc.scaleUpEvents)',
      down: 'shallopEvents(tc.scaleDownEvents)',
      min: 'tc.specMinReplicas',
      max: 'tc.specMaxReplicas',
      scaleUp: rules('Up'),
      scaleDown: rules('Down'),
      current: 'tc.currentReplicas',
      desired: 'tc.prenormalizedDesiredReplicas',
      replicas: 'tc.expectedReplicas',
      condition: 'tc.expectedCondition',
    },
  },
  {
    test: 'TestNormalizeDesiredReplicasWithBehavior',
    loop: 'for _, tc := range tests {',
    name: 'tc.name',
    facts: {
      recommended: 'shallopRecommendations(tc.recommendations)',
      current: 'tc.currentReplicas',
      desired: 'tc.prenormalizedDesiredReplicas',
      replicas: 'tc.expectedStabilizedReplicas',
      upSeconds: 'tc.scaleUpStabilizationWindowSeconds',
      downSeconds: 'tc.scaleDownStabilizationWindowSeconds',
    },
  },
];

/** Puts what is to be recorded at the beginning of the loop over a test's table. */
function withRecording(source: string, { test, loop, name, facts }: Table): string {
  const at = source.indexOf(loop, source.indexOf(`func ${test}(`));
  if (at < 0) throw new Error(`${test} is not as it was`);
  return recordingAt(source, at + loop.length, { test: `"${test}"`, name, ...facts });
}

const copy = copyOfPackage(moduleFolder, 'pkg/controller/podautoscaler');
const runs = 'func (tc *replicaCalcTestCase) runTest(t *testing.T) {';
const calculator = 'replica_calculator_test.go';
const recording = `${runs}\n\tif true {\n\t\tshallopReplicas(t, tc)\n\t\treturn\n\t}`;
copy.write(calculator, replaced(copy.read(calculator), runs, recording));
copy.write('horizontal_test.go', tables.reduce(withRecording, copy.read('horizontal_test.go')));
copy.write('shallop_facts_test.go', helper);
const names = [
  'TestReplicaCalc.*',
  'TestPlainMetric.*',
  'TestExternalPerPod.*',
  ...tables.map(({ test }) => test),
].join('|');
const rows = copy.test(`^(${names})$`);
writeFileSync(join(import.meta.dirname, target), `[\n${rows.join(',\n')}\n]\n`);
console.log(`${rows.length} cases`);
copy.remove();
