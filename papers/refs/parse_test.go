package refs

import (
	"reflect"
	"testing"
)

// The entries are written in the styles of real venues; names and titles are those of real works.
func TestEntriesOfManyStylesAreTakenApart(t *testing.T) {
	he := []string{"K. He", "X. Zhang", "S. Ren", "J. Sun"}
	for _, want := range []Entry{
		{Label: "16", Raw: "[16] K. He, X. Zhang, S. Ren, and J. Sun. Deep residual learning for image recognition. In CVPR, 2016.", Authors: he, Title: "Deep residual learning for image recognition", Year: 2016},
		{Label: "5", Raw: "5. He, K., Zhang, X., Ren, S., Sun, J.: Delving deep into rectifiers (2015), arXiv:1502.01852 [cs.CV]", Authors: he, Title: "Delving deep into rectifiers", Year: 2015, ArXiv: "1502.01852"},
		{Raw: "Sepp Hochreiter and Jürgen Schmidhuber. 1997. Long short-term memory. Neural computation, 9(8):1735–1780.", Authors: []string{"Sepp Hochreiter", "Jürgen Schmidhuber"}, Title: "Long short-term memory", Year: 1997},
		{Raw: "Bishop, C. (1995). Neural networks for pattern recognition. Oxford University Press.", Authors: []string{"C. Bishop"}, Title: "Neural networks for pattern recognition", Year: 1995},
		{Label: "3", Raw: "[3] S. Ioffe and C. Szegedy, “Batch normalization: Accelerating deep network training,” in ICML, 2015, pp. 448–456.", Authors: []string{"S. Ioffe", "C. Szegedy"}, Title: "Batch normalization: Accelerating deep network training", Year: 2015},
		{Raw: "D. Balduzzi, M. Frean, and B. McWilliams. The shattered gradients problem: If resnets are the answer, then what is the question? In ICML, 2017.", Authors: []string{"D. Balduzzi", "M. Frean", "B. McWilliams"}, Title: "The shattered gradients problem: If resnets are the answer, then what is the question?", Year: 2017},
		{Label: "2", Raw: "[2] A. Author. A title of a work. Journal, 12:1990–1999, 2004. doi:10.1000/xyz123.", Authors: []string{"A. Author"}, Title: "A title of a work", Year: 2004, DOI: "10.1000/xyz123"},
		{Raw: "something that is no reference at all", Title: "something that is no reference at all"},
	} {
		if got := Parse(want.Raw); !reflect.DeepEqual(got, want) {
			t.Errorf("%q:\ngot  %+v\nwant %+v", want.Raw, got, want)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add("[16] K. He and J. Sun. Deep residual learning. In CVPR, 2016.")
	f.Add("“x”")
	f.Add("A. B. (2001). “")
	f.Add(": . ? !")
	f.Fuzz(func(t *testing.T, raw string) {
		if e := Parse(raw); e.Raw != raw || e.Year != 0 && (e.Year < 1900 || e.Year > 2099) {
			t.Fatalf("%q: got %+v", raw, e)
		}
	})
}
