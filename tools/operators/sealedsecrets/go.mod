module shallop.dev/operators/sealedsecrets

go 1.26.8

require github.com/bitnami/sealed-secrets v0.40.0

// Its repository was moved; the proxy has this version under the old name.
replace github.com/bitnami/sealed-secrets => github.com/bitnami-labs/sealed-secrets v0.40.0
