// Goes into a copy of pkg/controller/podautoscaler: recordController.ts puts it there and makes runTestWithController
// call it. It lets the controller look at a test's case once and writes down what it saw and what it did.
package podautoscaler

import (
	"context"
	"sort"
	"strings"
	"testing"
	"time"

	autoscalingv1 "k8s.io/api/autoscaling/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	v1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/informers"
	autoscalingfake "k8s.io/client-go/kubernetes/typed/autoscaling/v2/fake"
	scalefake "k8s.io/client-go/scale/fake"
	core "k8s.io/client-go/testing"
	"k8s.io/client-go/tools/cache"
	"k8s.io/client-go/tools/record"
	"k8s.io/kubernetes/pkg/controller/podautoscaler/metrics"
	"k8s.io/kubernetes/pkg/controller/util/selectors"
)

// Their tests begin with another one; the controller runs with this.
func init() {
	scaleUpLimitFactor = 2.0
}

type facts = map[string]any

// What other autoscalers follow: the map has no way back to the text.
var shallopOthers []facts

func shallopPutSelector(all *selectors.BiMultimap, key selectors.Key, selector labels.Selector) {
	all.PutSelector(key, selector)
	shallopOthers = append(shallopOthers, facts{"name": key.Name, "selector": selector.String()})
}

func shallopReconcile(t *testing.T, tc *testCase, a *HorizontalController, informerFactory informers.SharedInformerFactory) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	now := time.Now().Truncate(time.Second)
	informerFactory.Start(ctx.Done())
	cache.WaitForCacheSync(ctx.Done(), a.podListerSynced)
	client := a.hpaNamespacer.HorizontalPodAutoscalers("test-namespace")
	list, err := client.List(ctx, metav1.ListOptions{})
	if err != nil {
		t.Fatal(err)
	}
	hpa := &list.Items[0]
	events := record.NewFakeRecorder(100)
	a.eventRecorder = events
	row := facts{
		"test": t.Name(), "now": now.UTC().Format(time.RFC3339), "expected": tc.expectedDesiredReplicas,
		"hpa": hpa.DeepCopy(), "pods": shallopPods(a), "others": shallopOthers,
	}
	if tc.recommendations != nil {
		all := []facts{}
		for _, one := range tc.recommendations {
			all = append(all, facts{"replicas": one.recommendation, "at": metav1.NewTime(one.timestamp)})
		}
		row["recommended"] = all
	}
	shallopOthers = nil
	scale := shallopScale(ctx, a, hpa, row)
	if scale != nil {
		if selector, err := labels.Parse(scale.Status.Selector); err == nil {
			row["metrics"] = shallopMetrics(ctx, a, hpa, selector)
		}
	}
	if err := a.reconcileAutoscaler(ctx, hpa, "test-namespace/test-hpa"); err != nil {
		row["error"] = err.Error()
	}
	row["events"] = shallopEvents(tc, events)
	row["resizes"] = shallopResizes(a)
	for _, action := range a.hpaNamespacer.(*autoscalingfake.FakeAutoscalingV2).Actions() {
		if update, ok := action.(core.UpdateAction); ok && action.GetResource().Resource == "horizontalpodautoscalers" {
			row["status"] = update.GetObject().(*autoscalingv2.HorizontalPodAutoscaler).Status
		}
	}
	select {
	case <-tc.processed:
	case <-time.After(5 * time.Second):
		t.Error("it did not look at the autoscaler")
	}
	tc.verifyResults(ctx, t, a.monitor.(*mockMonitor))
	shallopRecord(row)
}

func shallopPods(a *HorizontalController) []*v1.Pod {
	found, _ := a.podLister.List(labels.Everything())
	pods := []*v1.Pod{}
	// A time of nothing would be written as if there were none.
	epoch := metav1.Unix(0, 0)
	for _, pod := range found {
		pod = pod.DeepCopy()
		if start := pod.Status.StartTime; start != nil && start.IsZero() {
			pod.Status.StartTime = &epoch
		}
		for i := range pod.Status.Conditions {
			if since := &pod.Status.Conditions[i].LastTransitionTime; since.IsZero() {
				*since = epoch
			}
		}
		pods = append(pods, pod)
	}
	// A lister has no order.
	sort.Slice(pods, func(i, j int) bool { return pods[i].Name < pods[j].Name })
	return pods
}

