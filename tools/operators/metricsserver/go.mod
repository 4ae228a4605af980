module shallop.dev/operators/metricsserver

go 1.25.0

require sigs.k8s.io/metrics-server v0.8.0
