module shallop.dev/examples/shalloptest

go 1.22
