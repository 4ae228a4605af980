module reference

go 1.25.0

require (
	github.com/google/cel-go v0.26.0
	k8s.io/apiextensions-apiserver v0.35.4
	k8s.io/apimachinery v0.35.4
	k8s.io/apiserver v0.35.4
)
