package papers

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// pdfcpuSource reads objects through github.com/pdfcpu/pdfcpu, from the file's
// own bytes: it finds and repairs the cross-reference in its own way, so it is a
// second opinion where the first source gave up.
type pdfcpuSource struct {
	ctx      *model.Context
	pages    []pageObject
	warnings []Warning
	stumbled int
}

// longestForPdfcpu bounds the file that is given to pdfcpu, which loads every
// object and every stream of it into memory.
const longestForPdfcpu = 64 << 20

func openPdfcpu(ctx context.Context, b []byte) (s *pdfcpuSource, err error) {
	defer func() {
		if r := recover(); r != nil {
			s, err = nil, fmt.Errorf("pdfcpu: %v", r)
		}
	}()
	if len(b) > longestForPdfcpu {
		return nil, fmt.Errorf("pdfcpu: %d MiB, at most %d: %w", len(b)>>20, longestForPdfcpu>>20, ErrLimit)
	}
	// The library's own default would write a configuration into the user's folder.
	conf := &model.Configuration{
		Reader15: true, ValidationMode: model.ValidationRelaxed, Offline: true,
		UnsupportedResourcePolicy: model.UnsupportedResourceSkip, Limits: model.DefaultResourceLimits(),
	}
	conf.Limits.MaxDecodeBytes, conf.Limits.MaxStreamBytes = maxStream, maxStream
	conf.Limits.MaxObjectCount, conf.Limits.MaxXRefEntries = maxObject, maxObject
	c, err := pdfcpu.ReadWithContext(ctx, bytes.NewReader(b), conf)
	if err != nil {
		return nil, fmt.Errorf("pdfcpu: %w", err)
	}
	return &pdfcpuSource{ctx: c}, nil
}

func (s *pdfcpuSource) Name() string        { return "pdfcpu" }
func (s *pdfcpuSource) Version() string     { return pdfcpuVersion }
func (s *pdfcpuSource) Close() error        { return nil }
func (s *pdfcpuSource) Warnings() []Warning { return s.warnings }
func (s *pdfcpuSource) Pages() []pageObject { return s.pages }
func (s *pdfcpuSource) stumbles() int       { return s.stumbled }

func (s *pdfcpuSource) load(o Options) {
	s.pages, s.warnings = walkPages(s.Trailer().Key("Root"), o.MaxPages)
}

// Trailer is rebuilt from the two entries that the library keeps.
func (s *pdfcpuSource) Trailer() value {
	d := types.Dict{}
	if s.ctx.Root != nil {
		d["Root"] = *s.ctx.Root
	}
	if s.ctx.Info != nil {
		d["Info"] = *s.ctx.Info
	}
	return cvalue{d, s}
}

// A cvalue is one object of pdfcpu, references resolved.
type cvalue struct {
	o types.Object
	s *pdfcpuSource
}

// resolve follows references; what the library cannot give reads as null.
func (s *pdfcpuSource) resolve(o types.Object) (out value) {
	defer func() {
		if r := recover(); r != nil {
			s.stumbled++
			out = cvalue{s: s}
		}
	}()
	for range 32 {
		if p, ok := o.(*types.IndirectRef); ok && p != nil {
			o = *p
		}
		if _, ok := o.(types.IndirectRef); !ok {
			return cvalue{o, s}
		}
		next, err := s.ctx.Dereference(o)
		if err != nil {
			s.stumbled++
			return cvalue{s: s}
		}
		o = next
	}
	return cvalue{s: s}
}

func (c cvalue) Kind() kind {
	switch c.o.(type) {
	case types.Boolean:
		return boolKind
	case types.Integer:
		return intKind
	case types.Float:
		return realKind
	case types.StringLiteral, types.HexLiteral:
		return stringKind
	case types.Name:
		return nameKind
	case types.Dict:
		return dictKind
	case types.Array:
		return arrayKind
	}
	if c.stream() != nil {
		return streamKind
	}
	return nullKind
}

// stream is the object as a stream, which the library keeps in four forms.
func (c cvalue) stream() *types.StreamDict {
	switch v := c.o.(type) {
	case types.StreamDict:
		return &v
	case *types.StreamDict:
		return v
	case types.ObjectStreamDict:
		return &v.StreamDict
	case *types.ObjectStreamDict:
		return &v.StreamDict
	case types.XRefStreamDict:
		return &v.StreamDict
	case *types.XRefStreamDict:
		return &v.StreamDict
	}
	return nil
}

func (c cvalue) dict() types.Dict {
	if d, ok := c.o.(types.Dict); ok {
		return d
	}
	if s := c.stream(); s != nil {
		return s.Dict
	}
	return nil
}

func (c cvalue) Bool() bool { b, _ := c.o.(types.Boolean); return bool(b) }

func (c cvalue) Int() int64 {
	switch v := c.o.(type) {
	case types.Integer:
		return int64(v)
	case types.Float:
		return int64(v)
	}
	return 0
}

func (c cvalue) Float() float64 {
	switch v := c.o.(type) {
	case types.Integer:
		return float64(v)
	case types.Float:
		return float64(v)
	}
	return 0
}

func (c cvalue) Name() string { n, _ := c.o.(types.Name); return string(n) }

func (c cvalue) Raw() string {
	switch v := c.o.(type) {
	case types.StringLiteral:
		if b, err := types.Unescape(string(v)); err == nil {
			return string(b)
		}
		return string(v)
	case types.HexLiteral:
		if b, err := v.Bytes(); err == nil {
			return string(b)
		}
	}
	return ""
}

func (c cvalue) Key(key string) value {
	if o, ok := c.dict()[key]; ok {
		return c.s.resolve(o)
	}
	return cvalue{s: c.s}
}

func (c cvalue) Keys() []string { return slices.Sorted(maps.Keys(c.dict())) }

func (c cvalue) Index(i int) value {
	if a, ok := c.o.(types.Array); ok && i >= 0 && i < len(a) {
		return c.s.resolve(a[i])
	}
	return cvalue{s: c.s}
}

func (c cvalue) Len() int { a, _ := c.o.(types.Array); return len(a) }

// Stream decodes the bytes as they lie in the file with this package's own
// filters, which give what could be decoded of a damaged stream.
func (c cvalue) Stream() (out []byte, err error) {
	s := c.stream()
	if s == nil {
		return nil, errNoStream
	}
	if s.Raw == nil && s.Content != nil {
		return s.Content, nil
	}
	return decodeStream(c, s.Raw)
}

// Refs says which entries are references.
func (c cvalue) Refs() map[string]string {
	out := map[string]string{}
	add := func(key string, o types.Object) {
		switch r := o.(type) {
		case types.IndirectRef:
			out[key] = r.PDFString()
		case *types.IndirectRef:
			out[key] = r.PDFString()
		}
	}
	for k, o := range c.dict() {
		add(k, o)
	}
	if a, ok := c.o.(types.Array); ok {
		for i, o := range a {
			add(strconv.Itoa(i), o)
		}
	}
	return out
}
