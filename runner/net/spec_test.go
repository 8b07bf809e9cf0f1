package net

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const (
	plain = `{"family":"mlp","depth":4,"width":8,"skip":[]}`
	res   = `{"family":"mlp","depth":4,"width":8,"skip":[{"each":1,"from":"k","to":"k+1","join":"add","transform":"identity","branch_scale":"1/sqrt(depth)","trainable":false}]}`
)

func parsed(t testing.TB, text string) Spec {
	t.Helper()
	s, err := Parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestASpecWithAMistakeNamesItsField(t *testing.T) {
	for text, want := range map[string]string{
		`{"family":"mlp","depth":4,"width":8,"detla":1}`:                 "runner/net: detla: unknown field",
		`{"family":"mlp","depth":4}`:                                     "runner/net: width: is missing",
		`{"family":"mlp","depth":0,"width":8}`:                           "runner/net: depth: 0 is not a whole number from 1 to 4096",
		`{"family":"mlp","depth":2.5,"width":8}`:                         "runner/net: depth: 2.5 is not a whole number",
		`{"family":"mlp","depth":9999,"width":8}`:                        "runner/net: depth: 9999 is not",
		`{"family":"mlp","depth":4,"width":8,"act":"rule"}`:              `runner/net: act: "rule" is not one of relu, tanh`,
		`{"family":"mlp","depth":4,"width":8,"norm":"layernorm before"}`: `runner/net: norm: "layernorm before" is not one of`,
		`{"family":"mlp","depth":4,"width":8,"affine":"yes"}`:            "runner/net: affine: \"yes\" is neither true nor false",
		`{"family":"unet","levels":3}`:                                   "runner/net: base: is missing",
		`{"family":"nonsense"}`:                                          `runner/net: family: "nonsense" is unknown`,
		`{"depth":4}`:                                                    "runner/net: family: is missing",
		`[]`:                                                             "runner/net: the net is no JSON object",
		`{"family":"mlp"} x`:                                             "runner/net: something follows",
		skip(`{"from":"k","to":"k+1","joinn":"add"}`):                    "runner/net: skip[0].joinn: unknown field for join add",
		skip(`{"from":"k","to":"k+1","gate_bias":1}`):                    "runner/net: skip[0].gate_bias: unknown field for join add",
		skip(`{"to":"k+1"}`):                                             "runner/net: skip[0].from: is missing",
		skip(`{"from":"k","to":"k+1","join":"multiply"}`):                `runner/net: skip[0].join: "multiply" is not one of`,
		skip(`{"from":"k","to":"k+1","branch_scale":"1/sqrt(width)"}`):   "runner/net: skip[0].branch_scale: ",
		skip(`{"from":"k","to":"k+1","branch_scale":"1/0"}`):             `runner/net: skip[0].branch_scale: "1/0" is not a finite number`,
		skip(`{"from":"k","to":"k+9"}`):                                  `runner/net: skip[0]: to is "k+9", which does not fit 4 blocks`,
		skip(`{"from":"k","to":"k"}`):                                    `runner/net: skip[0]: to is "k"`,
		skip(`{"from":3,"to":2}`):                                        "runner/net: skip[0]: an edge from state 3 to 2 does not lead forward",
		skip(`{"from":"enc i","to":"dec i"}`):                            `runner/net: skip[0]: from is "enc i"`,
		skip(`{"from":"k","to":"k+1","each":0}`):                         "runner/net: skip[0].each: 0 is not",
		skip(`{"from":"k","to":"k+1","transform":"magic"}`):              `runner/net: skip[0].transform: "magic" is not one of`,
	} {
		if _, err := Parse([]byte(text)); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%s\n got %v\nwant %s", text, err, want)
		}
	}
}

func skip(s string) string { return `{"family":"mlp","depth":4,"width":8,"skip":[` + s + `]}` }

func TestAShapeThatCannotBeIsRefusedAtTheBlock(t *testing.T) {
	s := parsed(t, skip(`{"from":"k","to":"k+1","join":"concat"}, {"from":0,"to":4,"join":"add"}`))
	if _, err := Build(s, IO{In: 3, Out: 2, Batch: 5}, Train, nil); err == nil || !strings.Contains(err.Error(), "blocks.4.skip2: the skip from state 0 carries 8 numbers, the branch has 40 numbers; transform pad or projection brings it there") {
		t.Errorf("got %v", err)
	}
}

