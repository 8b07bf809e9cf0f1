package store

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"math"
	"os"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/tlog"
	"pgregory.net/rapid"
)

type vector struct {
	ID   string `json:"id"`
	Kind string `json:"kind"`
	In   struct {
		Record  json.RawMessage   `json:"record"`
		Entries []json.RawMessage `json:"entries"`
	} `json:"in"`
	Out struct {
		Error  bool     `json:"error"`
		Hex    string   `json:"canonical_hex"`
		Digest string   `json:"digest"`
		Leaves []string `json:"leaves"`
		Root   string   `json:"root"`
	} `json:"out"`
}

// vectors are those of shared/decision/vectors.json of kinds canonical and merkle, copied.
func vectors(t *testing.T, kind string) []vector {
	t.Helper()
	raw, err := os.ReadFile("testdata/vectors.json")
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Vectors []vector `json:"vectors"`
	}
	if err := json.Unmarshal(raw, &file); err != nil {
		t.Fatal(err)
	}
	var out []vector
	for _, v := range file.Vectors {
		if v.Kind == kind {
			out = append(out, v)
		}
	}
	if len(out) == 0 {
		t.Fatalf("no vectors of kind %s", kind)
	}
	return out
}

func TestCanonicalBytesMatchTheVectors(t *testing.T) {
	for _, v := range vectors(t, "canonical") {
		t.Run(v.ID, func(t *testing.T) {
			got, err := Canonical(v.In.Record)
			if (err != nil) != v.Out.Error {
				t.Fatalf("%s: got error %v, want error %v", v.In.Record, err, v.Out.Error)
			}
			if err != nil {
				return
			}
			if h := hex.EncodeToString(got); h != v.Out.Hex {
				t.Errorf("%s:\n got %s\nwant %s", v.In.Record, h, v.Out.Hex)
			}
			sum := sha256.Sum256(append([]byte("tenet/prereg/v1\x00"), got...))
			if h := hex.EncodeToString(sum[:]); h != v.Out.Digest {
				t.Errorf("digest %s, want %s", h, v.Out.Digest)
			}
		})
	}
}

func TestMerkleRootsMatchTheVectors(t *testing.T) {
	for _, v := range vectors(t, "merkle") {
		t.Run(v.ID, func(t *testing.T) {
			var f forest
			for i, entry := range v.In.Entries {
				leaf, err := Canonical(entry)
				if err != nil {
					t.Fatal(err)
				}
				h := tlog.RecordHash(leaf)
				f.add(uint64(i+1), h, nil)
				if got := hex.EncodeToString(h[:]); got != v.Out.Leaves[i] {
					t.Errorf("leaf %d of %s: got %s, want %s", i, entry, got, v.Out.Leaves[i])
				}
			}
			root := f.root(uint64(len(v.In.Entries)))
			if got := hex.EncodeToString(root[:]); got != v.Out.Root {
				t.Errorf("root: got %s, want %s", got, v.Out.Root)
			}
		})
	}
}

func TestCanonicalRefusesWhatHasNoOneForm(t *testing.T) {
	for name, v := range map[string]any{
		"float field that is whole today": struct{ X float64 }{1},
		"float deep in a type": struct {
			A []map[string]*struct{ F float32 }
		}{},
		"real in any":    map[string]any{"x": 0.5},
		"2^53":           map[string]int64{"n": 1 << 53},
		"-2^53":          map[string]int64{"n": -1 << 53},
		"huge":           json.RawMessage(`{"n":123456789012345678901234567890}`),
		"not UTF-8":      map[string]string{"s": "a\xffb"},
		"lone surrogate": json.RawMessage(`"\ud800x"`),
		"not NFC":        map[string]string{"s": "e\u0301"},
		"key not NFC":    map[string]int{"e\u0301": 1},
		"double key":     json.RawMessage(`{"a":1,"b":2,"a":3}`),
		"exponent":       json.RawMessage(`1e3`),
		"channel":        make(chan int),
	} {
		if got, err := Canonical(v); err == nil {
			t.Errorf("%s: got %s, want an error", name, got)
		}
	}
}

func TestCanonicalKeepsTheEdges(t *testing.T) {
	for in, want := range map[string]string{
		`9007199254740991`:         `9007199254740991`,
		`-9007199254740991`:        `-9007199254740991`,
		`-0`:                       `0`,
		" [ 1 , { } , \"\\/\" ] ":  `[1,{},"/"]`,
		`"\ud835\udf06"`:           `"𝜆"`,
		`"\u007f\u2028<&>"`:        "\"\x7f\u2028<&>\"",
		`"\u000b\b\f\u001f"`:       `"\u000b\b\f\u001f"`,
		`{"":1,"\u0061":{"b":[]}}`: `{"":1,"a":{"b":[]}}`,
		`{"b":1,"B":2,"a":3}`:      `{"B":2,"a":3,"b":1}`,
		"true":                     "true", "false": "false", "null": "null",
	} {
		got, err := Canonical(json.RawMessage(in))
		if err != nil || string(got) != want {
			t.Errorf("%s: got %s %v, want %s", in, got, err, want)
		}
	}
}

// anyJSON draws values that have a canonical form.
func anyJSON() *rapid.Generator[any] {
	text := rapid.Map(rapid.String(), func(s string) any { return clean(s) })
	leaf := rapid.OneOf(text, rapid.Just[any](nil), rapid.Just[any](true),
		rapid.Map(rapid.Int64Range(1-maxInteger, maxInteger-1), func(n int64) any { return n }))
	return rapid.Deferred(func() *rapid.Generator[any] {
		return rapid.OneOf(leaf, leaf,
			rapid.Map(rapid.SliceOfN(anyJSON(), 0, 4), func(s []any) any { return s }),
			rapid.Map(rapid.MapOfN(text, anyJSON(), 0, 4), func(m map[any]any) any {
				out := map[string]any{}
				for k, v := range m {
					out[k.(string)] = v
				}
				return out
			}))
	})
}

