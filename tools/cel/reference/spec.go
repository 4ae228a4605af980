package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"

	"cel.dev/expr/conformance/test"
	"github.com/google/cel-go/cel"
	"github.com/google/cel-go/common/types"
	"google.golang.org/protobuf/encoding/prototext"

	exprpb "cel.dev/expr"
	_ "cel.dev/expr/conformance/proto2"
	_ "cel.dev/expr/conformance/proto3"
)

// specCase is a case of cel-spec with what the specification wants.
type specCase struct {
	In
	Want *Out `json:"want,omitempty"`
}

// spec writes the cases of cel-spec's simple tests as JSON, those with messages aside, which Kubernetes does not have.
func spec(folder string) {
	files, _ := filepath.Glob(filepath.Join(folder, "*.textproto"))
	sort.Strings(files)
	left := 0
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			panic(err)
		}
		file := &test.SimpleTestFile{}
		if err := prototext.Unmarshal(data, file); err != nil {
			panic(fmt.Sprint(name, err))
		}
		for _, section := range file.Section {
			for _, one := range section.Test {
				c, ok := specCaseOf(one)
				if !ok {
					left++
					continue
				}
				c.ID = file.Name + "/" + section.Name + "/" + one.Name
				line, _ := json.Marshal(c)
				fmt.Println(string(line))
			}
		}
	}
	fmt.Fprintln(os.Stderr, left, "cases with messages left aside")
}

func specCaseOf(one *test.SimpleTest) (c specCase, ok bool) {
	defer func() {
		if recover() != nil {
			ok = false
		}
	}()
	text := prototext.Format(one)
	if strings.Contains(text, "cel.expr.conformance") || strings.Contains(text, "google.protobuf") && !strings.Contains(text, "google.protobuf.Duration") && !strings.Contains(text, "google.protobuf.Timestamp") || strings.Contains(one.Expr, "google.protobuf") || one.Container != "" || one.DisableMacros || one.CheckOnly {
		return c, false
	}
	c.Expr = one.Expr
	for _, decl := range one.TypeEnv {
		t, err := types.ProtoAsType(mustType(decl.GetIdent().GetType()))
		if err != nil {
			return c, false
		}
		if _, known := typeOf[t.String()]; !known {
			return c, false
		}
		if c.Vars == nil {
			c.Vars = map[string]string{}
		}
		c.Vars[decl.Name] = t.String()
	}
	for name, value := range one.Bindings {
		if c.Bind == nil {
			c.Bind = map[string]any{}
		}
		plain, ok := plainOf(value.GetValue())
		if !ok {
			return c, false
		}
		c.Bind[name] = plain
	}
	c.Want = &Out{}
	switch m := one.ResultMatcher.(type) {
	case *test.SimpleTest_Value:
		c.Want.Value = shown(m.Value)
	case *test.SimpleTest_TypedResult:
		c.Want.Value = shown(m.TypedResult.Result)
	case *test.SimpleTest_EvalError:
		c.Want.Error = m.EvalError.Errors[0].Message
	case nil:
		c.Want.Value = "bool:true"
	default:
		return c, false
	}
	return c, true
}

func mustType(t *exprpb.Type) *exprpb.Type {
	if t == nil {
		panic("no identifier")
	}
	return t
}

func shown(value *exprpb.Value) string {
	v, err := cel.ProtoAsValue(types.DefaultTypeAdapter, value)
	if err != nil {
		panic(err)
	}
	return show(v)
}

func plainOf(value *exprpb.Value) (any, bool) {
	switch k := value.GetKind().(type) {
	case *exprpb.Value_NullValue:
		return nil, true
	case *exprpb.Value_BoolValue:
		return k.BoolValue, true
	case *exprpb.Value_Int64Value:
		return k.Int64Value, k.Int64Value < 1<<53 && k.Int64Value > -(1<<53)
	case *exprpb.Value_StringValue:
		return k.StringValue, true
	case *exprpb.Value_ListValue:
		list := []any{}
		for _, e := range k.ListValue.Values {
			p, ok := plainOf(e)
			if !ok {
				return nil, false
			}
			list = append(list, p)
		}
		return list, true
	case *exprpb.Value_MapValue:
		m := map[string]any{}
		for _, e := range k.MapValue.Entries {
			key, isText := e.Key.GetKind().(*exprpb.Value_StringValue)
			p, ok := plainOf(e.Value)
			if !isText || !ok {
				return nil, false
			}
			m[key.StringValue] = p
		}
		return m, true
	}
	return nil, false
}
