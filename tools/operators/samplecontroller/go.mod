module shallop.dev/operators/samplecontroller

go 1.25.0

require k8s.io/sample-controller v0.35.4
