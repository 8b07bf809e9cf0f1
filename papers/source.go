package papers

// An objectSource opens one file with one object library and hands out its
// objects. The interpreter, the metadata and the highlights see PDF objects
// only through it, so that another library can stand in where one gives up.
type objectSource interface {
	Name() string    // "ledongthuc"
	Version() string // of the library
	Trailer() value
	Pages() []pageObject // in order, the tree already walked, cycles cut
	Warnings() []Warning
	Close() error

	load(Options)  // walks the page tree; Pages is empty before
	stumbles() int // how often the library failed at an object so far
}

// The libraries as they are pinned in go.mod; a page records which of them read it.
// (TestTheSourcesSayTheirVersions)
const (
	ledongthucVersion = "v0.0.0-20260907135840-6c8c28e0e8a0"
	pdfcpuVersion     = "v0.15.0"
	pdfiumVersion     = "v1.21.4"
)

// A value is one PDF object with references resolved. A missing key, an index
// out of range or a wrong kind gives the null value: every method works on it.
type value interface {
	Kind() kind
	Bool() bool
	Int() int64
	Float() float64 // of an integer too
	Name() string
	Raw() string // bytes of a string
	Key(string) value
	Keys() []string
	Index(int) value
	Len() int
	Stream() ([]byte, error) // decoded; what could be decoded comes with the error
	Refs() map[string]string // of a dictionary (by key) or an array (by decimal index): which entries are references, and to what
}

// A kind of PDF object.
type kind uint8

const (
	nullKind kind = iota
	boolKind
	intKind
	realKind
	stringKind
	nameKind
	dictKind
	arrayKind
	streamKind
)

// A pageObject is one leaf of the page tree with what it inherits.
type pageObject struct {
	Dict      value
	Resources value
	MediaBox  [4]float64 // the visible part: crop box within media box, x0 y0 x1 y1
	Rotate    int        // 0, 90, 180, 270

	ref          string     // reference of the page itself
	resourcesRef string     // reference of Resources, "" where direct
	media        [4]float64 // before cropping
}
