package papers

import (
	"encoding/json"
	"reflect"
	"testing"

	"tenet/papers/pdfwrite"
)

func TestWordsSurviveTheirShortForm(t *testing.T) {
	d := opened(t, article(pdfwrite.Info{}).Bytes(pdfwrite.Form{}))
	d.Pages = append(d.Pages, Page{Number: 99}, Page{Number: 100, Words: Words{{Start: 3, End: 2, Box: Box{-1, -0.25, 0, 1e6}}}})
	b, err := json.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	var back Document
	if err := json.Unmarshal(b, &back); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(*d, back) {
		t.Error("the document came back another one")
	}
}

func TestWordsOfAnOlderReadingAreStillRead(t *testing.T) {
	var ws Words
	if err := json.Unmarshal([]byte(`[{"start":1,"end":4,"box":{"x0":1.5,"y0":2,"x1":3,"y1":4.25}}]`), &ws); err != nil {
		t.Fatal(err)
	}
	if want := (Words{{Start: 1, End: 4, Box: Box{1.5, 2, 3, 4.25}}}); !reflect.DeepEqual(ws, want) {
		t.Errorf("got %+v, want %+v", ws, want)
	}
	for _, bad := range []string{`[1,2,3]`, `[99999999999999999999,1,1,1,1,1]`, `"x`} {
		if err := json.Unmarshal([]byte(bad), &ws); err == nil {
			t.Errorf("%s was read", bad)
		}
	}
}