// clean is s as a record holds it. What is taken out may have kept a letter and its accent apart, so the form is
// brought about last.
func clean(s string) string { return Text(strings.ReplaceAll(s, "\uFFFD", "")) }

func TestCanonicalIsIdempotent(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := anyJSON().Draw(t, "value")
		once, err := Canonical(v)
		if err != nil {
			t.Fatal(err)
		}
		twice, err := Canonical(json.RawMessage(once))
		if err != nil || !bytes.Equal(once, twice) {
			t.Fatalf("%v: once %s, twice %s %v", v, once, twice, err)
		}
		indented, err := json.MarshalIndent(v, " ", "\t") // other key order does not matter, other space neither
		if err != nil {
			t.Fatal(err)
		}
		again, err := Canonical(json.RawMessage(indented))
		if err != nil || !bytes.Equal(once, again) {
			t.Fatalf("%s: got %s %v, want %s", indented, again, err, once)
		}
	})
}

func TestTopFieldsAgreeWithTheDecoder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		object := map[string]any{}
		for range rapid.IntRange(0, 5).Draw(t, "n") {
			object[clean(rapid.String().Draw(t, "key"))] = anyJSON().Draw(t, "value")
		}
		b, err := Canonical(object)
		if err != nil {
			t.Fatal(err)
		}
		var want map[string]json.RawMessage
		if err := json.Unmarshal(b, &want); err != nil {
			t.Fatal(err)
		}
		n := 0
		for key, raw := range topFields(b) {
			n++
			if !bytes.Equal(raw, want[key]) {
				t.Fatalf("%s: field %q: got %s, want %s", b, key, raw, want[key])
			}
		}
		if n != len(want) {
			t.Fatalf("%s: got %d fields, want %d", b, n, len(want))
		}
	})
}

func TestARecordIsCanonical(t *testing.T) {
	c := Change{
		Seq: 7, At: time.Date(2026, 5, 4, 3, 2, 1, 123456789, time.UTC), Actor: "Zoë \"Q\"", Verb: "claim.tagged",
		Kind: "claim", ID: "01J", After: json.RawMessage(`{"a":1}`), Why: "line\nbreak", Batch: 6, Undoes: 3, Final: true,
	}
	short := c
	short.At = c.At.Truncate(time.Millisecond)
	want, err := Canonical(short)
	if err != nil {
		t.Fatal(err)
	}
	if got := c.record(); !bytes.Equal(got, want) {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	back, err := parseChange(want)
	if err != nil || !bytes.Equal(back.record(), want) {
		t.Errorf("%s: read back as %+v %v", want, back, err)
	}
}

func TestARealComesBackBitForBit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := rapid.OneOf(rapid.Float64(), rapid.SampledFrom([]float64{0, math.Copysign(0, -1), math.Inf(1), math.Inf(-1), math.NaN(), 5e-324, math.MaxFloat64})).Draw(t, "x")
		b, err := Canonical(struct{ X Real }{Real(x)})
		if err != nil {
			t.Fatal(err)
		}
		var back struct{ X Real }
		if err := json.Unmarshal(b, &back); err != nil {
			t.Fatal(err)
		}
		if got := float64(back.X); math.Float64bits(got) != math.Float64bits(x) && !(math.IsNaN(got) && math.IsNaN(x)) {
			t.Fatalf("%v: %s came back as %v", x, b, got)
		}
	})
	for in, want := range map[string]float64{`1.5`: 1.5, `"-2e3"`: -2000, `"inf"`: math.Inf(1)} {
		var r Real
		if err := json.Unmarshal([]byte(in), &r); err != nil || float64(r) != want {
			t.Errorf("%s: got %v %v, want %v", in, r, err, want)
		}
	}
	for _, in := range []string{`"x"`, `""`, `"0x1p-2000000"`, `"1e999"`, `"Infinity"`, `true`} {
		var r Real
		if err := json.Unmarshal([]byte(in), &r); err == nil {
			t.Errorf("%s: got %v, want an error", in, r)
		}
	}
}

func TestTextIsIdempotent(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := string(rapid.SliceOf(rapid.Byte()).Draw(t, "bytes")) + rapid.String().Draw(t, "text")
		once := Text(s)
		if again := Text(once); again != once {
			t.Fatalf("%q: once %q, twice %q", s, once, again)
		}
		if strings.Contains(once, "\uFFFD") {
			return
		}
		if _, err := Canonical(once); err != nil {
			t.Fatalf("%q: %v", s, err)
		}
	})
}

func FuzzCanonical(f *testing.F) {
	for _, s := range []string{`{"b":1,"a":[true,null,"x\u0007"]}`, `"\ud83d\ude00"`, `[[[[]]]]`, `-0`, `{"a":1,"a":2}`, "\"\\u", `1e5`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		once, err := canonicalJSON(in)
		if err != nil {
			return
		}
		var want, got any
		if json.Unmarshal(in, &want) != nil || json.Unmarshal(once, &got) != nil {
			t.Fatalf("%q: canonical %q is no JSON", in, once)
		}
		twice, err := canonicalJSON(once)
		if err != nil || !bytes.Equal(once, twice) {
			t.Fatalf("%q: once %q, twice %q %v", in, once, twice, err)
		}
	})
}

var errRefused = errors.New("refused by the test")
