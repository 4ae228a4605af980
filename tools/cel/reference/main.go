// Reads one JSON case a line, writes one JSON answer a line.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"sort"
	"strings"

	"github.com/google/cel-go/cel"
	"github.com/google/cel-go/common/types"
	"github.com/google/cel-go/common/types/ref"
	"github.com/google/cel-go/common/types/traits"
	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions"
	apiextv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/validation"
	structuralschema "k8s.io/apiextensions-apiserver/pkg/apiserver/schema"
	schemacel "k8s.io/apiextensions-apiserver/pkg/apiserver/schema/cel"
	"k8s.io/apimachinery/pkg/util/validation/field"
	"k8s.io/apimachinery/pkg/util/version"
	celconfig "k8s.io/apiserver/pkg/apis/cel"
	"k8s.io/apiserver/pkg/cel/environment"
	"k8s.io/apiserver/pkg/cel/library"
)

type In struct {
	ID    string            `json:"id,omitempty"`
	Expr  string            `json:"expr,omitempty"`
	Vars  map[string]string `json:"vars,omitempty"`
	Bind  map[string]any    `json:"bind,omitempty"`
	CRD   json.RawMessage   `json:"crd,omitempty"`
	Obj   any               `json:"obj,omitempty"`
	Old   any               `json:"old,omitempty"`
	Limit uint64            `json:"limit,omitempty"`
}
type Out struct {
	ID      string   `json:"id,omitempty"`
	Compile string   `json:"compile,omitempty"`
	Type    string   `json:"type,omitempty"`
	Value   string   `json:"value,omitempty"`
	Error   string   `json:"error,omitempty"`
	Cost    *uint64  `json:"cost,omitempty"`
	Est     []uint64 `json:"est,omitempty"`
	Errs    []string `json:"errs,omitempty"`
}

var typeOf = map[string]*cel.Type{"int": cel.IntType, "uint": cel.UintType, "double": cel.DoubleType, "string": cel.StringType, "bytes": cel.BytesType, "bool": cel.BoolType, "dyn": cel.DynType, "list(int)": cel.ListType(cel.IntType), "list(string)": cel.ListType(cel.StringType), "list(dyn)": cel.ListType(cel.DynType), "map(string, dyn)": cel.MapType(cel.StringType, cel.DynType), "map(string, string)": cel.MapType(cel.StringType, cel.StringType), "map(string, int)": cel.MapType(cel.StringType, cel.IntType), "timestamp": cel.TimestampType, "duration": cel.DurationType}

func show(v ref.Val) string {
	switch t := v.(type) {
	case types.String:
		b, _ := json.Marshal(string(t))
		return string(b)
	case types.Bytes:
		return fmt.Sprintf("b'%x'", string(t))
	case types.Int:
		return fmt.Sprintf("%d", int64(t))
	case types.Uint:
		return fmt.Sprintf("%du", uint64(t))
	case types.Double:
		return "d" + fmt.Sprint(float64(t))
	case types.Null:
		return "null"
	case types.Duration:
		return fmt.Sprintf("duration(%d)", int64(t.Duration))
	case types.Timestamp:
		return "timestamp(" + string(t.ConvertToType(types.StringType).(types.String)) + ")"
	case *types.Optional:
		if t.HasValue() {
			return "optional(" + show(t.GetValue()) + ")"
		}
		return "optional.none()"
	case ref.Type:
		return "type(" + t.TypeName() + ")"
	}
	if l, ok := v.(traits.Lister); ok {
		var p []string
		for it := l.Iterator(); it.HasNext() == types.True; {
			p = append(p, show(it.Next()))
		}
		return "[" + strings.Join(p, ", ") + "]"
	}
	if m, ok := v.(traits.Mapper); ok {
		var p []string
		for it := m.Iterator(); it.HasNext() == types.True; {
			k := it.Next()
			p = append(p, show(k)+": "+show(m.Get(k)))
		}
		sort.Strings(p)
		return "{" + strings.Join(p, ", ") + "}"
	}
	return v.Type().TypeName() + ":" + fmt.Sprint(v.Value())
}

func ptr(n uint64) *uint64 { return &n }

func fix(v any) any {
	switch t := v.(type) {
	case map[string]any:
		for k := range t {
			t[k] = fix(t[k])
		}
		return t
	case []any:
		for i := range t {
			t[i] = fix(t[i])
		}
		return t
	case json.Number:
		if i, err := t.Int64(); err == nil {
			return i
		}
		f, _ := t.Float64()
		return f
	}
	return v
}