func shallopScale(ctx context.Context, a *HorizontalController, hpa *autoscalingv2.HorizontalPodAutoscaler, row facts) *autoscalingv1.Scale {
	ref := hpa.Spec.ScaleTargetRef
	gv, err := schema.ParseGroupVersion(ref.APIVersion)
	if err != nil {
		panic(err)
	}
	mappings, err := a.mapper.RESTMappings(schema.GroupKind{Group: gv.Group, Kind: ref.Kind})
	if err != nil {
		panic(err)
	}
	scale, _, err := a.scaleForResourceMappings(ctx, hpa.Namespace, ref.Name, mappings)
	if err != nil {
		row["scale"] = facts{"error": err.Error()}
		return nil
	}
	row["scale"] = facts{"replicas": scale.Spec.Replicas, "there": scale.Status.Replicas, "selector": scale.Status.Selector}
	return scale
}

func shallopMetrics(ctx context.Context, a *HorizontalController, hpa *autoscalingv2.HorizontalPodAutoscaler, selector labels.Selector) []facts {
	client := a.replicaCalc.metricsClient
	all := []facts{}
	for _, spec := range hpa.Spec.Metrics {
		var err error
		answer := facts{}
		switch {
		case spec.Resource != nil:
			var found metrics.PodMetricsInfo
			found, _, err = client.GetResourceMetric(ctx, spec.Resource.Name, hpa.Namespace, selector, "")
			answer["pods"] = shallopSamples(found)
		case spec.ContainerResource != nil:
			var found metrics.PodMetricsInfo
			found, _, err = client.GetResourceMetric(ctx, spec.ContainerResource.Name, hpa.Namespace, selector, spec.ContainerResource.Container)
			answer["pods"] = shallopSamples(found)
		case spec.Pods != nil:
			var found metrics.PodMetricsInfo
			found, _, err = client.GetRawMetric(spec.Pods.Metric.Name, hpa.Namespace, selector, labels.Everything())
			answer["pods"] = shallopSamples(found)
		case spec.Object != nil:
			var found int64
			found, _, err = client.GetObjectMetric(spec.Object.Metric.Name, hpa.Namespace, &spec.Object.DescribedObject, labels.Everything())
			answer["value"] = found
		case spec.External != nil:
			var found []int64
			found, _, err = client.GetExternalMetric(spec.External.Metric.Name, hpa.Namespace, labels.Everything())
			answer["values"] = found
		}
		if err != nil {
			answer = facts{"error": err.Error()}
		}
		all = append(all, answer)
	}
	return all
}

func shallopSamples(found metrics.PodMetricsInfo) facts {
	all := facts{}
	for name, sample := range found {
		all[name] = facts{"value": sample.Value, "at": metav1.NewTime(sample.Timestamp), "seconds": sample.Window.Seconds()}
	}
	return all
}

func shallopEvents(tc *testCase, from *record.FakeRecorder) []facts {
	close(from.Events)
	all := []facts{}
	for text := range from.Events {
		parts := strings.SplitN(text, " ", 3)
		all = append(all, facts{"type": parts[0], "reason": parts[1], "message": parts[2]})
	}
	tc.Lock()
	tc.eventCreated = len(all) > 0
	tc.Unlock()
	return all
}

// Each size that was asked for: again after a conflict.
func shallopResizes(a *HorizontalController) []int32 {
	all := []int32{}
	for _, action := range a.scaleNamespacer.(*scalefake.FakeScaleClient).Actions() {
		if update, ok := action.(core.UpdateAction); ok {
			all = append(all, update.GetObject().(*autoscalingv1.Scale).Spec.Replicas)
		}
	}
	return all
}