func TestExpressions(t *testing.T) {
	for text, want := range map[string]float64{
		"1/sqrt(depth)": 0.25, "1": 1, "-3": -3, "1/8": 0.125, "0": 0, "2 * (depth - 4) / 3": 8, "1e-3": 1e-3, "sqrt(sqrt(depth))": 2, "1 - 2 - 3": -4, "1.5e2": 150, "-sqrt(4)": -2,
	} {
		if got, err := evaluate(text, map[string]float64{"depth": 16}); err != nil || math.Abs(got-want) > 1e-15 {
			t.Errorf("%s: got %v, %v; want %v", text, got, err, want)
		}
	}
	for _, text := range []string{"", "1/", "(1", "1)", "sqrt 4", "width", "1 2", "0/0", "sqrt(-1)", "e5", "inf", "nan", "0x10", strings.Repeat("(", 1000)} {
		if got, err := evaluate(text, nil); err == nil {
			t.Errorf("%q: got %v, want an error", text, got)
		}
	}
}

func FuzzSpecsAreParsedOrRefused(f *testing.F) {
	f.Add(plain)
	f.Add(res)
	f.Add(skip(`{"from":"k","to":"k+2","each":2,"branch_scale":"2*(1+depth)/3"}`))
	f.Add(skip(`{"from":"all j<k","to":"k","join":"concat"}`))
	f.Add(`{"family":"densenet-mlp","depth":2,"stem":3,"growth":2,"skip":null}`)
	f.Add(`{"family":"highway","depth":2,"width":2}`)
	f.Add(skip(`{"from":"k","to":"k+1","branch_scale":" "}`)) // found by the fuzzer: read back as 1
	for _, form := range forms() {
		f.Add(form.spec)
	}
	f.Fuzz(func(t *testing.T, text string) {
		s, err := Parse([]byte(text))
		if err != nil {
			if !strings.HasPrefix(err.Error(), "runner/net: ") {
				t.Fatalf("%q: %v", text, err)
			}
			return
		}
		// What is written is read back the same.
		b, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		again, err := Parse(b)
		if err != nil || !reflect.DeepEqual(again, s) {
			t.Fatalf("%s: read back as %v, %v", b, again, err)
		}
	})
}

func FuzzSmallSpecsBuildOrAreRefused(f *testing.F) {
	ios := map[string]IO{}
	all := forms()
	for _, name := range slices.Sorted(maps.Keys(all)) {
		form := all[name]
		f.Add(form.spec)
		s, err := Parse([]byte(form.spec))
		if err != nil {
			f.Fatal(err)
		}
		ios[s.Family] = form.io
	}
	long := regexp.MustCompile("[0-9]{2}|e[+-]?[0-9]")
	f.Fuzz(func(t *testing.T, text string) {
		s, err := Parse([]byte(text))
		if err != nil || long.MatchString(text) {
			return
		}
		io, ok := ios[s.Family]
		if !ok {
			io = testIO
		}
		io.Taps = nil
		for _, mode := range []Mode{Train, Score} {
			g, err := Build(s, io, mode, nil)
			if err != nil {
				if !strings.HasPrefix(err.Error(), "runner/net: ") {
					t.Fatalf("%q: %v", text, err)
				}
				return
			}
			p, err := Compile(g, drawn(g), started(g))
			if err != nil {
				t.Fatalf("%q: %v", text, err)
			}
			p.Run()
		}
	})
}

func ExampleDescribe() {
	s, err := Parse([]byte(res))
	if err != nil {
		fmt.Println(err)
		return
	}
	d, err := Describe(s, IO{In: 64, Out: 10, Batch: 64})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(d.Params, d.FLOPs)
	fmt.Print(d.Diagram)
	// Output:
	// 898 260096
	// input 64 ─ linear 8 ─ 4 × [ relu · linear 8 ] ─ relu ─ linear 10
	//                           └─ k → k+1: identity ─┘ add, branch × 0.5
}