func run(in In) (out Out) {
	out.ID = in.ID
	defer func() {
		if r := recover(); r != nil {
			out.Error = fmt.Sprint("PANIC ", r)
		}
	}()
	if in.CRD != nil {
		return crd(in)
	}
	var opts []cel.EnvOption
	for n, t := range in.Vars {
		opts = append(opts, cel.Variable(n, typeOf[t]))
	}
	set, err := environment.MustBaseEnvSet(version.MajorMinor(1, 35)).Extend(environment.VersionedOptions{IntroducedVersion: version.MajorMinor(1, 0), EnvOptions: opts})
	if err != nil {
		out.Error = err.Error()
		return
	}
	env := set.NewExpressionsEnv()
	ast, issues := env.Compile(in.Expr)
	if issues != nil {
		out.Compile = issues.String()
		return
	}
	out.Type = ast.OutputType().String()
	if est, err := env.EstimateCost(ast, &library.CostEstimator{}); err == nil {
		out.Est = []uint64{est.Min, est.Max}
	}
	limit := in.Limit
	if limit == 0 {
		limit = celconfig.PerCallLimit
	}
	prog, err := env.Program(ast, cel.CostLimit(limit), cel.CostTracking(&library.CostEstimator{}), cel.InterruptCheckFrequency(celconfig.CheckFrequency))
	if err != nil {
		out.Error = "program: " + err.Error()
		return
	}
	bind := map[string]any{}
	for k, v := range in.Bind {
		bind[k] = fix(v)
	}
	val, det, err := prog.Eval(bind)
	if det != nil && det.ActualCost() != nil {
		out.Cost = ptr(*det.ActualCost())
	}
	if err != nil {
		out.Error = err.Error()
		return
	}
	out.Value = show(val)
	return
}

func crd(in In) (out Out) {
	out.ID = in.ID
	ctx := context.Background()
	var v1 apiextv1.CustomResourceDefinition
	if err := json.Unmarshal(in.CRD, &v1); err != nil {
		out.Error = err.Error()
		return
	}
	apiextv1.SetDefaults_CustomResourceDefinition(&v1)
	apiextv1.SetDefaults_CustomResourceDefinitionSpec(&v1.Spec)
	var internal apiextensions.CustomResourceDefinition
	if err := apiextv1.Convert_v1_CustomResourceDefinition_To_apiextensions_CustomResourceDefinition(&v1, &internal, nil); err != nil {
		out.Error = err.Error()
		return
	}
	internal.Status.StoredVersions = []string{v1.Spec.Versions[0].Name}
	errs := validation.ValidateCustomResourceDefinition(ctx, &internal)
	for _, e := range errs {
		out.Errs = append(out.Errs, e.Error())
	}
	if len(errs) > 0 || in.Obj == nil {
		return
	}
	var js apiextensions.JSONSchemaProps
	if err := apiextv1.Convert_v1_JSONSchemaProps_To_apiextensions_JSONSchemaProps(v1.Spec.Versions[0].Schema.OpenAPIV3Schema, &js, nil); err != nil {
		out.Error = err.Error()
		return
	}
	s, err := structuralschema.NewStructural(&js)
	if err != nil {
		out.Error = err.Error()
		return
	}
	v := schemacel.NewValidator(s, true, celconfig.PerCallLimit)
	if v == nil {
		out.Value = "no rules"
		return
	}
	var old any
	if in.Old != nil {
		old = fix(in.Old)
	}
	el, left := v.Validate(ctx, field.NewPath("root"), s, fix(in.Obj), old, celconfig.RuntimeCELCostBudget)
	out.Value = "valid"
	for _, e := range el {
		out.Value = "invalid"
		out.Errs = append(out.Errs, e.Error())
	}
	out.Cost = ptr(uint64(celconfig.RuntimeCELCostBudget - left))
	return
}

func main() {
	if len(os.Args) == 3 && os.Args[1] == "spec" {
		spec(os.Args[2])
		return
	}
	sc := bufio.NewScanner(os.Stdin)
	sc.Buffer(make([]byte, 1<<20), 1<<28)
	w := bufio.NewWriter(os.Stdout)
	defer w.Flush()
	for sc.Scan() {
		if len(strings.TrimSpace(sc.Text())) == 0 {
			continue
		}
		var in In
		d := json.NewDecoder(strings.NewReader(sc.Text()))
		d.UseNumber()
		if err := d.Decode(&in); err != nil {
			fmt.Fprintf(w, "{\"error\":%q}\n", err.Error())
			continue
		}
		b, _ := json.Marshal(run(in))
		w.Write(b)
		w.WriteByte('\n')
	}
}
